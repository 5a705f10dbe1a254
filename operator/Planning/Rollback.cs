using EdgeRelease.Api;

namespace EdgeRelease.Planning;

/// <summary>Everything in scope goes back to what it ran before, followed to the end (rules 11, 12).</summary>
internal static class Rollback
{
    /// <summary>The back writes: failing and unsettled devices first. No limit but those per group and of the API holds
    /// here.</summary>
    public static IEnumerable<Dispatch> Writes(Scene scene, RollbackLatch latch)
    {
        var isUrgent = Due(scene, latch).ToLookup(device => device.Standing.State != DeviceState.Updated);
        var allowance = Allowance.OfGroups(scene);
        yield return BackWrites.Sent(scene, [.. isUrgent[true].Where(allowance.Take)], BackCause.Rollback);
        yield return BackWrites.Sent(scene, [.. isUrgent[false].Where(allowance.Take)], BackCause.Rollback);
        yield return BackWrites.Repeats(scene);
    }

    /// <summary>Where the rollback stands; the result is set once an observation after the last write proves it.</summary>
    public static (Memory Memory, Verdict Verdict) Of(Scene scene, RollbackLatch latch, bool isSending)
    {
        var memory = scene.Memory;
        var count = Count(scene, latch);
        var cause = latch.Kind == LatchKind.Abort ? Reasons.Aborted : Reasons.Breach;
        if (memory.Result is null && !isSending && count.Open == 0 && scene.Fleet.Seen.Believed)
        {
            var end = new EndOf(scene.Now, scene.Wanted.Spec.HistoryLimit);
            memory = Revisions.Ended(memory, RevisionResult.RolledBack, scene.Fleet, end);
        }

        var state = $"{count.Back} restored, {count.Open} restoring, {count.Offline} offline";
        if (memory.Result == RevisionResult.RolledBack && scene.Wanted.Problem is { } problem)
        {
            return (memory, new Verdict(Phase.Blocked, problem.Reason, problem.Message));
        }

        if (memory.Result == RevisionResult.RolledBack)
        {
            var rest = count.Offline > 0 ? "; offline ones go back when they return" : "";
            var next =
                $"release another version, or annotate {Annotations.Retry}=r{memory.Revision} to try {memory.VersionWord} again";
            return (
                memory,
                new Verdict(Phase.RolledBack, Reasons.RolledBack, $"rolled back: {latch.Reason}; {state}{rest}; {next}")
            );
        }

        var stuck = isSending ? null : Stuck(scene, latch);
        var verdict =
            count.Failing > 0
                ? new Verdict(Phase.RollingBack, Reasons.RollbackFailing, FailingMessage(scene, latch, count.Failing))
                : new Verdict(Phase.RollingBack, cause, $"rolling back: {latch.Reason}; {state}");
        return stuck is null
            ? (memory, verdict)
            : (memory, verdict with { Message = $"{verdict.Message}; {stuck.Words}", WaitingFor = stuck.Waiting });
    }

    private static IEnumerable<Device> Due(Scene scene, RollbackLatch latch) =>
        InScope(scene, latch).Where(BackWrites.MayGoBack);

    /// <summary>Devices that are dark or cannot go back keep others of their group waiting; null when none do.</summary>
    private static Budget? Stuck(Scene scene, RollbackLatch latch) =>
        Budget.OfGroups(
            scene,
            [.. Due(scene, latch).Where(device => device.TakesSlot)],
            device => !device.IsReachable || device.Standing.IsFailingBack
        );

    private static string FailingMessage(Scene scene, RollbackLatch latch, int failing)
    {
        var device = InScope(scene, latch).First(device => device.Standing.IsFailingBack);
        return $"rolling back: {latch.Reason}; {failing} cannot go back, first {device.Id} to "
            + $"{device.Row!.Last!.Version ?? "nothing"}: {device.Standing.Refusal ?? device.Row.Last.Refusal}; repair the device, it is tried again";
    }

    /// <summary>The devices that the rollback takes back.</summary>
    public static IEnumerable<Device> InScope(Scene scene, RollbackLatch latch) =>
        scene.Fleet.Devices.Where(device => device.Row is { Last: not null }).Where(device => IsInScope(device, latch));

    /// <summary>Whether a rollback takes back a device that was commanded; never one to which an earlier revision only owes
    /// its way back.</summary>
    internal static bool IsInScope(Device device, RollbackLatch latch) =>
        device.Row is not { IsOwed: true }
        && latch.Scope switch
        {
            RollbackScope.Step => device.Row!.Step >= latch.Step || IsUnsettled(device, device.Row),
            RollbackScope.Failed => IsUnsettled(device, device.Row!),
            _ => true,
        };

    /// <summary>Whether it failed, has no outcome or goes back already: left as it is, Losant would try the version again.</summary>
    private static bool IsUnsettled(Device device, LedgerRow row) =>
        row.Last!.Kind == CommandKind.Back || device.Standing.Outcome != Outcome.Confirmed;

    private static Tally Count(Scene scene, RollbackLatch latch)
    {
        var tally = new Tally(0, 0, 0, 0);
        foreach (var device in InScope(scene, latch))
        {
            tally = Is(device) switch
            {
                Going.Back => tally with { Back = tally.Back + 1 },
                Going.Offline => tally with { Offline = tally.Offline + 1 },
                Going.Nowhere => tally,
                _ => tally with
                {
                    Open = tally.Open + 1,
                    Failing = tally.Failing + (device.Standing.IsFailingBack ? 1 : 0),
                },
            };
        }

        return tally;
    }

    /// <summary>How far a device's way back is.</summary>
    public static Going Is(Device device)
    {
        var standing = device.Standing;
        if (standing.IsTakenBack || (standing.State == DeviceState.Drifted && !standing.IsAccepted))
        {
            return Going.Nowhere;
        }

        if (device.Row!.Last!.Kind == CommandKind.Back)
        {
            return standing.IsRestored || standing.IsAdopted ? Going.Back
                : standing.IsAccepted && !device.IsReachable ? Going.Offline
                : Going.Open;
        }

        if (standing.IsOnEarlier)
        {
            return Going.Open;
        }

        var wasNeverApplied = !standing.IsAccepted && (standing.WantsRepeat || standing.Outcome == Outcome.NotAccepted);
        var isUntouched =
            standing is { IsAccepted: false, Outcome: Outcome.None }
            && (
                standing.IsAdopted
                || standing.State is DeviceState.Waiting or DeviceState.Deferred or DeviceState.Excluded
            );
        return wasNeverApplied || isUntouched ? Going.Nowhere : Going.Open;
    }

    private sealed record Tally(int Back, int Open, int Offline, int Failing);
}

/// <summary>How far a device's way back is.</summary>
internal enum Going
{
    /// <summary>Not commanded back, or not there.</summary>
    Open,

    /// <summary>Observed on what it ran before.</summary>
    Back,

    /// <summary>Told to go back and offline.</summary>
    Offline,

    /// <summary>There is nothing to take back, or it is not ours to do so.</summary>
    Nowhere,
}
