using EdgeRelease.Api;
using EdgeRelease.Controller;
using EdgeRelease.Kubernetes;

namespace EdgeRelease.Tests.Swarm;

/// <summary>Several hands on the same gateways.</summary>
internal static class RivalStories
{
    private const string Hotfix = "hotfix";

    public static IReadOnlyDictionary<string, Action<Story>> All { get; } =
        new Dictionary<string, Action<Story>>
        {
            ["two-releases-claim-the-same-gateways"] = Conflict,
            ["a-person-takes-a-gateway-away-and-it-is-corrected"] = Drifted,
            ["somebody-deletes-the-ledger-in-the-middle"] = LedgerGone,
            ["a-release-only-observes-until-it-is-told-to-manage"] = Observed,
        };

    private static void Observed(Story story)
    {
        story.Begins(
            "Five gateways, one of them with v2 by hand. A release of v2 only observes at first; then it manages, and is told to",
            "observe again in the middle: it stands still until it may go on."
        );
        story.Add(4, "v1");
        story.Add(1, "v2");
        story.Start();
        story.Apply("v2, only observing", "{'version': 'v2', 'rolloutPercentage': 100, 'policy': {'mode': 'Observe'}}");
        story.Until(Phase.Observing);
        story.Run("8h");
        story.Edit("spec.policy.mode: Manage", spec => spec["policy"]!["mode"] = "Manage");
        story.Until(status => status.Devices?.Updated > 1, "two updated");
        story.Run("20s");
        story.Edit("spec.policy.mode: Observe", spec => spec["policy"]!["mode"] = "Observe");
        story.Run("1h");
        story.Edit("spec.policy.mode: Manage", spec => spec["policy"]!["mode"] = "Manage");
        story.Until(Phase.Complete);
    }

    private static void Drifted(Story story)
    {
        story.Begins(
            "Four gateways have got v2. A person deploys v3 to one of them in the console: with policy.drift Report it is named and",
            "left alone, with Correct it is sent v2 again. The person insists, and after two corrections within an hour the",
            "operator gives way and says so."
        );
        story.Add(4, "v1");
        story.Start();
        story.Apply("v2 for all", "{'version': 'v2', 'rolloutPercentage': 100, 'policy': {'drift': 'Report'}}");
        story.Until(Phase.Complete);
        story.Run("30m");
        Insist(story);
        story.Edit("spec.policy.drift: Correct", spec => spec["policy"]!["drift"] = "Correct");
        story.Run("10m");
        story.Tells(Story.Name, ConditionTypes.DriftDetected);
        Insist(story);
        Insist(story);
        story.Run("6h");
        story.Tells(Story.Name, ConditionTypes.DriftDetected);
    }

    private static void LedgerGone(Story story)
    {
        story.Begins(
            "Eight gateways run v1. Half of them have v2 when somebody deletes all EdgeReleaseRevisions, the operator's ledger of",
            "what each gateway ran before, while the operator is down: what each gateway goes back to is read from Losant's own",
            "logs, so that an abort of the revision (r1) still takes all of them back."
        );
        story.Add(8, "v1");
        story.Start();
        story.Apply("v2 in three steps", "{'version': 'v2', " + RolloutStories.Steps + "}");
        story.Until(status => status is { Phase: Phase.Soaking, Step.Index: 2 }, "soaking at half");
        story.Happens("the operator is killed, and the EdgeReleaseRevisions are deleted", () => Forget(story.World));
        story.Run("1m");
        story.Happens("the operator starts again", () => story.World.Start());
        story.Run("2m");
        story.Annotate(Annotations.Abort, "r1");
        story.Until(Phase.RolledBack);
    }

    private static void Forget(World world)
    {
        world.Kill();
        foreach (var shard in world.Cluster.All(Kinds.Revision).ToList())
        {
            world.Cluster.Remove(Kinds.Revision, ResourceJson.KeyOf(shard)!);
        }
    }

    private static void Insist(Story story)
    {
        story.Happens("a person deploys v3 to gateway-2", () => story.Plant.Write(story.Devices[1], "v3"));
        story.Run("10m");
        story.Tells(Story.Name, ConditionTypes.DriftDetected);
    }

    private static void Conflict(Story story)
    {
        story.Begins(
            "Six gateways run v1 and get v2. A second release, hotfix, of higher priority names two of them and gives them v3: the",
            "first release, line-monitor, leaves them alone and says whose they are. When hotfix is deleted they come back to",
            "line-monitor and get v2."
        );
        story.Add(4, "v1");
        story.Add(2, "v1", new KeyValuePair<string, string>("site", "south"));
        story.Start();
        story.Apply("v2 for all", "{'version': 'v2', 'rolloutPercentage': 100, 'limits': {'maxUnavailable': 6}}");
        story.Until(Phase.Complete);
        story.Run("10m");
        story.Apply(
            "release hotfix: v3 for the south, priority 10",
            "{'version': 'v3', 'rolloutPercentage': 100, 'deviceTags': {'site': 'south'}, 'policy': {'priority': 10}}",
            Hotfix
        );
        story.Run("20m");
        story.Tells(Story.Name, ConditionTypes.Conflicted);
        story.Tells(Hotfix, ConditionTypes.Conflicted);
        story.Happens(
            "the release hotfix is deleted",
            () => story.World.Cluster.Remove(Kinds.Release, new ResourceKey(World.Namespace, Hotfix))
        );
        story.Run("10m");
        story.Until(Phase.Complete);
    }
}
