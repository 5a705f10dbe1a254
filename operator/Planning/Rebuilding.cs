using EdgeRelease.Api;
using EdgeRelease.Observation;

namespace EdgeRelease.Planning;

/// <summary>The ledger made anew from Losant's logs after its objects were deleted (F115). A row needs proof: the newest
/// scheduling entry is by a token, to the revision's version, in the revision's time, and says what was there before.
/// What may have been moved and has no proof is left alone, and named.</summary>
internal static class Rebuilding
{
    /// <summary>What is to be done instead of anything else while the list may lack rows, or may not show the last call yet;
    /// null when nothing is.</summary>
    public static Plan? Waiting(Release wanted, Memory memory, Snapshot seen)
    {
        var isWhole = seen.Believed && seen.AbsentRowsAreCertain;
        var due = memory.InFlight?.At + Times.AppliedWithin;
        var isShown = !(due > seen.BeganAt);
        if (!memory.IsLedgerLost || (isWhole && isShown) || wanted.IsOverdue)
        {
            return null;
        }

        const string message =
            "EdgeReleaseRevisions are gone and Losant's list is not whole; nothing moves until it is, then the ledger is rebuilt";
        return new Plan
        {
            Batches = [],
            Verdict = new Verdict(Phase.Waiting, Reasons.LedgerLost, message),
            Memory = memory,
            Notices = [],
            Fleet = Fleet.Of(wanted, memory, seen),
            WakeAt = isShown ? null : due,
        };
    }

    /// <summary>The memory with what the logs prove, and what to say of it. Where they do not prove enough, a revision that
    /// goes on waits for a person: who was moved is no longer counted.</summary>
    /// <param name="wanted">What is wanted. How often a device was tried is not in the log, so it is not tried again.</param>
    /// <param name="memory">The memory without a ledger, or with a part of it.</param>
    /// <param name="seen">What Losant said.</param>
    public static (Memory Memory, Notice? Notice) Of(Release wanted, Memory memory, Snapshot seen)
    {
        if (!memory.IsLedgerLost)
        {
            return (memory, null);
        }

        var rows = new Dictionary<DeviceId, LedgerRow>(memory.Rows);
        var (known, unknown) = (0, new List<DeviceId>());
        var selection = new Selection(wanted.Spec);
        foreach (var device in seen.Devices)
        {
            var isKept = rows.TryGetValue(device.Id, out var row) && row.Revision == memory.Revision;
            if (isKept)
            {
                // What a rebuild left that was cut short is asked about again.
                unknown.AddRange(row!.Closed == LedgerRow.RestoreUnknown ? [device.Id] : []);
            }
            else if (
                seen.Deployments.TryGetValue(device.Id, out var deployment)
                && Mine(wanted, memory, device, deployment, selection.Claims(device)) is { } rebuilt
            )
            {
                rows[device.Id] = rebuilt;
                known += rebuilt.Closed is null ? 1 : 0;
                unknown.AddRange(rebuilt.Closed is null ? [] : [device.Id]);
            }
        }

        var notice = known + unknown.Count == 0 ? null : Told(known, unknown);
        var whole = memory with { Rows = rows, IsLedgerLost = false };
        return (unknown.Count == 0 ? whole : Paused(wanted, whole, seen, notice!), notice);
    }

    private static Memory Paused(Release wanted, Memory memory, Snapshot seen, Notice notice) =>
        memory is { Result: null or RevisionResult.AtPercentage, Latch: null, Pause: null }
            ? memory with
            {
                Pause = Latches.PauseOf(
                    memory.Revision,
                    0,
                    $"{wanted.Uid}\n{notice.Message}",
                    seen.BeganAt,
                    notice.Message
                ),
            }
            : memory;

    private static Notice Told(int known, List<DeviceId> unknown)
    {
        var rest =
            unknown.Count == 0
                ? ""
                : $"; what {unknown.Count} others ran before is not known, they are left alone: {Names.Of(unknown)}";
        return new Notice(
            "LedgerRebuilt",
            $"EdgeReleaseRevisions were gone: by Losant's logs it is known again what {Names.Count(known)} ran before{rest}",
            IsWarning: true
        );
    }

    /// <summary>The row of a device that the release has, or may have had: nobody else's, and one that is selected no longer
    /// is left alone.</summary>
    private static LedgerRow? Mine(
        Release wanted,
        Memory memory,
        in DeviceRow device,
        in DeploymentRow seen,
        bool isClaimed
    )
    {
        foreach (var rival in wanted.Rivals)
        {
            if (rival.Owns(device, isClaimed))
            {
                return null;
            }
        }

        var row = Row(wanted, memory, device, seen);
        return isClaimed ? row
            : row is { Closed: null } ? Unknown(memory, device)
            : null;
    }

