namespace EdgeRelease.Observation;

/// <summary>One accepted observation of one flow over an application's devices. Immutable.</summary>
public sealed record Snapshot
{
    private readonly DateTimeOffset? _scannedAt;

    /// <summary>Losant's clock when the first request of the observation was sent.</summary>
    public required DateTimeOffset BeganAt { get; init; }

    /// <summary>Losant's clock when everything was last read as a whole; since then only what changed was. Only that shows
    /// that a device is gone, and that nothing happened. Default <see cref="BeganAt"/>.</summary>
    public DateTimeOffset ScannedAt
    {
        get => _scannedAt ?? BeganAt;
        init => _scannedAt = value;
    }

    /// <summary>Losant's clock when the last answer had been read.</summary>
    public required DateTimeOffset EndedAt { get; init; }

    /// <summary>The devices, by rising id, no id twice.</summary>
    public required IReadOnlyList<DeviceRow> Devices { get; init; }

    /// <summary>The flow's rows by device. A device that never had the flow has none.</summary>
    public required IReadOnlyDictionary<DeviceId, DeploymentRow> Deployments { get; init; }

    /// <summary>False when an absent row may only have been missed: then its device is unknown.</summary>
    public bool AbsentRowsAreCertain { get; init; } = true;

    /// <summary>False when devices are missing whose absence is not yet believed: nothing moves forward on it.</summary>
    public bool Believed { get; init; } = true;
}
