namespace EdgeRelease.Simulation;

/// <summary>One flow on one device: what Losant lists as an edge deployment.</summary>
public sealed class SimulatedRow
{
    private readonly History<RowState> history;

    internal SimulatedRow(string id, SimulatedDevice device, SimulatedFlow flow, History<RowState> history)
    {
        Id = id;
        Device = device;
        Flow = flow;
        this.history = history;
    }

    /// <summary>The deployment's id, 24 hex digits.</summary>
    public string Id { get; }

    /// <summary>The device.</summary>
    public SimulatedDevice Device { get; }

    /// <summary>The flow.</summary>
    public SimulatedFlow Flow { get; }

    /// <summary>When the row was made, in whole milliseconds.</summary>
    public DateTimeOffset CreatedAt { get; internal init; }

    /// <summary>The file on the device's disk that the agent loaded the flow from; null for a deployed flow.</summary>
    public string? FileName { get; internal init; }

    /// <summary>The truth.</summary>
    public RowState State => history.Latest;

    /// <summary>Whether an apply is under way; a newer schedule rides on it.</summary>
    internal bool Applying { get; set; }

    /// <summary>Counts dropped applies, so that their events find themselves outdated.</summary>
    internal int ApplyRound { get; set; }

    /// <summary>The newest text of the row and what it was made from.</summary>
    internal (RowState Row, DeviceState Device, byte[] Json)? Text { get; set; }

    internal RowState? SeenAt(DateTimeOffset at) => history.SeenAt(at);

    internal void Set(RowState state, DateTimeOffset visibleAt)
    {
        var application = Device.Application;
        history.Set(state, visibleAt, application.Losant.Now - application.Losant.Options.StaleHorizon);
        application.RowsChanged(visibleAt);
    }
}
