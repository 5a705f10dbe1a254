using EdgeRelease.Api;
using EdgeRelease.Controller;
using EdgeRelease.Kubernetes;

namespace EdgeRelease.Tests.Swarm;

/// <summary>Gateways and releases that part.</summary>
internal static class PartingStories
{
    public static IReadOnlyDictionary<string, Action<Story>> All { get; } =
        new Dictionary<string, Action<Story>>
        {
            ["a-gateway-that-leaves-gets-back-what-it-ran"] = Left,
            ["a-deleted-release-takes-the-flow-away"] = Removed,
            ["a-release-whose-secret-went-first-is-deleted-at-once"] = CutOff,
        };

    private static void Left(Story story)
    {
        story.Begins(
            "Six gateways of line a run v1, and have got v2 by a release for that line whose policy for leavers is Restore. Then",
            "gateway-2 is moved to line b, which is not ready for v2: it gets back what it ran before, and five remain."
        );
        story.Add(6, "v1");
        story.Start();
        Apply(story, "'onLeave': 'Restore'");
        story.Until(Phase.Complete);
        story.Run("10m");
        var leaver = story.Gateways(2).Single();
        story.Happens("gateway-2 goes to line b", () => RolloutStories.Retag(story, leaver));
        story.Run("10m");
    }

    private static void Removed(Story story)
    {
        story.Begins(
            "A trial of v2: four gateways ran v1 before, two had no such flow, and one had v2 from the beginning. The trial is",
            "over, and the release is deleted with the policy Remove: the flow is taken off all seven, three at a time."
        );
        story.Add(4, "v1");
        story.Add(2, null);
        story.Add(1, "v2");
        story.Start();
        Apply(story, "'onDelete': 'Remove'");
        story.Until(Phase.Complete);
        story.Run("10m");
        story.Happens("the release is deleted", () => Delete(story, Kinds.Release, Story.Name));
        Assert.True(story.World.RunUntil(() => story.Release is null, TimeSpan.FromHours(1)));
        story.Run("1m");
    }

    private static void CutOff(Story story)
    {
        story.Begins(
            "Four gateways have got v2 by a release that is to restore v1 on deletion. The plant's namespace is taken down in",
            "the worst order: the Secret with the token first, then the LosantApplication, then the release. Nothing can be told",
            "to Losant any more, so it does not wait for its deadline: it goes at once, and an Event names what was left."
        );
        story.Add(4, "v1");
        story.Start();
        Apply(story, "'onDelete': 'Restore'");
        story.Until(Phase.Complete);
        story.Run("10m");
        story.Happens("the Secret is deleted", () => Delete(story, ResourceKind.Secret, "losant"));
        story.Run("30s");
        story.Happens("the LosantApplication is deleted", () => Delete(story, Kinds.Application, "plant-a"));
        story.Run("30s");
        story.Happens("the release is deleted", () => Delete(story, Kinds.Release, Story.Name));
        story.Run("30s");
        Assert.Null(story.Release);
        story.TellsEvents("DeletionIncomplete");
    }

    private static void Apply(Story story, string policy) =>
        story.Apply(
            "v2",
            "{'version': 'v2', 'rolloutPercentage': 100, 'limits': {'maxUnavailable': 3}, 'policy': {" + policy + "}}"
        );

    private static void Delete(Story story, ResourceKind kind, string name) =>
        story.World.Cluster.Remove(kind, new ResourceKey(World.Namespace, name));
}
