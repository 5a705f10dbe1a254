using EdgeRelease.Api;
using EdgeRelease.Observation;

namespace EdgeRelease.Planning;

/// <summary>The ledger made anew from Losant's logs after its objects were deleted (F115). A row needs proof: the newest
/// scheduling entry is by a token, to the revision's version, in the revision's time, and says what was there before.
/// What may have been moved and has no proof is left alone, and named.</summary>
internal static class Rebuilding
{
    private const string Token = "apiToken";

    /// <summary>What is to be done instead of anything else while the list may lack rows; null when nothing is.</summary>
    public static Plan? Waiting(Release wanted, Memory memory, Snapshot seen)
    {
        var isWhole = seen.Believed && seen.AbsentRowsAreCertain;
        if (!memory.IsLedgerLost || isWhole || wanted.DeletedAt is not null)
        {
            return null;
        }

        const string message =
            "the EdgeReleaseRevisions are gone and Losant's list is not whole; nothing moves until it is, then the ledger is rebuilt";
        return new Plan
        {
            Batches = [],
            Verdict = new Verdict(Phase.Waiting, Reasons.LedgerLost, message),
            Memory = memory,
            Notices = [],
            Fleet = Fleet.Of(wanted, memory, seen),
        };
    }

    /// <summary>The memory with what the logs prove, and what to say of it.</summary>
    /// <param name="memory">The memory without a ledger.</param>
    /// <param name="seen">What Losant said.</param>
    /// <param name="retries">How often a device may be tried again; how often it was is not in the log, so it is not
    /// again.</param>
    public static (Memory Memory, Notice? Notice) Of(Memory memory, Snapshot seen, int retries)
    {
        if (!memory.IsLedgerLost)
        {
            return (memory, null);
        }

        var rows = new Dictionary<DeviceId, LedgerRow>();
        foreach (var device in seen.Devices)
        {
            if (
                seen.Deployments.TryGetValue(device.Id, out var row)
                && Row(memory, device, row, 1 + retries) is { } rebuilt
            )
            {
                rows[device.Id] = rebuilt;
            }
        }

        var unknown = rows.Values.Where(row => row.Closed is not null).Select(row => row.Device).ToList();
        return (
            memory with
            {
                Rows = rows,
                IsLedgerLost = false,
            },
            rows.Count == 0 ? null : Told(rows.Count - unknown.Count, unknown)
        );
    }

    private static Notice Told(int known, List<DeviceId> unknown)
    {
        var rest =
            unknown.Count == 0
                ? ""
                : $"; what {unknown.Count} others ran before is not known, they are left alone: {Names.Of(unknown)}";
        return new Notice(
            "LedgerRebuilt",
            $"the EdgeReleaseRevisions were gone: what {known} devices go back to is known again by Losant's logs{rest}",
            IsWarning: true
        );
    }

    /// <summary>The device's row; null when the revision has not touched it.</summary>
    private static LedgerRow? Row(Memory memory, in DeviceRow device, in DeploymentRow seen, int attempts)
    {
        var entry = seen.LastDesired;
        if (!MayBeOurs(memory, seen) || entry is { SourceType: not null and not Token })
        {
            return null;
        }

        var row = new LedgerRow
        {
            Device = device.Id,
            Revision = memory.Revision,
            Previous = entry?.Previous,
            PreviousEtag = entry?.PreviousEtag,
            Step = memory.Step.Index,
        };
        return entry is { SourceType: Token, TellsPrevious: true } proof && IsProof(memory, seen, proof)
            ? row with
            {
                Attempts = attempts,
                Last = Command(memory, device, proof),
            }
            : row with
            {
                Closed = LedgerRow.RestoreUnknown,
            };
    }

    /// <summary>Whether it was changed in the revision's time; where that is not known, whether it is on its version.</summary>
    private static bool MayBeOurs(Memory memory, in DeploymentRow seen) =>
        memory.StartedAt is { } began
            ? (seen.LastDesired?.At ?? seen.UpdatedAt) >= began - Times.ClockDoubt
            : seen.Desired == memory.Version?.Name;

    /// <summary>Also not after a revision that was never proven: what the device ran before that one is not in the
    /// entry.</summary>
    private static bool IsProof(Memory memory, in DeploymentRow seen, DesiredEntry entry)
    {
        var isOurs =
            memory.StartedAt is not null
            && entry.Value == memory.Version?.Name
            && seen.Desired == entry.Value
            && entry.Previous != entry.Value;
        var isUnproven = memory.History.Any(past =>
            past.Revision < memory.Revision
            && past.Version == (entry.Previous ?? "remove")
            && past.Result is RevisionResult.Superseded or RevisionResult.RolledBack
        );
        return isOurs && !isUnproven;
    }

    private static Command Command(Memory memory, in DeviceRow device, DesiredEntry entry) =>
        new()
        {
            Kind = CommandKind.Forward,
            Version = entry.Value,
            From = entry.Previous,
            Batch = memory.Batch,
            At = entry.At,
            WasConnected = device.Connected || device.ConnectionAt >= entry.At,
            Seen = true,
        };
}
