using EdgeRelease.Api;

namespace EdgeRelease.Planning;

/// <summary>What a step waits for that has its outcomes and no success among them.</summary>
internal static class Unproven
{
    /// <summary>A step passes on nothing (rule 14): somebody of it must have succeeded.</summary>
    public static Verdict Of(Scene scene, IReadOnlyList<Device> target)
    {
        if (WithOffline(scene).Any(device => device is { IsReachable: false, Standing.State: DeviceState.Deferred }))
        {
            return new Verdict(
                Phase.Waiting,
                Reasons.WaitingForReachable,
                $"{Walk.Progress(scene, target)}; no device of the step has succeeded and none is reachable, it goes on when one connects"
            )
            {
                WaitingFor = new WaitingFor { Kind = WaitingKind.Reachable },
            };
        }

        var revision = scene.Memory.Revision;
        return new Verdict(
            Phase.Waiting,
            Reasons.NothingSucceeded,
            $"{Walk.Progress(scene, target)}; no device of the step has succeeded: annotate {Annotations.Retry}=r{revision} to try "
                + $"again, {Annotations.Abort}=r{revision} to roll back, or give the step more devices"
        );
    }

    /// <summary>The devices that the step itself is about, as if offline ones took the places that are left: whoever is
    /// not among them gets none by connecting.</summary>
    private static IReadOnlyList<Device> WithOffline(Scene scene)
    {
        var spec = scene.Wanted.Spec;
        var wanted = scene.Wanted with
        {
            Spec = spec with { Health = spec.Health with { Offline = OfflinePolicy.Arm } },
        };
        var index = scene.Memory.Step.Index;
        return Share.Own(scene.Steps, index, Share.Of(scene.Fleet, wanted, scene.Steps, index).Devices);
    }
}
