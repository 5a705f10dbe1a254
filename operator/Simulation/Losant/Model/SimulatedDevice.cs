namespace EdgeRelease.Simulation;

/// <summary>A device of an application, and the agent on it.</summary>
public sealed class SimulatedDevice
{
    private readonly History<DeviceState> history;
    private readonly List<SimulatedRow> rows = [];

    internal SimulatedDevice(SimulatedApplication application, DeviceSetup setup, string id)
    {
        Application = application;
        Id = id;
        DeviceClass = setup.DeviceClass;
        CreatedAt = application.Losant.Stamp;
        var state = new DeviceState
        {
            Name = setup.Name ?? $"device-{id[^4..]}",
            Tags = setup.Tags,
            AgentVersion = setup.AgentVersion,
            Connected = setup.Connected,
            ConnectedAt = setup.Connected is null ? null : CreatedAt,
            DisconnectedAt = setup.Connected == false ? CreatedAt : null,
            LastUpdated = CreatedAt,
        };
        history = new History<DeviceState>(state, application.Losant.ThereSince);
        Agent = new DeviceAgent(this, setup.Behaviour);
    }

    /// <summary>24 hex digits.</summary>
    public string Id { get; }

    /// <summary>edgeCompute, embedded, standalone, gateway, peripheral, floating or system.</summary>
    public string DeviceClass { get; }

    /// <summary>When it was made, in whole milliseconds.</summary>
    public DateTimeOffset CreatedAt { get; }

    /// <summary>What people call it.</summary>
    public string Name => State.Name;

    /// <summary>Its tags; a key may stand more than once.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Tags => State.Tags;

    /// <summary>The version of its agent, <c>x.y.z</c>; null when it never reported one.</summary>
    public string? AgentVersion => State.AgentVersion;

    /// <summary>Whether it is connected; a device that never was is not.</summary>
    public bool Connected => State.Connected == true;

    /// <summary>When it was deleted; null while it exists.</summary>
    public DateTimeOffset? DeletedAt => State.DeletedAt;

    /// <summary>Its flows, in the order they came to it.</summary>
    public IReadOnlyList<SimulatedRow> Rows => rows;

    /// <summary>All its flows in one bundle; null for a gateway, and for a microcontroller that never had any.</summary>
    public SimulatedBundle? Bundle { get; internal set; }

    /// <summary>How it behaves. Setting a reconnect pattern starts it anew.</summary>
    public DeviceBehaviour Behaviour
    {
        get => Agent.Behaviour;
        set => Agent.Behave(value);
    }

    internal SimulatedApplication Application { get; }

    internal DeviceAgent Agent { get; }

    internal DeviceState State => history.Latest;

    /// <summary>The number of the newest bundle that was built for it.</summary>
    internal long LastBuild { get; set; }

    /// <summary>The newest text of the device and the state it was made from.</summary>
    internal (DeviceState State, byte[] Json)? Text { get; set; }

    /// <summary>Connects: flows that are not up to date are applied. No effect when connected or deleted.</summary>
    public void Connect() => Agent.Connect();

    /// <summary>Disconnects: applies under way are lost. No effect when not connected.</summary>
    public void Disconnect() => Agent.Disconnect();

    /// <summary>Deletes the device; it disconnects and is listed no more.</summary>
    public void Remove()
    {
        Agent.Disconnect();
        Application.Losant.Faults.Happened(FaultKind.DeviceRemoved);
        Set(State with { DeletedAt = Application.Losant.Stamp, LastUpdated = Application.Losant.Stamp });
    }

    /// <summary>Restores a deleted device, not connected, with its rows.</summary>
    public void Restore()
    {
        Application.Losant.Faults.Happened(FaultKind.DeviceRestored);
        Set(State with { DeletedAt = null, LastUpdated = Application.Losant.Stamp });
    }

    /// <summary>Gives the device other tags.</summary>
    /// <param name="tags">All its tags from now on.</param>
    public void Retag(params IReadOnlyList<KeyValuePair<string, string>> tags)
    {
        Application.Losant.Faults.Happened(FaultKind.DeviceRetagged);
        Set(State with { Tags = tags, LastUpdated = Application.Losant.Stamp });
        if (Application.Losant.Options.Unknowns.DeviceChangesRebuildBundles)
        {
            var person = new LogSource("user", Application.Losant.PersonId);
            Application.Bundles.Rebuild(this, new BundleCause("device", person, Application.Losant.Now));
        }
    }

    /// <summary>Somebody loads a bundle onto a microcontroller past the platform. No effect without a bundle
    /// before.</summary>
    public void LoadByHand()
    {
        Application.Losant.Faults.Happened(FaultKind.ForeignWrite);
        Agent.Loader.ByHand();
    }

    /// <summary>Lets the agent report on a flow once more: that what is desired runs, or why it does not.</summary>
    /// <param name="flow">A flow of a gateway, which has been told to run it.</param>
    /// <param name="error">The text of the failure; null when it runs.</param>
    public void Report(SimulatedFlow flow, string? error) => RowReports.Add(FindRow(flow)!, error);

    /// <summary>Lets the agent report another version of itself.</summary>
    /// <param name="version"><c>x.y.z</c>; null for none.</param>
    public void SetAgentVersion(string? version) =>
        Set(State with { AgentVersion = version, LastUpdated = Application.Losant.Stamp });

    /// <summary>Says what happens when the device applies a version.</summary>
    /// <param name="version">The version's name; null for a removal.</param>
    /// <param name="outcome">What happens.</param>
    /// <param name="flowId">The flow; null for any.</param>
    public void SetOutcome(string? version, Outcome outcome, string? flowId = null) =>
        Behaviour = Behaviour with { Outcomes = Behaviour.Outcomes.SetItem(new OutcomeKey(flowId, version), outcome) };

    /// <summary>The row of a flow; null when the device never had it.</summary>
    /// <param name="flow">The flow.</param>
    public SimulatedRow? FindRow(SimulatedFlow flow)
    {
        foreach (var row in rows)
        {
            if (ReferenceEquals(row.Flow, flow))
            {
                return row;
            }
        }

        return null;
    }

    internal DeviceState? SeenAt(DateTimeOffset at) => history.SeenAt(at);

    internal void Set(DeviceState state)
    {
        var losant = Application.Losant;
        history.Set(state, losant.Now, losant.Now - losant.Options.StaleHorizon);
        Application.RowsChanged(losant.Now);
    }

    internal void Add(SimulatedRow row) => rows.Add(row);
}

/// <summary>What a device is made from.</summary>
public sealed record DeviceSetup
{
    /// <summary>24 lower-case hex digits; null lets the model choose, rising.</summary>
    public string? Id { get; init; }

    /// <summary>What people call it; null makes a name from the id.</summary>
    public string? Name { get; init; }

    /// <summary>Losant's device class. Default edgeCompute.</summary>
    public string DeviceClass { get; init; } = "edgeCompute";

    /// <summary>Its tags. Default none.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Tags { get; init; } = [];

    /// <summary>The version of its agent; null for none. Default 2.1.0.</summary>
    public string? AgentVersion { get; init; } = "2.1.0";

    /// <summary>Whether it is connected; null when it never was. Default true.</summary>
    public bool? Connected { get; init; } = true;

    /// <summary>How it behaves.</summary>
    public DeviceBehaviour Behaviour { get; init; } = new();
}
