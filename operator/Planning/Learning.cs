using EdgeRelease.Api;
using EdgeRelease.Observation;

namespace EdgeRelease.Planning;

/// <summary>What an observation adds to memory: outcomes, accepted commands, the pinned content, ended rows.</summary>
internal static class Learning
{
    public static Memory From(Fleet fleet, Memory memory, Release wanted)
    {
        var isWatched = memory.IsRaised(wanted) || memory.IsWatched(wanted.Spec.FailurePolicy.Watch, fleet.At);
        var seen = new Sight(fleet.At, !isWatched);
        var rows = new Dictionary<DeviceId, LedgerRow>(memory.Rows);
        foreach (var device in fleet.Devices)
        {
            if (device.Row is { } row)
            {
                Learn(rows, device, row, seen);
            }
            else if (rows.TryGetValue(device.Id, out var owed) && IsBackAgain(device, owed, memory.Revision))
            {
                rows[device.Id] = owed with { IsLeaving = false, Closed = LedgerRow.HasReturned };
            }
        }

        CloseTaken(rows, fleet, memory.Revision);
        return memory with { Rows = rows, Version = Pinned(fleet, memory), InFlight = Unresolved(fleet, memory) };
    }

    /// <summary>Whether a device that was owed its way back is inside again.</summary>
    private static bool IsBackAgain(Device device, LedgerRow row, int revision) =>
        row is { IsOwed: true, Closed: null }
        && row.Revision == revision
        && device.Standing.State is not (DeviceState.Excluded or DeviceState.Unknown or DeviceState.Conflicted);

    private static void Learn(Dictionary<DeviceId, LedgerRow> rows, Device device, LedgerRow row, Sight seen)
    {
        var standing = device.Standing;
        if (device.IsReturned)
        {
            Forget(rows, row, seen.At);
            return;
        }

        var learnt = row;
        var outcome = OutcomeOf(standing, row);
        if (standing.State is not (DeviceState.Unknown or DeviceState.Conflicted) && outcome != row.Outcome)
        {
            learnt = learnt with
            {
                Outcome = outcome,
                OutcomeAt = seen.At,
                IsLate = seen.IsLate && standing.Outcome == Outcome.Failed,
            };
        }

        if (standing.Error is { } error && learnt.Error is null && standing.Outcome == Outcome.Failed)
        {
            learnt = learnt with { Error = Clean(error) };
        }

        learnt = Erring(learnt, standing);
        if (standing.IsAccepted && row.Last is { Seen: false } last)
        {
            learnt = learnt with { Last = last with { Seen = true } };
        }

        var isLeaving =
            standing.State is DeviceState.Unknown
                ? learnt.IsLeaving
                : standing is { State: DeviceState.Left, WantsBack: not BackCause.None };
        learnt = isLeaving == learnt.IsLeaving ? learnt : learnt with { IsLeaving = isLeaving };
        if (standing is { State: DeviceState.Left, WantsBack: BackCause.None })
        {
            learnt = row.IsForward || standing.IsRestored ? learnt with { Closed = LedgerRow.HasLeft } : learnt;
        }

        if (!ReferenceEquals(learnt, rows[device.Id]))
        {
            rows[device.Id] = learnt;
        }
    }

    /// <summary>What was not taken from somebody else is no outcome of a device that this revision has not told: it may be
    /// told yet.</summary>
    private static Outcome OutcomeOf(Standing standing, LedgerRow row) =>
        standing.Outcome == Outcome.NotAccepted && !row.IsTried ? Outcome.None : standing.Outcome;

    /// <summary>Whether it has erred, and since when it does without a success.</summary>
    private static LedgerRow Erring(LedgerRow row, Standing standing)
    {
        var erredAt = standing.State == DeviceState.Updated ? null : standing.ErredAt ?? row.ErredAt;
        var hasErred = row.HasErred || standing.IsFailing;
        return erredAt == row.ErredAt && hasErred == row.HasErred
            ? row
            : row with
            {
                ErredAt = erredAt,
                HasErred = hasErred,
            };
    }

    /// <summary>A returned device begins anew; only that it was just told, there or back, is kept, for the limit per
    /// minute.</summary>
    private static void Forget(Dictionary<DeviceId, LedgerRow> rows, LedgerRow row, DateTimeOffset at)
    {
        if (row.Last!.At + Minute.Longest <= at)
        {
            rows.Remove(row.Device);
            return;
        }

        rows[row.Device] = new LedgerRow
        {
            Device = row.Device,
            Revision = row.Revision,
            Previous = row.Previous,
            PreviousEtag = row.PreviousEtag,
            Stable = row.Stable,
            StableEtag = row.StableEtag,
            Closed = LedgerRow.HasReturned,
            Last = row.Last,
            WasForwardAt = row.WasForwardAt,
        };
    }

    /// <summary>An observation, and whether it is too late for a failure to count.</summary>
    private readonly record struct Sight(DateTimeOffset At, bool IsLate);

    /// <summary>A device that another release took is no longer ours (rule 28).</summary>
    private static void CloseTaken(Dictionary<DeviceId, LedgerRow> rows, Fleet fleet, int revision)
    {
        foreach (var device in fleet.Devices)
        {
            if (device.Standing.State == DeviceState.Conflicted && device.Row is { } row && row.Revision == revision)
            {
                rows[device.Id] = row with { Closed = $"{LedgerRow.TakenBy}{device.Standing.Reason}" };
            }
        }
    }

    /// <summary>The content tag that our first command led to (rule 24).</summary>
    private static VersionStatus? Pinned(Fleet fleet, Memory memory)
    {
        if (memory.Version is not { Etag: null, Name: not null } version)
        {
            return memory.Version;
        }

        var first = fleet
            .Devices.Where(device => device.Row is { IsTried: true, IsForward: true } && device.Standing.IsAccepted)
            .Where(device => device.Deployment is { DesiredEtag: { } tag } && IsAnswer(device, tag, version))
            .MinBy(device => device.Row!.Last!.At);
        if (first?.Deployment?.DesiredEtag is not { } etag)
        {
            return version;
        }

        return version with
        {
            Etag = etag,
            ReplacedEtags = [.. version.ReplacedEtags.Where(replaced => replaced != etag)],
        };
    }

    /// <summary>Whether the tag is what our command led to: by the log's own entry, or because Losant shows an older
    /// tag after the command was taken all the same.</summary>
    private static bool IsAnswer(Device device, string tag, VersionStatus version) =>
        Yardstick.IsOurs(device.Deployment, device.Row!.Last!) || version.ReplacedEtags.Contains(tag);

    private static InFlightBatch? Unresolved(Fleet fleet, Memory memory)
    {
        if (memory.InFlight is not { } batch || fleet.At >= batch.At + Times.AppliedWithin)
        {
            return null;
        }

        var rest = memory
            .Rows.Values.Where(row => row.Last?.Batch == batch.Batch && row.Closed != LedgerRow.HasReturned)
            .Select(row => row.Device)
            .ToHashSet();
        var heard = fleet.Devices.Where(device => device.Standing.IsAccepted).Select(device => device.Id);
        rest.ExceptWith(heard);
        return rest.Count == 0 ? null : batch;
    }

    /// <summary>A device's own words, without control characters, at most 256 characters.</summary>
    private static string Clean(string text)
    {
        var clean = string.Concat(text.Select(letter => char.IsControl(letter) ? ' ' : letter)).Trim();
        return clean.Length <= 256 ? clean : clean[..256];
    }
}
