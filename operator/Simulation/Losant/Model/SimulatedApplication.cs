namespace EdgeRelease.Simulation;

/// <summary>An application of the simulated Losant: its flows, devices, rows and tokens.</summary>
public sealed class SimulatedApplication
{
    private readonly OrderedById<SimulatedFlow> flows = new(flow => flow.Id);
    private readonly OrderedById<SimulatedDevice> devices = new(device => device.Id);
    private readonly OrderedById<SimulatedRow> rows = new(row => row.Id);
    private readonly OrderedById<SimulatedBundle> bundles = new(bundle => bundle.Id);

    internal SimulatedApplication(SimulatedLosant losant, string id, string name)
    {
        Losant = losant;
        Id = id;
        Name = name;
        CreatedAt = losant.Stamp;
        Scheduling = new Scheduling(this);
        Bundles = new BundleScheduling(this);
        Exports = new ExportDesk(losant);
    }

    /// <summary>24 hex digits.</summary>
    public string Id { get; }

    /// <summary>What people call it.</summary>
    public string Name { get; }

    /// <summary>When it was made, in whole milliseconds.</summary>
    public DateTimeOffset CreatedAt { get; }

    /// <summary>The flows by rising id.</summary>
    public IReadOnlyList<SimulatedFlow> Flows => flows.Items;

    /// <summary>The devices by rising id, deleted ones included.</summary>
    public IReadOnlyList<SimulatedDevice> Devices => devices.Items;

    /// <summary>The deployment rows by rising id, emptied ones and those of deleted devices included: flows on gateways,
    /// and the single flows in the bundles of microcontrollers.</summary>
    public IReadOnlyList<SimulatedRow> Rows => rows.Items;

    /// <summary>The bundles of microcontrollers by rising id, emptied ones and those of deleted devices
    /// included.</summary>
    public IReadOnlyList<SimulatedBundle> BundleRows => bundles.Items;

    /// <summary>The bundles that somebody asked for.</summary>
    public ExportDesk Exports { get; }

    /// <summary>Why no bundle can be loaded with the globals as they are; null when they are good.</summary>
    public string? GlobalsError { get; private set; }

    internal SimulatedLosant Losant { get; }

    internal Scheduling Scheduling { get; }

    internal BundleScheduling Bundles { get; }

    /// <summary>Counts the changes of rows and devices; equal counts mean equal lists.</summary>
    internal long Changes { get; private set; }

    /// <summary>From when all changes so far can be read.</summary>
    internal DateTimeOffset AllVisibleAt { get; private set; }

    internal Listings Listings { get; } = new();

    /// <summary>Adds a flow without versions.</summary>
    /// <param name="setup">What it is made from.</param>
    /// <returns>The flow.</returns>
    public SimulatedFlow AddFlow(FlowSetup setup)
    {
        var flow = new SimulatedFlow(this, setup, setup.Id ?? Losant.Ids.Next());
        flows.Add(flow);
        return flow;
    }

    /// <summary>Adds a device without flows.</summary>
    /// <param name="setup">What it is made from.</param>
    /// <returns>The device.</returns>
    public SimulatedDevice AddDevice(DeviceSetup setup)
    {
        var device = new SimulatedDevice(this, setup, setup.Id ?? Losant.Ids.Next());
        devices.Add(device);
        Losant.Faults.Happened(FaultKind.DeviceAdded);
        RowsChanged(Losant.Now);
        return device;
    }

    /// <summary>Adds a token that opens this application.</summary>
    /// <param name="setup">What it is made from.</param>
    /// <returns>The token.</returns>
    public SimulatedToken AddToken(TokenSetup setup) => Losant.Add(new SimulatedToken(this, setup));

    /// <summary>Puts a version on a device as if it had been deployed before, log included; the record says
    /// nothing.</summary>
    /// <param name="device">The device, without a row of this flow.</param>
    /// <param name="flow">The flow.</param>
    /// <param name="version">An existing version's name.</param>
    /// <param name="fileName">The file on the device's disk that it comes from; null for a deployed flow.</param>
    /// <returns>The row.</returns>
    public SimulatedRow Install(SimulatedDevice device, SimulatedFlow flow, string version, string? fileName = null)
    {
        var found = flow.FindVersion(version) ?? throw new ArgumentException($"no version {version}", nameof(version));
        return Scheduling.Install(device, flow, new VersionTag(found.Name, found.Etag), fileName);
    }

    /// <summary>Says what happens when devices apply a version.</summary>
    /// <param name="devices">Which devices; those added later are not among them.</param>
    /// <param name="version">The version's name; null for a removal.</param>
    /// <param name="outcome">What happens.</param>
    public void SetOutcome(Func<SimulatedDevice, bool> devices, string? version, Outcome outcome)
    {
        foreach (var device in Devices.Where(devices))
        {
            device.SetOutcome(version, outcome);
        }
    }

    /// <summary>Schedules a version past the API, as a person or a workflow does.</summary>
    /// <param name="device">The device.</param>
    /// <param name="flow">The flow.</param>
    /// <param name="version">The version's name; null schedules the removal.</param>
    /// <param name="by">Who; null means a person.</param>
    public void ForeignWrite(SimulatedDevice device, SimulatedFlow flow, string? version, LogSource? by = null)
    {
        Losant.Faults.Happened(FaultKind.ForeignWrite);
        var tag = version is null ? default : Scheduling.TagOf(flow, version);
        Scheduling.Schedule(
            device,
            new Order(flow, tag, by ?? new LogSource("user", Losant.PersonId), Cause.Outside, TimeSpan.Zero)
        );
    }

    /// <summary>Changes the application's globals: the bundle of each microcontroller is built anew.</summary>
    /// <param name="error">Why bundles with them cannot be loaded; null when they can.</param>
    public void ChangeGlobals(string? error = null)
    {
        GlobalsError = error;
        foreach (var device in Devices.Where(DeploymentKind.Embedded.Reaches))
        {
            Bundles.Rebuild(device, new BundleCause("globals", new LogSource("user", Losant.PersonId), Losant.Now));
        }
    }

    /// <summary>The flow with this id; null when there is none.</summary>
    /// <param name="id">24 hex digits of either case.</param>
    public SimulatedFlow? FindFlow(string id) => flows.Find(id);

    /// <summary>The device with this id, deleted or not; null when there is none.</summary>
    /// <param name="id">24 hex digits of either case.</param>
    public SimulatedDevice? FindDevice(string id) => devices.Find(id);

    /// <summary>The row with this id; null when there is none.</summary>
    /// <param name="id">24 hex digits of either case.</param>
    public SimulatedRow? FindRow(string id) => rows.Find(id);

    /// <summary>The bundle with this id; null when there is none.</summary>
    /// <param name="id">24 hex digits of either case.</param>
    public SimulatedBundle? FindBundle(string id) => bundles.Find(id);

    internal void Add(SimulatedBundle bundle)
    {
        bundles.Add(bundle);
        RowsChanged(Losant.Now);
    }

    internal void Add(SimulatedRow row)
    {
        rows.Add(row);
        RowsChanged(Losant.Now);
    }

    internal void RowsChanged(DateTimeOffset visibleAt)
    {
        Changes++;
        AllVisibleAt = visibleAt > AllVisibleAt ? visibleAt : AllVisibleAt;
    }
}
