using EdgeRelease.Api;
using EdgeRelease.Observation;

namespace EdgeRelease.Planning;

/// <summary>The only facts carried from one pass to the next: from the status (whose types it shares) and the ledger.</summary>
public sealed record Memory
{
    /// <summary>The attempt that is going on or ended last; 0 before the first.</summary>
    public int Revision { get; init; }

    /// <summary>What the revision brings, by content; null before the first. Its name is null for a removal.</summary>
    public VersionStatus? Version { get; init; }

    /// <summary>When the revision began; null before the first.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>How far it got: a high-water mark, never derived from the fleet. Its index counts from 0 here and is
    /// the number of steps once all have passed.</summary>
    public StepMark Step { get; init; } = new();

    /// <summary>The percentage that was applied last; only a lower one in the spec gives devices back.</summary>
    public int AppliedPercentage { get; init; }

    /// <summary>Steps and soaks are skipped: it goes back to what nearly all devices ran before (rule 22).</summary>
    public bool FastLane { get; init; }

    /// <summary>Why the revision is rolled back; null while it is not.</summary>
    public RollbackLatch? Latch { get; init; }

    /// <summary>How the revision ended; null while it goes on.</summary>
    public RevisionResult? Result { get; init; }

    /// <summary>A pause by policy that waits for a person; null when there is none.</summary>
    public PolicyPause? Pause { get; init; }

    /// <summary>Failures that a person has seen and accepted in this revision.</summary>
    public AcknowledgedFailures Acknowledged { get; init; } = new();

    /// <summary>Versions that were rolled back, newest last, at most 10.</summary>
    public IReadOnlyList<KnownBadVersion> KnownBad { get; init; } = [];

    /// <summary>The last batch whose intent was stored.</summary>
    public long Batch { get; init; }

    /// <summary>The intent that is not resolved yet; null when all are.</summary>
    public InFlightBatch? InFlight { get; init; }

    /// <summary>Ended revisions, newest first.</summary>
    public IReadOnlyList<HistoryEntry> History { get; init; } = [];

    /// <summary>Approvals that were used, oldest first.</summary>
    public IReadOnlyList<Approval> Approvals { get; init; } = [];

    /// <summary>What people asked of the revision by annotation, oldest first.</summary>
    public IReadOnlyList<string> Acts { get; init; } = [];

    /// <summary>The bundle that was asked for last; null when none was.</summary>
    public ExportStatus? Export { get; init; }

    /// <summary>The requests that were handled last.</summary>
    public HandledRequests Handled { get; init; } = new();

    /// <summary>The ledger: one row for each device that this release holds.</summary>
    public IReadOnlyDictionary<DeviceId, LedgerRow> Rows { get; init; } = new Dictionary<DeviceId, LedgerRow>();

    /// <summary>Whether calls were made and objects of the ledger are missing: it must be rebuilt, and what was rebuilt be
    /// stored, before anything else.</summary>
    public bool IsLedgerLost { get; init; }

    /// <summary>The version's name, or <c>remove</c>; null before the first revision.</summary>
    public string? VersionWord => Version is null ? null : Version.Name ?? "remove";

    /// <summary>Whether the revision is about this version.</summary>
    /// <param name="version">Its name; null for a removal.</param>
    public bool Brings(string? version) => Version is not null && Version.Name == version;

    /// <summary>Whether a person lets the revision skip its soaks and the approvals of its steps.</summary>
    public bool IsPromoted => Revision > 0 && Handled.Promote == $"r{Revision}";

    /// <summary>Whether the revision ended with its devices where the spec wants them.</summary>
    public bool IsFinished => Result is RevisionResult.Complete or RevisionResult.AtPercentage;

    /// <summary>Whether failures count: until the revision has ended, and for a while after it ended well (rule 21).</summary>
    /// <param name="watch">For how long.</param>
    /// <param name="at">When.</param>
    public bool IsWatched(TimeSpan watch, DateTimeOffset at) => Result is null || WatchedUntil(watch) > at;

    /// <summary>Whether the spec asks for a larger share than was applied last and nothing holds that back, so that an ended
    /// revision goes on.</summary>
    /// <param name="wanted">What is wanted.</param>
    public bool IsRaised(Release wanted)
    {
        ArgumentNullException.ThrowIfNull(wanted);
        return Brings(wanted.Version)
            && wanted.Percentage > AppliedPercentage
            && !wanted.IsHeld
            && Pause is null
            && Version is not { Republished: true };
    }

    /// <summary>Whether the revision has ended well and does not go on.</summary>
    /// <param name="wanted">What is wanted.</param>
    public bool IsEnded(Release wanted) => IsFinished && !IsRaised(wanted);

    /// <summary>Whether the revision has ended well, does not go on, and is watched no longer (rule 21).</summary>
    /// <param name="wanted">What is wanted.</param>
    /// <param name="at">When.</param>
    public bool IsOver(Release wanted, DateTimeOffset at)
    {
        ArgumentNullException.ThrowIfNull(wanted);
        return IsEnded(wanted) && !IsWatched(wanted.Spec.FailurePolicy.Watch, at);
    }

    /// <summary>When the watch after the end is over; null without an end.</summary>
    /// <param name="watch">How long a finished revision is watched.</param>
    public DateTimeOffset? WatchedUntil(TimeSpan watch) =>
        IsFinished ? History.FirstOrDefault(past => past.Revision == Revision)?.FinishedAt + watch : null;
}

/// <summary>How far a revision got.</summary>
public sealed record StepMark
{
    /// <summary>The zero-based step; the number of steps once all have passed.</summary>
    public int Index { get; init; }

    /// <summary>When it began; null before the first pass.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>When its soak began; null while its devices have not all settled once.</summary>
    public DateTimeOffset? SoakingSince { get; init; }

    /// <summary>When its soak ends, by the spec as it was last; null while its devices have not all settled once.</summary>
    public DateTimeOffset? SoakUntil { get; init; }

    /// <summary>The target's size when a step last passed.</summary>
    public int Reached { get; init; }

    /// <summary>A hash of the steps that <see cref="Index"/> counts in; null before the first pass.</summary>
    public string? StepsHash { get; init; }

    /// <summary>The token that a person was asked for last in this step; null when none was.</summary>
    public string? Asked { get; init; }
}
