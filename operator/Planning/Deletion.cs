using EdgeRelease.Api;

namespace EdgeRelease.Planning;

/// <summary>What a deleted release still owes its devices (F086, rule 31).</summary>
public static class Deletion
{
    internal static IEnumerable<Dispatch> Writes(Scene scene)
    {
        if (Keeps(scene.Wanted.Spec.Policy) || scene.Wanted.IsOverdue)
        {
            yield break;
        }

        var going = BackWrites.WithinLimits(scene, Open(scene).Where(MayGo)).ToLookup(scene.MayLeave);
        yield return BackWrites.Sent(scene, [.. going[true]], BackCause.Deletion);
        foreach (var group in going[false].GroupBy(device => Rescue(scene, device)))
        {
            yield return BackWrites.Sent(scene, [.. group], group.Key);
        }

        yield return BackWrites.Repeats(scene, MayGo);

        bool MayGo(Device device) => scene.MayLeave(device) || Rescue(scene, device) != BackCause.None;
    }

    /// <summary>Why it would go back without a deletion too, to what it ran before: windows and freezes do not hold it
    /// (rule 12).</summary>
    private static BackCause Rescue(Scene scene, Device device)
    {
        var standing = device.Standing;
        if (device.Row is not { Last: { } last } row)
        {
            return BackCause.None;
        }

        if (last.Kind == CommandKind.Back)
        {
            var isOffered = row.Outcome == Outcome.Confirmed && last.Cause is (BackCause.Deletion or BackCause.Left);
            return isOffered ? BackCause.None : last.Cause;
        }

        return scene.Memory.Latch is { } latch && Rollback.IsInScope(device, latch) ? BackCause.Rollback
            : BackWrites.LeavesSettled(standing) ? BackCause.None
            : standing.WantsBack;
    }

    /// <summary>Whether the object may go, and what to say of it.</summary>
    internal static (bool MayGo, Verdict Verdict, Notice? Notice) Of(Scene scene, bool isSending)
    {
        if (Keeps(scene.Wanted.Spec.Policy))
        {
            return (true, Says("devices keep what they run"), Armed(scene));
        }

        var rest = Unfinished(scene).ToList();
        if (rest.Count == 0 && !isSending && scene.Fleet.Seen.Believed)
        {
            return (true, Says("every moved device has been told to go back"), null);
        }

        if (scene.Wanted.IsOverdue)
        {
            var names = Names.Of(rest.Select(device => device.Id));
            var left = new Notice("DeletionIncomplete", $"the deadline has passed, left as they are: {names}", true);
            return (true, Says("the deadline has passed"), left);
        }

        scene = scene with { Hours = scene.HoursBack };
        var isClosed = rest.Count > 0 && !rest.Exists(device => scene.Hours.IsOpen(device.Seen.Tags));
        var window = isClosed ? $", waiting for a time window: {Closed.Next(scene, rest)}" : "";
        return (false, Says($"{Names.Count(rest.Count)} still to go back{window}"), null);
    }

    /// <summary>Whether deletion leaves every device as it is; a release that only observes sends nothing then either.</summary>
    /// <param name="policy">The policy.</param>
    public static bool Keeps(PolicySpec policy) =>
        policy.OnDelete == DeletePolicy.Keep || policy.Mode == PolicyMode.Observe;

    private static Verdict Says(string what) => new(Phase.Deleting, Reasons.Deleting, $"deleting: {what}");

    private static Notice? Armed(Scene scene)
    {
        var armed = scene.Fleet.Devices.Where(device => device.Standing.IsArmed).Select(device => device.Id).ToList();
        return armed.Count == 0
            ? null
            : new Notice(
                "ArmedDevicesLeft",
                $"offline devices take the version when they return: {Names.Of(armed)}",
                true
            );
    }

    private static IEnumerable<Device> Open(Scene scene) =>
        scene.Fleet.Devices.Where(device => BackWrites.MayGoBack(device) || IsAdoptedToRemove(scene, device));

    private static bool IsAdoptedToRemove(Scene scene, Device device) =>
        scene.Wanted.Spec.Policy.OnDelete == DeletePolicy.Remove && device.Standing.IsAdopted;

    /// <summary>Done is when the previous version is observed as desired; a removal is done likewise.</summary>
    private static IEnumerable<Device> Unfinished(Scene scene) =>
        scene.Fleet.Devices.Where(device =>
            IsAdoptedToRemove(scene, device)
            || (
                device.Row is { Last: { } last }
                && Rollback.Is(device) == Going.Open
                && !(last.Kind == CommandKind.Back && device.Standing.IsAccepted)
            )
        );
}
