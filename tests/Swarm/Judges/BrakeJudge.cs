using EdgeRelease.Api;
using EdgeRelease.Controller;

namespace EdgeRelease.Tests.Swarm;

/// <summary>What stops every forward call, and what a fleet that seems to have shrunk may not bring to its end: I7 and
/// I11.</summary>
internal sealed class BrakeJudge(World world, Plant plant, Truth truth)
{
    private int _read;

    /// <summary>Two scans must be so far apart before a smaller fleet is believed.</summary>
    private static readonly TimeSpan Doubt = TimeSpan.FromMinutes(5);

    /// <summary>A call planned before the devices were gone has ended after this.</summary>
    private static readonly TimeSpan Underway = TimeSpan.FromSeconds(80);

    /// <summary>I7: a release that only observes sends nothing, not even back.</summary>
    public static void JudgeMode(JudgedCall call) =>
        Violation.If(
            call.IsOfThisSpec && call.Release.Spec.Policy.Mode == PolicyMode.Observe,
            "I7",
            "a call while it only observes"
        );

    public void Judge(JudgedCall call)
    {
        var (release, status) = (call.Release, call.Release.Status!);
        Violation.If(status.Latch is not null, "I7", "forward while rolling back");
        Violation.If(status.Pause is not null, "I7", "forward while paused by policy");
        Violation.If(status.Result == RevisionResult.RolledBack, "I7", "forward after a rollback");
        var isAsked = IsAborted(release) || release.Meta.Annotations.ContainsKey(Annotations.Paused);
        Violation.If(isAsked && IsIntentNewest(release), "I7", "forward after an abort or a pause by annotation");
        if (call.IsOfThisSpec)
        {
            Violation.If(release.Spec.Paused, "I7", "forward while paused");
            Violation.If(release.Meta.DeletionTimestamp is not null, "I7", "forward while deleting");
        }

        Shrunk();
    }

    /// <summary>I11: nothing ends well and nothing goes back for what is not believed. Sees every status since it was
    /// called last.</summary>
    public void SeeStatuses()
    {
        for (; _read < world.Cluster.Record.Count; _read++)
        {
            var write = world.Cluster.Record[_read];
            var isOfRelease = write.Kind == Kinds.Release && write is { Subresource: "status", Before: not null };
            if (!isOfRelease || Doubted(write.At) is not { } doubt)
            {
                continue;
            }

            var (before, after) = (ReleaseObject.Of(write.Before!.Value), ReleaseObject.Of(write.After));
            if (after.Spec.Flow == plant.Flow.Name)
            {
                Ended(before.Status ?? new(), after.Status!, doubt);
            }
        }
    }

    private static void Ended(EdgeReleaseStatus before, EdgeReleaseStatus after, string doubt)
    {
        var isNewlyComplete = after.Phase == Phase.Complete && before.Phase != Phase.Complete;
        Violation.If(isNewlyComplete, "I11", $"Complete {doubt}");
        var isBreach = after.Latch?.Kind == LatchKind.Breach && before.Latch is null;
        Violation.If(isBreach, "I11", $"a breach {doubt}");
        var isGoneBack = after.Phase == Phase.RolledBack && before.Phase != Phase.RolledBack;
        Violation.If(isGoneBack, "I11", $"RolledBack {doubt}");
    }

    private void Shrunk() => Violation.If(Doubted(truth.Now) is not null, "I11", $"forward {Doubted(truth.Now) ?? ""}");

    /// <summary>Why what the operator sees at an instant may not be believed; null when it may.</summary>
    private string? Doubted(DateTimeOffset at)
    {
        if (plant.Shrunk is not { } shrunk)
        {
            return null;
        }

        var since = at - shrunk.At;
        var gone = shrunk.Before - truth.Present;
        var isSeen = truth.ScannedAt > shrunk.At && truth.ScannedAt <= at;
        var isInDoubt = isSeen && since > Underway && since < Doubt && gone > 2 && gone * 5 > shrunk.Before;
        return isInDoubt && Knew(shrunk.Before) ? $"{since} after {gone} of {shrunk.Before} went" : null;
    }

    /// <summary>Whether the operator had seen the devices that are gone.</summary>
    private bool Knew(int devices) =>
        world.Cluster.Get(Kinds.Application, new(World.Namespace, plant.ObjectName)) is { } json
        && ApplicationObject.Of(json).Status?.Observation?.Devices == devices;

    private static bool IsAborted(ReleaseObject release) =>
        release.Meta.Annotations.GetValueOrDefault(Annotations.Abort) == $"r{release.Status!.Revision}";

    /// <summary>Whether nobody wrote the object after the intent, so that who stored it knew all that it says.</summary>
    private bool IsIntentNewest(ReleaseObject release)
    {
        for (var i = world.Cluster.Record.Count - 1; i >= 0; i--)
        {
            var write = world.Cluster.Record[i];
            if (write.Kind == Kinds.Release && write.Key == release.Key)
            {
                return write.Subresource == "status";
            }
        }

        return false;
    }
}
