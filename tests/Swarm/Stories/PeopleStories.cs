using EdgeRelease.Api;
using EdgeRelease.Controller;
using EdgeRelease.Kubernetes;

namespace EdgeRelease.Tests.Swarm;

/// <summary>What people ask for on the way.</summary>
internal static class PeopleStories
{
    public static IReadOnlyDictionary<string, Action<Story>> All { get; } =
        new Dictionary<string, Action<Story>>
        {
            ["a-reverted-commit-takes-the-fast-lane"] = Reverted,
            ["an-abort-by-annotation-rolls-back"] = Aborted,
            ["a-pause-in-the-spec-holds-and-resumes"] = Paused,
            ["a-new-version-supersedes-a-half-done-one"] = Superseded,
            ["a-deleted-release-restores-what-it-moved"] = Deleted,
        };

    private static void Reverted(Story story)
    {
        story.Begins(
            "Eight gateways run v1 and get v2 in steps. Later the commit is reverted: v1 is what they all ran before, so",
            "it needs no canaries and no soaks."
        );
        Half(story, 8);
        story.Until(Phase.Complete);
        story.Run("30m");
        story.Edit("spec.version: v1, a revert of the commit before", spec => spec["version"] = "v1");
        story.Until(Phase.Complete);
    }

    private static void Aborted(Story story)
    {
        story.Begins(
            "Ten gateways run v1. Half of them have v2 when the shift leader sees bad parts and aborts the revision, r1."
        );
        Half(story, 10);
        story.Until(status => status.Phase == Phase.Soaking && status.Step?.Index == 2, "soaking at half");
        story.Annotate(Annotations.Abort, "r1");
        story.Until(Phase.RolledBack);
    }

    private static void Paused(Story story)
    {
        story.Begins(
            "Eight gateways run v1. The release is paused in Git while the canaries soak, and goes on an hour later."
        );
        Half(story, 8);
        story.Until(Phase.Soaking);
        story.Edit("spec.paused: true", spec => spec["paused"] = true);
        story.Run("1h");
        story.Edit("spec.paused: false", spec => spec["paused"] = false);
        story.Until(Phase.Complete);
    }

    private static void Superseded(Story story)
    {
        story.Begins(
            "Eight gateways run v1. Half of them are being told v2 when v3 is committed: what has not settled goes back first, and",
            "what runs v2 stays until v3 reaches it. Another version has another order of gateways: the half adds 2 and 3 for v2,",
            "but 1 and 6 for v3. Then somebody aborts v3 (r2, the second revision): what all of them go back to is still v1."
        );
        Half(story, 8);
        story.Until(status => status is { Phase: Phase.Progressing, Step.Index: 2 }, "at half");
        story.Run("20s");
        story.Edit("spec.version: v3", spec => spec["version"] = "v3");
        story.Until(Phase.Complete);
        story.Annotate(Annotations.Abort, "r2");
        story.Until(Phase.RolledBack);
    }

    private static void Deleted(Story story)
    {
        story.Begins(
            "Six gateways run v1 and have got v2 by a release whose policy on deletion is Restore. The release is deleted; it stays",
            "until every gateway has been told v1 again."
        );
        story.Add(6, "v1");
        story.Start();
        story.Apply(
            "v2",
            "{'version': 'v2', 'rolloutPercentage': 100, 'limits': {'maxUnavailable': 3}, 'policy': {'onDelete': 'Restore'}}"
        );
        story.Until(Phase.Complete);
        story.Run("10m");
        story.Happens(
            "the release is deleted",
            () => story.World.Cluster.Remove(Kinds.Release, new ResourceKey(World.Namespace, Story.Name))
        );
        Assert.True(story.World.RunUntil(() => story.Release is null, TimeSpan.FromHours(1)));
        story.Run("1m");
    }

    private static void Half(Story story, int devices)
    {
        story.Add(devices, "v1");
        story.Start();
        story.Apply("v2 in three steps", "{'version': 'v2', " + RolloutStories.Steps + "}");
    }
}
