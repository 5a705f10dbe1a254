using EdgeRelease.Api;
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

    /// <summary>What kept the device of the target back: <see cref="ForwardWrites.Judged"/> decided, and is asked again.</summary>
    private static Explanation Held(Plan plan, Scene scene, Device device)
    {
        if (plan.Verdict.Reason == Reasons.WaitingForApproval)
        {
            return new Explanation(plan.Verdict.Reason, plan.Verdict.Message, null);
        }

        var due = ForwardWrites.Due(scene, plan.Target);
        var (judged, hold) = ForwardWrites.Judged(scene, due).FirstOrDefault(each => each.Device.Id == device.Id);
        return hold switch
        {
            _ when judged is null => Standings.Explained(plan, device),
            Hold.Window => new Explanation(
                "Window",
                $"it waits for its time window: {Closed.Next(scene, [device])}",
                Closed.Opens(scene, [device])
            ),
            Hold.Slots => new Explanation("Slots", $"it waits for a slot: {Holders(plan, scene, device)}", null),
            Hold.FirstContact => new Explanation(
                "FirstContact",
                $"until the revision's first success no more than {Names.Count(ForwardWrites.MostAtFirst(scene))} go at once",
                null
            ),
            Hold.Group => new Explanation("Group", $"it waits for a slot of {Full(scene, device)}", null),
            Hold.Minute when Minute.NextAt(scene.Wanted, plan) is { } next => new Explanation(
                "Limits",
                $"limits.perMinute is used up: the next device is told after {Line.Of(next)}",
                next
            ),
            _ => After(scene),
        };
    }

    private static string Holders(Plan plan, Scene scene, Device device)
    {
        var told = plan.Batches.SelectMany(batch => batch.Devices).ToHashSet();
        var names = scene.SlotHolders.Select(holder => holder.Id).Concat(told).Distinct().ToList();
        return Budget.Of(scene, [device], ForwardWrites.HoldsForGood) is { } stuck
            ? stuck.Words
            : $"{(scene.MaxUnavailable == 1 ? "the one slot is" : $"all {scene.MaxUnavailable} slots are")} held by {Names.Of(names)}";
    }

    private static string Full(Scene scene, Device device)
    {
        var full = new GroupSlots(scene).Full(device);
        return full.Count == 0
            ? "its group, which a device takes that is told now"
            : $"{full[0].Name}: see {Group.Settings(full)}";
    }

    /// <summary>The limits let it go, and others come first.</summary>
    private static Explanation After(Scene scene) =>
        scene.Wanted.Rails.Guard.ApprovalAbove is { } most
            ? new Explanation(
                Reasons.WaitingForApproval,
                $"LosantApplication {scene.Wanted.Rails.Application} lets {most} devices move unasked: for more a person is asked",
                null
            )
            : new Explanation(
                "Limits",
                "devices come first that somebody else changed: it follows in a later pass",
                null
            );
}
