namespace EdgeRelease.Observation;

/// <summary>One flow on one device, as Losant lists it. Absent values are null.</summary>
public readonly record struct DeploymentRow
{
    /// <summary>The device.</summary>
    public required DeviceId Device { get; init; }

    /// <summary>The version that the device last reported; null when it runs none.</summary>
    public string? Current { get; init; }

    /// <summary>The version that was scheduled last; null when none or its removal.</summary>
    public string? Desired { get; init; }

    /// <summary>The content tag of <see cref="Current"/>; null where Losant gives none.</summary>
    public string? CurrentEtag { get; init; }

    /// <summary>The content tag of <see cref="Desired"/>; null where Losant gives none.</summary>
    public string? DesiredEtag { get; init; }

    /// <summary>The newest log entry that changed the desired version; null when the log has none.</summary>
    public DesiredEntry? LastDesired { get; init; }

    /// <summary>The newest log entry that the device wrote; null when the log has none.</summary>
    public CurrentEntry? LastCurrent { get; init; }

    /// <summary>When Losant last changed the row.</summary>
    public DateTimeOffset UpdatedAt { get; init; }

    /// <summary>Whether the agent loaded the flow from its own disk; such a row cannot be released to.</summary>
    public bool OnDisk { get; init; }

    /// <summary>The bundle that the flow is part of; null on a gateway.</summary>
    public Bundle? Bundle { get; init; }
}

/// <summary>A log entry that says who scheduled what.</summary>
/// <param name="At">When, by Losant's clock.</param>
/// <param name="Value">The version scheduled; null for a removal.</param>
/// <param name="SourceType">Losant's word for who: flow, user, device, apiToken or notebook; null when absent.</param>
/// <param name="SourceId">The id of who; null when absent.</param>
public sealed record DesiredEntry(DateTimeOffset At, string? Value, string? SourceType, string? SourceId)
{
    /// <summary>Losant's word for whoever schedules with a token: this operator, another one, a script.</summary>
    public const string Token = "apiToken";

    /// <summary>Whether the entry says what was scheduled before.</summary>
    public bool TellsPrevious { get; init; }

    /// <summary>What was scheduled before; null when nothing was, or when the entry does not say.</summary>
    public string? Previous { get; init; }

    /// <summary>The content tag of <see cref="Previous"/>; null where Losant gives none.</summary>
    public string? PreviousEtag { get; init; }
}

/// <summary>A log entry that says what a device did.</summary>
/// <param name="At">When, by Losant's clock.</param>
/// <param name="Value">The version it runs since; null when it failed or runs none.</param>
/// <param name="Error">Why it failed; null when it did not.</param>
/// <param name="Attempted">The version that failed; null when it did not fail or when a removal failed.</param>
/// <param name="AttemptedEtag">The content tag of <paramref name="Attempted"/>; null where Losant gives none.</param>
public sealed record CurrentEntry(
    DateTimeOffset At,
    string? Value,
    string? Error,
    string? Attempted,
    string? AttemptedEtag
)
{
    /// <summary>When the device changed between running and failing for the fourth time, counted from the newest; null when
    /// the log has fewer changes.</summary>
    public DateTimeOffset? FourthAt { get; init; }

    /// <summary>Of an error, when the device last reported before it that it runs what it should; null when the log does not
    /// say.</summary>
    public DateTimeOffset? RanAt { get; init; }
}
