using EdgeRelease.Observation;

namespace EdgeRelease.Planning;

/// <summary>Which way a device was sent.</summary>
public enum CommandKind
{
    /// <summary>To the release's version.</summary>
    Forward,

    /// <summary>To what it ran before.</summary>
    Back,
}

/// <summary>Why a device is sent back.</summary>
public enum BackCause
{
    /// <summary>It is not sent back.</summary>
    None,

    /// <summary>It failed on the version.</summary>
    Failure,

    /// <summary>It went dark on the version.</summary>
    Lost,

    /// <summary>The percentage was lowered.</summary>
    Lowered,

    /// <summary>A newer revision took over before it had settled.</summary>
    Superseded,

    /// <summary>It no longer belongs to the release.</summary>
    Left,

    /// <summary>The whole release goes back: breach or abort.</summary>
    Rollback,

    /// <summary>The release is being deleted.</summary>
    Deletion,
}

/// <summary>How a device's last forward command ended.</summary>
public enum Outcome
{
    /// <summary>Not known yet.</summary>
    None,

    /// <summary>It runs the version and stayed good.</summary>
    Confirmed,

    /// <summary>It failed for good in this revision.</summary>
    Failed,

    /// <summary>It went dark and stayed dark.</summary>
    Lost,

    /// <summary>Losant answered twice but never scheduled it: neither success nor failure.</summary>
    NotAccepted,

    /// <summary>Its bundle was built anew for something else before it had settled: neither success nor failure
    /// (F125).</summary>
    Confounded,
}

/// <summary>One command to one device, stored before it is sent.</summary>
public sealed record Command
{
    /// <summary>Which way.</summary>
    public required CommandKind Kind { get; init; }

    /// <summary>The version commanded; null is a removal.</summary>
    public required string? Version { get; init; }

    /// <summary>The desired version seen when it was planned; null when there was none.</summary>
    public string? From { get; init; }

    /// <summary>Whether <see cref="From"/> is what a revision before had commanded: a device that never takes this command
    /// stands on that one, and still has to go back.</summary>
    public bool FromOurs { get; init; }

    /// <summary>The batch that carries it: it counts as sent once the status names this batch or a later one.</summary>
    public required long Batch { get; init; }

    /// <summary>Losant's clock when it was planned; the call ends within <see cref="Times.CallEndsWithin"/> of it.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>Whether the device was connected then.</summary>
    public bool WasConnected { get; init; }

    /// <summary>How often the same command was sent again.</summary>
    public int Repeats { get; init; }

    /// <summary>Why the device is sent back; None on the way forward.</summary>
    public BackCause Cause { get; init; }

    /// <summary>How often the device itself failed to go back: by its own error, or by its connected time.</summary>
    public int Refusals { get; init; }

    /// <summary>The device's own words when it last failed to go back; null when it has not.</summary>
    public string? Refusal { get; init; }

    /// <summary>Whether it takes the device back from somebody else: no attempt of its own (rule 29), unless it is the
    /// revision's first.</summary>
    public bool IsCorrection { get; init; }

    /// <summary>Whether an observation has shown the version as desired since.</summary>
    public bool Seen { get; init; }
}

/// <summary>What the release remembers of one device it moved, stored before the first command (rule 9).</summary>
public sealed record LedgerRow
{
    /// <summary>What <see cref="Closed"/> says of a device that no longer belongs to the release.</summary>
    public const string HasLeft = "left";

    /// <summary>What <see cref="Closed"/> says of a device that a lowered percentage gave back.</summary>
    public const string HasReturned = "returned";

    /// <summary>What <see cref="Closed"/> says of a device whose ledger row and log are gone.</summary>
    public const string RestoreUnknown = "restoreUnknown";

    /// <summary>How <see cref="Closed"/> begins of a device that another release has taken; its name follows.</summary>
    public const string TakenBy = "takenBy ";

    /// <summary>Whether another release has taken the device.</summary>
    public bool IsTaken => Closed?.StartsWith(TakenBy, StringComparison.Ordinal) == true;

    /// <summary>The device.</summary>
    public required DeviceId Device { get; init; }

    /// <summary>The revision that <see cref="Previous"/> and <see cref="Attempts"/> belong to.</summary>
    public required int Revision { get; init; }

    /// <summary>What the device goes back to; null releases null.</summary>
    public required string? Previous { get; init; }

    /// <summary>The content tag of <see cref="Previous"/>; null where Losant gave none.</summary>
    public string? PreviousEtag { get; init; }

