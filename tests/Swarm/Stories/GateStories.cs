using System.Text.Json.Nodes;
using EdgeRelease.Api;
using EdgeRelease.Controller;
using EdgeRelease.Kubernetes;

namespace EdgeRelease.Tests.Swarm;

/// <summary>What holds a release until somebody, or the hour, lets it go on.</summary>
internal static class GateStories
{
    public static IReadOnlyDictionary<string, Action<Story>> All { get; } =
        new Dictionary<string, Action<Story>>
        {
            ["an-approval-is-given-by-a-commit"] = Approved,
            ["an-approval-is-given-by-a-raised-percentage"] = Raised,
            ["a-revision-is-promoted"] = Promoted,
            ["nights-around-a-clock-change"] = Nightly,
            ["a-freeze-stops-the-line"] = Frozen,
            ["a-gateway-joins-a-finished-release-in-a-freeze"] = JoinedInAFreeze,
            ["an-application-lets-one-gateway-of-a-site-be-away"] = Railed,
        };

    private const string Steps =
        "'rollout': {'steps': [{'name': 'canary', 'count': 1, 'soak': '10m', 'approval': true},"
        + " {'name': 'half', 'percentage': 50, 'soak': '1h', 'approval': true}, {'name': 'rest', 'percentage': 100}]},"
        + " 'limits': {'maxUnavailable': '50%'}";

    private static void Approved(Story story)
    {
        story.Begins(
            "Ten gateways run v1. After the canary, and again after half of them, the quality engineer must approve: the first",
            "token is committed to Git half an hour later, the second one is set as an annotation."
        );
        Begin(story);
        story.Until(Phase.Waiting);
        story.Run("30m");
        var token = story.Release!.Status!.WaitingFor!.Token!;
        story.Edit($"spec.approve: [{token}]", spec => spec["approve"] = new JsonArray(token));
        story.Until(status => status is { Phase: Phase.Waiting, Step.Index: 2 }, "waiting at half");
        story.Run("10m");
        story.Annotate(Annotations.Approve, story.Release!.Status!.WaitingFor!.Token!);
        story.Until(Phase.Complete);
    }

    private static void Raised(Story story)
    {
        story.Begins(
            "Ten gateways run v1. The first commit lets v2 reach 40 % of them at most. The canary ran well over night, and the team",
            "says so by a commit that raises rolloutPercentage: it approves what waits after the canary and nothing later. After",
            "the half the release asks again, and the next raise is the answer."
        );
        story.Add(10, "v1");
        story.Start();
        story.Apply("v2 with approvals, at most 40 %", "{'version': 'v2', 'rolloutPercentage': 40, " + Steps + "}");
        story.Until(Phase.Waiting);
        story.Run("8h");
        story.Edit("spec.rolloutPercentage: 80", spec => spec["rolloutPercentage"] = 80);
        story.Until(status => status is { Phase: Phase.Waiting, Step.Index: 2 }, "waiting at half");
        story.Run("1h");
        story.Edit("spec.rolloutPercentage: 100", spec => spec["rolloutPercentage"] = 100);
        story.Until(Phase.Complete);
        story.Shows("approvals");
    }

    private static void Promoted(Story story)
    {
        story.Begins(
            "Ten gateways run v1. The fix that v2 brings is urgent: the revision (r1) is promoted while its canary soaks, so that",
            "no soak and no approval is waited for any more, only the gateways themselves, half of them at a time."
        );
        Begin(story);
        story.Until(Phase.Soaking);
        story.Annotate(Annotations.Promote, "r1");
        story.Until(Phase.Complete);
    }

