namespace EdgeRelease.Simulation;

/// <summary>One flow on one device at one time.</summary>
public sealed record RowState
{
    /// <summary>The version that the device last reported; null for none.</summary>
    public string? Current { get; init; }

    /// <summary>The version that was scheduled last; null for none or a removal.</summary>
    public string? Desired { get; init; }

    /// <summary>The content tag of <see cref="Current"/>; null for none.</summary>
    public string? CurrentEtag { get; init; }

    /// <summary>The content tag of <see cref="Desired"/>; null for none.</summary>
    public string? DesiredEtag { get; init; }

    /// <summary>When the row last changed, in whole milliseconds.</summary>
    public DateTimeOffset LastUpdated { get; init; }

    /// <summary>The log, newest first, within the retention.</summary>
    public IReadOnlyList<LogEntry> Logs { get; init; } = [];

    /// <summary>Whether the device runs what it should.</summary>
    public bool UpToDate => Current == Desired && CurrentEtag == DesiredEtag;

    /// <summary>Whether neither version is set.</summary>
    public bool Empty => Current is null && Desired is null;

    /// <summary>This state with one more log entry on top.</summary>
    internal RowState Logging(LogEntry entry, int retention)
    {
        var kept = Math.Min(Logs.Count, Math.Max(retention - 1, 0));
        var logs = new LogEntry[Math.Min(retention, kept + 1)];
        for (var index = 0; index < logs.Length; index++)
        {
            logs[index] = index == 0 ? entry : Logs[index - 1];
        }

        return this with
        {
            Logs = logs,
        };
    }
}

/// <summary>One entry of a row's log. Source: Losant schema edgeDeployment, logs.</summary>
/// <param name="Desired">True: something was scheduled; false: the device did something.</param>
/// <param name="Date">When, in whole milliseconds.</param>
/// <param name="By">Who.</param>
/// <param name="New">What is true since; what was tried when there is an error.</param>
/// <param name="Previous">What was true before.</param>
/// <param name="Error">Why the device failed; null when nothing failed.</param>
public sealed record LogEntry(
    bool Desired,
    DateTimeOffset Date,
    LogSource By,
    VersionTag New,
    VersionTag Previous,
    string? Error
);

/// <summary>Who wrote a log entry.</summary>
/// <param name="SourceType">flow, user, device, apiToken or notebook.</param>
/// <param name="SourceId">The object id of who.</param>
public readonly record struct LogSource(string SourceType, string SourceId);

/// <summary>A version's name and the content behind it.</summary>
/// <param name="Name">Its name; null for no version.</param>
/// <param name="Etag">Its content tag; null for none.</param>
public readonly record struct VersionTag(string? Name, string? Etag);