    /// <summary>The last version that a finished revision proved on this device; null when none did.</summary>
    public string? Stable { get; init; }

    /// <summary>The content tag of <see cref="Stable"/>; null where Losant gave none.</summary>
    public string? StableEtag { get; init; }

    /// <summary>Forward commands of this revision, repeats of an unheard one not counted.</summary>
    public int Attempts { get; init; }

    /// <summary>How the revision's command ended.</summary>
    public Outcome Outcome { get; init; }

    /// <summary>When the outcome was seen; null while there is none.</summary>
    public DateTimeOffset? OutcomeAt { get; init; }

    /// <summary>Whether it failed when failures of the revision counted no longer: the device's own matter (rule 21).</summary>
    public bool IsLate { get; init; }

    /// <summary>Whether it left and is to go back, for which a limit, a window or a freeze has it wait: the next revision owes
    /// it that too.</summary>
    public bool IsLeaving { get; init; }

    /// <summary>Whether a later revision has it only because its way back is owed to a device that left.</summary>
    public bool IsOwed => IsLeaving && !IsTried && Outcome == Outcome.Confirmed;

    /// <summary>Whether it showed an error of the attempt's own: should it be confirmed, it has recovered (F048).</summary>
    public bool HasErred { get; init; }

    /// <summary>When the errors began that it showed last, by its log: the grace runs from there (rule 5); null when it showed
    /// none. One from before the last command says nothing of that.</summary>
    public DateTimeOffset? ErredAt { get; init; }

    /// <summary>The device's own words on its failure, at most 256 characters; null when it has not failed.</summary>
    public string? Error { get; init; }

    /// <summary>The zero-based step that first commanded it.</summary>
    public int Step { get; init; }

    /// <summary>When the device was last corrected after drift; null when it was not.</summary>
    public DateTimeOffset? CorrectedAt { get; init; }

    /// <summary>When it was corrected before that; null when it was not.</summary>
    public DateTimeOffset? CorrectedBefore { get; init; }

    /// <summary>Why the row no longer binds the device: <c>left</c>, <c>returned</c>, <c>restoreUnknown</c> or
    /// <c>takenBy ...</c>; null while it is open.</summary>
    public string? Closed { get; init; }

    /// <summary>The last command that was sent, or may have been; null before the first.</summary>
    public Command? Last { get; init; }

    /// <summary>The command written ahead and not yet known to be sent; null when none is.</summary>
    public Command? Next { get; init; }

    /// <summary>When the device was sent forward last, if it was sent back since; null otherwise.</summary>
    public DateTimeOffset? WasForwardAt { get; init; }

    /// <summary>When the device was sent forward last, whatever became of it; null when it never was.</summary>
    public DateTimeOffset? ForwardAt => Last is { Kind: CommandKind.Forward } last ? last.At : WasForwardAt;

    /// <summary>Whether the row's device stands on a forward command of some revision of this release.</summary>
    public bool IsForward => Closed is null && Last is { Kind: CommandKind.Forward };

    /// <summary>Whether this revision has sent it forward.</summary>
    public bool IsTried => Attempts > 0;

    /// <summary>The row once it is known which batches were committed: a written-ahead command of a committed
    /// batch was sent or may have been, a later one never was.</summary>
    /// <param name="committed">The last batch whose intent the release's status stored.</param>
    public LedgerRow AsOf(long committed)
    {
        if (Next is null)
        {
            return this;
        }

        return Next.Batch <= committed ? Sent() : this with { Next = null };
    }

    /// <summary>The row after its written-ahead command was sent.</summary>
    public LedgerRow Sent()
    {
        if (Next is null)
        {
            return this;
        }

        var isNewAttempt =
            Next.Kind == CommandKind.Forward && (!IsTried || Next is { IsCorrection: false, Repeats: 0 });
        var isCorrection = Next is { IsCorrection: true, Repeats: 0 };
        return this with
        {
            CorrectedAt = isCorrection ? Next.At : CorrectedAt,
            CorrectedBefore = isCorrection ? CorrectedAt : CorrectedBefore,
            Last = Next,
            Next = null,
            WasForwardAt = Next.Kind == CommandKind.Back ? ForwardAt : null,
            Attempts = isNewAttempt ? Attempts + 1 : Attempts,
            Outcome = isNewAttempt ? Outcome.None : Outcome,
            OutcomeAt = isNewAttempt ? null : OutcomeAt,
            IsLate = !isNewAttempt && IsLate,
            HasErred = !isNewAttempt && HasErred,
        };
    }
}