    private static void Nightly(Story story)
    {
        story.Begins(
            "Times are UTC. Twelve gateways in Berlin run v1 and may change from 22:00 to 04:00, local time; each runs v2 for an",
            "hour before the next one is told. It is the 28th of March, and in this night the clocks go forward: the window opens",
            "at 21:00 UTC, midnight is at 23:00, the clocks change at 01:00, and the window shuts at 02:00, after five hours",
            "instead of six. Five of the first half change; the sixth must wait for the next night, which begins at 20:00 UTC. Then",
            "half of them soak for six hours, and the others follow in the third night."
        );
        story.Add(12, "v1");
        story.World.Run(new DateTimeOffset(2026, 3, 28, 20, 0, 0, TimeSpan.Zero) - story.World.Time.Now);
        story.Start();
        story.Apply(
            "v2 at night",
            "{'version': 'v2', 'rollout': {'steps': [{'name': 'half', 'percentage': 50, 'soak': '6h'}, {'name': 'rest',"
                + " 'percentage': 100}]}, 'limits': {'maxUnavailable': 1}, 'health': {'confirm': '1h', 'settleTimeout': '3m'},"
                + " 'schedule': {'windows': [{'from': '22:00', 'to': '04:00', 'timeZone': 'Europe/Berlin'}]}}"
        );
        story.Run("53h");
        story.Until(Phase.Complete);
    }

    private static void Frozen(Story story)
    {
        story.Begins(
            "Ten gateways run v1. Half of them have v2 and soak for ten minutes when the plant is frozen for the inventory: the",
            "others stay as they are until the freeze ends two hours later."
        );
        story.Add(10, "v1");
        story.Start();
        story.Apply(
            "v2 in two steps",
            "{'version': 'v2', 'rollout': {'steps': [{'name': 'half', 'percentage': 50, 'soak': '10m'}, {'name': 'rest',"
                + " 'percentage': 100}]}, 'limits': {'maxUnavailable': '50%'}}"
        );
        story.Until(Phase.Soaking);
        Freeze(story);
        story.Run("2h");
        story.Happens("the freeze ends", () => Rail(story, "frozen", null));
        story.Until(Phase.Complete);
    }

    private static void JoinedInAFreeze(Story story)
    {
        story.Begins(
            "Four gateways run v2 and the release is complete when the plant is frozen. A fifth gateway is put up: the release",
            "stays complete, says that one waits, and serves it once the freeze ends."
        );
        story.Add(4, "v1");
        story.Start();
        story.Apply("v2", "{'version': 'v2', 'rolloutPercentage': 100, 'limits': {'maxUnavailable': '100%'}}");
        story.Until(Phase.Complete);
        Freeze(story);
        story.Happens("gateway-5 is put up", () => story.Add(1, "v1"));
        story.Run("30m");
        story.Happens("the freeze ends", () => Rail(story, "frozen", null));
        story.Until(status => status.Devices is { Updated: 5 }, "5 updated");
    }

    private static void Freeze(Story story) =>
        story.Happens(
            "the plant is frozen",
            () => Rail(story, "frozen", new JsonObject { ["reason"] = "inventory week" })
        );

    private static void Railed(Story story)
    {
        story.Begins(
            "Three gateways stand in Hamburg, two in Kassel; all run v1. The platform team, which owns the LosantApplication, lets",
            "one gateway of a site be away, and the release, which would take three, keeps to it: on the way forward, and back when",
            "somebody aborts it."
        );
        story.Add(3, "v1", new KeyValuePair<string, string>("site", "hamburg"));
        story.Add(2, "v1", new KeyValuePair<string, string>("site", "kassel"));
        story.Start();
        var guard = new JsonObject
        {
            ["perGroup"] = new JsonObject { ["tag"] = "site", ["maxUnavailable"] = 1 },
        };
        story.Happens("the application lets one gateway of a site be away", () => Rail(story, "guard", guard));
        story.Apply(
            "v2, three gateways of a site at a time",
            "{'version': 'v2', 'rolloutPercentage': 100, 'limits': {'maxUnavailable': '100%', 'perGroup': {'tag': 'site', 'maxUnavailable': 3}}}"
        );
        story.Until(Phase.Complete);
        story.Annotate(Annotations.Abort, "r1");
        story.Until(Phase.RolledBack);
    }

    /// <summary>Somebody changes a member of the LosantApplication's spec; null takes it away.</summary>
    public static void Rail(Story story, string member, JsonObject? value) =>
        story.World.Cluster.Edit(
            Kinds.Application,
            new ResourceKey(World.Namespace, "plant-a"),
            root => root["spec"]![member] = value
        );

    private static void Begin(Story story)
    {
        story.Add(10, "v1");
        story.Start();
        story.Apply("v2 with approvals", "{'version': 'v2', " + Steps + "}");
    }
}
