using EdgeRelease.Observation;

namespace EdgeRelease.Planning;

/// <summary>Why a device is where it is, from the plan that left it there (F105).</summary>
/// <param name="Rule">The first rule that keeps it, in one word: a reason of the release, or of the device's standing.</param>
/// <param name="Sentence">One sentence that says what it waits for.</param>
/// <param name="Until">When that could change without anything happening, by Losant's clock; null when only an event
/// changes it.</param>
public sealed record Explanation(string Rule, string Sentence, DateTimeOffset? Until)
{
    /// <summary>What keeps a device where it is.</summary>
    /// <param name="plan">The plan of the last pass.</param>
    /// <param name="id">The device.</param>
    internal static Explanation Of(Plan plan, DeviceId id)
    {
        if (plan.Fleet?.Devices.FirstOrDefault(device => device.Id == id) is not { } device)
        {
            return new Explanation(
                "NotSelected",
                "no selector of the release names it, or Losant does not list it",
                null
            );
        }

        if (plan.Batches.FirstOrDefault(batch => batch.Devices.Contains(id)) is { } batch)
        {
            var where = batch.Version ?? "no version";
            return new Explanation("Commanded", $"it is told to run {where} now: {batch.Because}", null);
        }

        return device.IsCandidate ? Waiting(plan, device) : Standings.Explained(plan, device);
    }

    /// <summary>A device that may be sent and was not: the gate, the release's own course, or a limit.</summary>
    private static Explanation Waiting(Plan plan, Device device)
    {
        var verdict = plan.Verdict;
        if (plan.Gate is { } gate)
        {
            return new Explanation(gate.Reason, gate.Message, null);
        }

        if (plan.Scene is not { } scene || scene.Memory.Latch is not null || scene.Wanted.DeletedAt is not null)
        {
            return new Explanation(verdict.Reason, verdict.Message, null);
        }

        if (plan.Target.Any(other => other.Id == device.Id))
        {
            return Held(plan, scene, device);
        }

        if (!device.IsReachable)
        {
            return Standings.Explained(plan, device);
        }

        var until = scene.Memory.Step.SoakUntil > scene.Fleet.At ? scene.Memory.Step.SoakUntil : null;
        return new Explanation("OutsideShare", $"it has no place in the share yet: {verdict.Message}", until);
    }

    private static bool IsForward(LedgerRow row) => row.Next is { Kind: CommandKind.Forward, WasConnected: true };

    /// <summary>Which limit bound <see cref="ForwardWrites.Of"/>.</summary>
    private static Explanation Held(Plan plan, Scene scene, Device device)
    {
        if (!device.IsReachable)
        {
            return new Explanation("Offline", "it is offline: it is told to run the version when it connects", null);
        }

        if (!scene.IsOpen(device))
        {
            var opens = Closed.Opens(scene, [device]);
            return new Explanation("Window", $"it waits for its time window: {Closed.Next(scene, [device])}", opens);
        }

        if (new GroupSlots(scene).Full(device) is { Count: > 0 } full)
        {
            var sentence = $"it waits for a slot of {full[0].Name}: see {Group.Settings(full)}";
            return new Explanation("Group", sentence, null);
        }

        var told = plan.Batches.SelectMany(batch => batch.Rows).Count(IsForward);
        if (scene.FreeSlots <= told)
        {
            var holders =
                told == 0 ? Budget.OfAll(scene).Words : $"all {scene.MaxUnavailable} are taken by devices told now";
            return new Explanation("Slots", $"it waits for a slot: {holders}", null);
        }

        if (ForwardWrites.FirstContact(scene) <= told)
        {
            const string alone = "the first device of the revision goes alone until it has succeeded";
            return new Explanation("FirstContact", alone, null);
        }

        return Minute.NextAt(scene.Wanted, plan) is { } next
            ? new Explanation(
                "Limits",
                $"limits.perMinute is used up: the next device is told after {Line.Of(next)}",
                next
            )
            : new Explanation("Limits", "a limit of the release is used up for now: it follows in a later pass", null);
    }
}