    /// <summary>The device's row; null when no revision that still matters has touched it.</summary>
    private static LedgerRow? Row(Release wanted, Memory memory, in DeviceRow device, in DeploymentRow seen)
    {
        var entry = seen.LastDesired;
        if (entry is { SourceType: not null and not DesiredEntry.Token })
        {
            return IsTakenAway(memory, seen) ? Unknown(memory, device) : null;
        }

        if (MayBeOurs(memory, seen))
        {
            var isProven = memory.StartedAt is not null && IsProof(memory, memory.Revision, memory.Version?.Name, seen);
            return isProven
                ? Moved(memory, device, entry!) with
                {
                    Attempts = 1 + wanted.Spec.Health.Retries,
                }
                : Unknown(memory, device);
        }

        return CarriedFrom(memory, seen) is { } past ? Carried(memory, past, device, seen) : null;
    }

    private static LedgerRow Unknown(Memory memory, in DeviceRow device) =>
        new()
        {
            Device = device.Id,
            Revision = memory.Revision,
            Previous = null,
            Step = memory.Step.Index,
            Closed = LedgerRow.RestoreUnknown,
        };

    /// <summary>The row of a device that the entry shows to have been moved, and from what.</summary>
    private static LedgerRow Moved(Memory memory, in DeviceRow device, DesiredEntry entry) =>
        Unknown(memory, device) with
        {
            Previous = entry.Previous,
            PreviousEtag = entry.PreviousEtag,
            Closed = null,
            Last = Command(memory, device, entry),
        };

    /// <summary>Whether somebody else changed it since the revision began and it was, or may have been, on the
    /// version.</summary>
    private static bool IsTakenAway(Memory memory, in DeploymentRow seen) =>
        seen.LastDesired is { } entry
        && entry.At >= memory.StartedAt - Times.ClockDoubt
        && entry.Value != memory.Version?.Name
        && (!entry.TellsPrevious || entry.Previous == memory.Version?.Name);

    /// <summary>Whether it was changed in the revision's time; where that is not known, whether it is or was on its
    /// version.</summary>
    private static bool MayBeOurs(Memory memory, in DeploymentRow seen) =>
        memory.StartedAt is { } began
            ? (seen.LastDesired?.At ?? seen.UpdatedAt) >= began - Times.ClockDoubt
            : seen.Desired == memory.Version?.Name
                || (seen.LastDesired is { TellsPrevious: true } entry && entry.Previous == memory.Version?.Name);

    /// <summary>The revision before this one that sent the device to what it has, and was never proven: it goes back
    /// first (rule 23). Null when there is none.</summary>
    private static HistoryEntry? CarriedFrom(Memory memory, in DeploymentRow seen)
    {
        if (seen.LastDesired is not { } entry || seen.Desired != entry.Value)
        {
            return null;
        }

        return memory.History.FirstOrDefault(past =>
            past.Revision < memory.Revision
            && past.Result is RevisionResult.Superseded or RevisionResult.RolledBack
            && past.Version == (entry.Value ?? "remove")
            && entry.At >= past.StartedAt - Times.ClockDoubt
            && entry.At <= past.FinishedAt + Times.AppliedWithin
        );
    }

    private static LedgerRow Carried(Memory memory, HistoryEntry past, in DeviceRow device, in DeploymentRow seen)
    {
        // After its end a later revision may have given the device back to the same version.
        var entry = seen.LastDesired!;
        var isOfIt = entry.At <= past.FinishedAt + Times.ClockDoubt;
        return isOfIt && IsProof(memory, past.Revision, entry.Value, seen)
            ? Moved(memory, device, entry) with
            {
                Step = 0,
            }
            : Unknown(memory, device);
    }

    /// <summary>Whether the newest entry says what the device ran before a revision. Not after one that was never proven:
    /// what the device ran before that one is not in the entry.</summary>
    private static bool IsProof(Memory memory, int revision, string? version, in DeploymentRow seen)
    {
        if (seen.LastDesired is not { SourceType: DesiredEntry.Token, TellsPrevious: true } entry)
        {
            return false;
        }

        var isOurs = entry.Value == version && seen.Desired == entry.Value && entry.Previous != entry.Value;
        var isUnproven = memory.History.Any(past =>
            past.Revision < revision
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
