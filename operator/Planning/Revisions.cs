using EdgeRelease.Api;
using EdgeRelease.Observation;

namespace EdgeRelease.Planning;

/// <summary>When a revision begins and what it takes over from the one before (rules 23 to 25).</summary>
internal static class Revisions
{
    private const int KnownBadLimit = 10;
    private const int ReplacedLimit = 10;

    /// <summary>The memory of the revision that should run: the same, or a new one.</summary>
    public static Memory Current(Release wanted, Memory memory, DateTimeOffset now)
    {
        var isRetry = memory.Revision > 0 && wanted.Requests.Retry == $"r{memory.Revision}";
        var isNew = !memory.Brings(wanted.Version);
        if (wanted.DeletedAt is not null || (wanted.Problem is not null && !isRetry) || !(isNew || isRetry))
        {
            return memory;
        }

        return wanted.Problem is null ? Begun(wanted, memory, isRetry && !isNew, now) : memory;
    }

    /// <summary>Whether the version was rolled back before with the same content (rule 24).</summary>
    public static KnownBadVersion? KnownBad(Memory memory) =>
        memory.KnownBad.LastOrDefault(bad =>
            bad.Version == memory.VersionWord
            && bad.FlowVersionId == memory.Version?.FlowVersionId
            && Yardstick.SameContent(bad.Etag, memory.Version?.Etag)
        );

    /// <summary>The memory with the revision's version marked as bad.</summary>
    public static Memory MarkedBad(Memory memory, string reason, DateTimeOffset at)
    {
        var mark = new KnownBadVersion
        {
            Version = memory.VersionWord,
            FlowVersionId = memory.Version?.FlowVersionId,
            Etag = memory.Version?.Etag,
            At = at,
            Reason = reason,
        };
        var others = memory.KnownBad.Where(bad => !IsSame(bad, mark));
        return memory with { KnownBad = [.. others.Append(mark).TakeLast(KnownBadLimit)] };
    }

    /// <summary>The memory with the revision's end in its history.</summary>
    public static Memory Ended(Memory memory, RevisionResult result, Fleet? fleet, EndOf end)
    {
        var rows = memory.Rows.Values.Where(row => row.Revision == memory.Revision).ToList();
        var confirmed = rows.Count(row => row is { IsForward: true, Outcome: Outcome.Confirmed });
        var entry = new HistoryEntry
        {
            Revision = memory.Revision,
            Version = memory.VersionWord,
            Result = result,
            Etag = memory.Version?.Etag,
            Updated = fleet?.Eligible.Count(device => device.Standing.State == DeviceState.Updated) ?? confirmed,
            Failed = rows.Count(row => row.Outcome == Outcome.Failed),
            StartedAt = memory.StartedAt,
            FinishedAt = end.At,
            ApprovedBy = ApprovedBy(memory),
            Acts = memory.Acts,
        };
        var others = memory.History.Where(past => past.Revision != memory.Revision);
        return memory with { Result = result, History = [entry, .. others.Take(end.HistoryLimit - 1)] };
    }

    /// <summary>Each way in which its gates were opened, in order; to resume after a pause opens none (F030).</summary>
    private static string? ApprovedBy(Memory memory)
    {
        var pause = $"r{memory.Revision}-p";
        var ways = memory
            .Approvals.Where(given => given.Token?.StartsWith(pause, StringComparison.Ordinal) == false)
            .Select(given => given.By)
            .Distinct()
            .ToList();
        return ways.Count == 0 ? null : Line.Of(string.Join(", ", ways), Line.Error);
    }

    private static Memory Begun(Release wanted, Memory memory, bool isRetry, DateTimeOffset now)
    {
        var old = memory;
        if (old.Revision > 0 && old.Result is null)
        {
            old = Ended(old, RevisionResult.Superseded, fleet: null, new EndOf(now, wanted.Spec.HistoryLimit));
        }

        var revision = old.Revision + 1;
        return new Memory
        {
            Revision = revision,
            Version = Identity(wanted, old, isRetry),
            StartedAt = now,
            Step = new StepMark { StartedAt = now },
            AppliedPercentage = wanted.Percentage,
            KnownBad = isRetry ? WithoutMark(old) : old.KnownBad,
            Batch = old.Batch,
            InFlight = old.InFlight,
            Export = old.Export,
            History = old.History,
            Handled = isRetry ? old.Handled with { Retry = wanted.Requests.Retry } : old.Handled,
            Rows = Inherited(old, revision, isRetry),
        };
    }

    /// <summary>What the revision brings; a retry pins anew and knows what no longer counts (rule 24).</summary>
    private static VersionStatus Identity(Release wanted, Memory old, bool isRetry)
    {
        var version = new VersionStatus
        {
            Name = wanted.Version,
            FlowVersionId = wanted.FlowVersionId,
            FlowClass = wanted.FlowClass,
        };
        if (!isRetry || old.Version is not { } before)
        {
            return version;
        }

        var isRenewed = before.Republished || before.FlowVersionId != wanted.FlowVersionId;
        var replaced = isRenewed && before.Etag is { } etag ? before.ReplacedEtags.Append(etag) : before.ReplacedEtags;
        return version with
        {
            Renewed = isRenewed || before.Renewed,
            ReplacedEtags = [.. replaced.TakeLast(ReplacedLimit)],
        };
    }

    private static KnownBadVersion[] WithoutMark(Memory memory)
    {
        var mark = KnownBad(memory);
        return [.. memory.KnownBad.Where(bad => mark is null || !IsSame(bad, mark))];
    }

    private static bool IsSame(KnownBadVersion one, KnownBadVersion other) =>
        one.Version == other.Version && one.FlowVersionId == other.FlowVersionId;

    /// <summary>A finished revision keeps its settled devices, unless it is tried again; whatever else was moved is
    /// taken over with what it goes back to. So is one that left on an unproven version and may come back.</summary>
    private static Dictionary<DeviceId, LedgerRow> Inherited(Memory old, int revision, bool isRetry)
    {
        var rows = new Dictionary<DeviceId, LedgerRow>(old.Rows.Count);
        foreach (var (id, row) in old.Rows)
        {
            var held = row.Closed == LedgerRow.HasLeft ? row with { Closed = null } : row;
            var isHeld = held.IsForward || row is { Closed: null, Last: not null };
            var isKept = !isRetry && old.IsFinished && IsGood(held) && !row.IsLeaving;
            rows[id] =
                isHeld && !isKept && row.Revision == old.Revision
                    ? Inherited(held, revision) with
                    {
                        Closed = row.Closed,
                    }
                    : row;
        }

        return rows;
    }

    /// <summary>Whether the device stays where it is: it was confirmed, or proved nothing and did not go back (F125).</summary>
    private static bool IsGood(LedgerRow row) =>
        row is { IsForward: true }
        && (row.Outcome == Outcome.Confirmed || row is { Outcome: Outcome.Confounded, Last.WasConnected: true });

    private static LedgerRow Inherited(LedgerRow row, int revision) =>
        row with
        {
            Revision = revision,
            Attempts = 0,
            Outcome = IsGood(row) ? Outcome.Confirmed : Outcome.None,
            OutcomeAt = null,
            IsLate = false,
            Error = null,
            Step = 0,
            CorrectedAt = null,
            CorrectedBefore = null,
        };
}

/// <summary>When a revision ended, and how many ended ones to keep.</summary>
/// <param name="At">When.</param>
/// <param name="HistoryLimit">Revisions to keep.</param>
internal sealed record EndOf(DateTimeOffset At, int HistoryLimit);
