using EdgeRelease.Api;
using EdgeRelease.Observation;

namespace EdgeRelease.Planning;

/// <summary>A release in mode Observe: plan and counters as if it were managing, and nothing is sent (F091). No revision
/// begins and nothing is decided; what devices do with commands from before is still learnt.</summary>
internal static class Observing
{
    public static bool Is(Release wanted) => wanted.Spec.Policy.Mode == PolicyMode.Observe && wanted.DeletedAt is null;

    public static Plan Of(Release wanted, Memory memory, Snapshot seen, DateTimeOffset now)
    {
        var fleet = Fleet.Of(wanted, memory, seen);
        var learnt = Learning.From(fleet, memory, wanted);
        var begun = Revisions.Current(wanted, learnt, now);
        if (begun.Revision != memory.Revision)
        {
            fleet = Fleet.Of(wanted, begun, seen);
        }

        var scene = new Scene(wanted, begun, fleet, Evidence.Of(begun, fleet), now);
        var verdict = Ignored.Named(wanted, learnt, Says(scene, learnt));
        var plan = new Plan
        {
            Batches = [],
            Verdict = verdict,
            Memory = learnt,
            Notices = [],
            Fleet = fleet,
            Evidence = scene.Evidence,
            Now = now,
            Target = scene.Target.Devices,
            Gate = new Gate(verdict.Reason, verdict.Message, verdict.Phase),
            Scene = scene,
        };
        return plan with { WakeAt = Wake.At(plan, wanted, scene.Hours, memory) };
    }

    private static Verdict Says(Scene scene, Memory memory)
    {
        if (scene.Wanted.Problem is { } problem)
        {
            return new Verdict(Phase.Blocked, problem.Reason, problem.Message);
        }

        var updated = scene.Fleet.Eligible.Count(device => device.Standing.State == DeviceState.Updated);
        var what = scene.Wanted.Version is { } version ? $"run {version}" : "have the flow removed";
        var counts = $"{updated} of {scene.Fleet.Eligible.Count} devices {what}";
        return new Verdict(
            Phase.Observing,
            Reasons.Observing,
            $"{counts}; nothing is sent while policy.mode is Observe{Unfinished(scene, memory)}{Unheard(scene.Wanted.Requests, memory)}"
        );
    }

    /// <summary>Requests of the present revision, which wait for the release to manage again.</summary>
    private static string Unheard(Requests requests, Memory memory)
    {
        (string Annotation, string? Value, string? Handled)[] asked =
        [
            (Annotations.Abort, requests.Abort, memory.Handled.Abort),
            (Annotations.Retry, requests.Retry, memory.Handled.Retry),
            (Annotations.Promote, requests.Promote, memory.Handled.Promote),
        ];
        var waiting = asked
            .Where(one => one.Value == $"r{memory.Revision}" && one.Value != one.Handled)
            .Select(one => $"; {one.Annotation}={one.Value} waits for policy.mode Manage");
        return string.Concat(waiting);
    }

    /// <summary>What a switch in the middle left as it was.</summary>
    private static string Unfinished(Scene scene, Memory memory)
    {
        if (memory.Result is not null || !memory.Rows.Values.Any(row => row.IsForward))
        {
            return "";
        }

        var what = memory.Latch is null ? "" : "the rollback of ";
        var going = scene.Fleet.Devices.Count(device => device.Standing.State == DeviceState.Updating);
        var back = scene.Fleet.Devices.Count(device => device.Standing.WantsBack != BackCause.None);
        return $"; {what}r{memory.Revision} stands still: {Names.Count(going)} under way, {back} to be restored";
    }
}
