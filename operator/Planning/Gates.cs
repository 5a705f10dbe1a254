using EdgeRelease.Api;

namespace EdgeRelease.Planning;

/// <summary>What keeps every device from moving forward. The order of the list is the specification: the first that
/// speaks is the answer.</summary>
internal static class Gates
{
    private static readonly Func<Scene, Gate?>[] Chain =
    [
        Obstructed,
        KnownBad,
        Republished,
        Shrunk,
        ShutDown,
        GivingBack,
        Paused,
        PausedByPolicy,
        Frozen,
        Superseding,
        InDoubt,
    ];

    /// <summary>The first gate that is shut; null when devices may move.</summary>
    public static Gate? First(Scene scene) =>
        Chain.Select(gate => gate(scene)).FirstOrDefault(gate => gate is not null);

    private static Gate? Obstructed(Scene scene) =>
        scene.Wanted.Problem is { } problem ? new Gate(problem.Reason, problem.Message, Phase.Blocked) : null;

    private static Gate? KnownBad(Scene scene) =>
        Revisions.KnownBad(scene.Memory) is { } bad
            ? new Gate(
                Reasons.KnownBad,
                $"{bad.Version} was rolled back before ({bad.Reason}): release another version, or annotate "
                    + $"{Annotations.Retry}=r{scene.Memory.Revision} to try it again",
                Phase.Blocked
            )
            : null;

    private static Gate? Republished(Scene scene)
    {
        var revision = scene.Memory.Revision;
        return scene.Memory.Version is { Republished: true }
            ? new Gate(
                Reasons.VersionChangedUnderneath,
                $"{scene.Wanted.VersionWord} was published again with other content during r{revision}: annotate "
                    + $"{Annotations.Retry}=r{revision} to release the new content, or {Annotations.Abort}=r{revision}",
                Phase.Blocked
            )
            : null;
    }

    private static Gate? Shrunk(Scene scene) =>
        scene.Fleet.Seen.Believed
            ? null
            : new Gate(
                Reasons.FleetShrunk,
                "many devices are missing from Losant's list; nothing moves until a second full scan, 5 minutes later, confirms it",
                Phase.Waiting
            );

    private static Gate? ShutDown(Scene scene) => scene.Wanted.Rails.IsShutDown ? Frozen(scene) : null;

    private static Gate? Frozen(Scene scene) =>
        scene.Wanted.Rails is { Frozen: not null } rails
            ? new Gate(Reasons.Frozen, rails.FrozenBecause, Phase.Waiting)
            : null;

    private static Gate? GivingBack(Scene scene)
    {
        if (!Lowering.IsDue(scene))
        {
            return null;
        }

        var giving = $"giving devices back until {scene.Wanted.Percentage} % are left";
        return Lowering.Stuck(scene) is { } stuck
            ? new Gate(Reasons.WaitingForBudget, $"{giving}; {stuck.Words}", Phase.Waiting)
            : new Gate(Reasons.Progressing, giving, Phase.Progressing);
    }

    private static Gate? Paused(Scene scene)
    {
        var why = scene.Wanted.PausedBecause;
        return why is not null || scene.Wanted.Spec.Paused
            ? new Gate(
                Reasons.Paused,
                why is null
                    ? "paused by spec.paused: set it to false to go on"
                    : $"paused ({why}): remove the annotation {Annotations.Paused} to go on",
                Phase.Paused
            )
            : null;
    }

    private static Gate? PausedByPolicy(Scene scene) =>
        scene.Memory.Pause is { } pause
            ? new Gate(
                Reasons.PausedByPolicy,
                $"paused: {pause.Reason}; add {pause.Token} to spec.approve or annotate {Annotations.Approve}={pause.Token} "
                    + $"to go on, or {Annotations.Abort}=r{scene.Memory.Revision} to roll back",
                Phase.Paused
            )
            : null;

    private static Gate? Superseding(Scene scene)
    {
        var rest = scene.Fleet.Devices.Count(device =>
            device.Standing.WantsBack == BackCause.Superseded && device.Row is { IsForward: true }
        );
        return rest == 0
            ? null
            : new Gate(
                Reasons.Progressing,
                $"restoring {Names.Count(rest)} that r{scene.Memory.Revision - 1} left unsettled first",
                Phase.Progressing
            );
    }

    /// <summary>Only while failures count: afterwards a failure is the device's own (rule 21).</summary>
    private static Gate? InDoubt(Scene scene) =>
        scene.IsWatched && scene.Evidence.IsInDoubt(scene.Wanted.Spec.FailurePolicy, scene.Memory.Acknowledged)
            ? new Gate(
                Reasons.Progressing,
                $"an error on {Names.Count(scene.Evidence.Failing)}; no other starts until each has recovered or failed",
                Phase.Progressing
            )
            {
                KeepsEnd = true,
            }
            : null;
}
