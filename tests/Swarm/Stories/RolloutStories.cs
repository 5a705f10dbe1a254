using EdgeRelease.Api;

namespace EdgeRelease.Tests.Swarm;

/// <summary>How far and how many: steps, soaks, percentages, joiners.</summary>
internal static class RolloutStories
{
    public const string Steps =
        "'rollout': {'steps': [{'name': 'canary', 'count': 2, 'soak': '5m'}, {'name': 'half', 'percentage': 50, 'soak': '2m'}, {'name': 'rest', 'percentage': 100}]}, 'limits': {'maxUnavailable': '50%'}";

    public static IReadOnlyDictionary<string, Action<Story>> All { get; } =
        new Dictionary<string, Action<Story>>
        {
            ["a-canary-that-soaks-and-completes"] = Canary,
            ["offline-devices-are-armed-last-and-update-when-they-return"] = Armed,
            ["an-offline-device-of-an-earlier-step-wakes-up-during-a-soak"] = WakesUp,
            ["the-percentage-is-raised-and-then-lowered"] = RaisedAndLowered,
            ["devices-join-and-leave-during-a-step"] = JoinAndLeave,
            ["a-flow-is-removed-step-by-step"] = Removed,
            ["no-two-gateways-of-one-site-are-away-at-once"] = SiteBySite,
            ["a-ramp-triples-the-share-step-by-step"] = Ramped,
            ["three-canaries-are-one-of-each-model"] = OneOfEach,
            ["a-release-tells-no-more-than-three-gateways-a-minute"] = Paced,
        };

    private static void Canary(Story story)
    {
        story.Begins(
            "Twelve gateways run v1. The release brings v2 to two canaries that soak for five minutes, then to half, then to all of",
            "them. Nothing fails."
        );
        story.Add(12, "v1");
        story.Start();
        story.Apply("v2 in three steps", "{'version': 'v2', " + Steps + "}");
        story.Until(Phase.Complete);
    }

    private static void Armed(Story story)
    {
        story.Begins(
            "Eight gateways run v1, two of them are offline. The last step leaves those out of its count, 6, and tells them at the",
            "end, once v2 is proven on the others; they take it when they return. gateway-3 does so; gateway-6 is still offline",
            "when the story ends."
        );
        story.Add(8, "v1");
        story.Gateways(3, 6).ToList().ForEach(device => device.Disconnect());
        story.Start();
        story.Apply("v2 in three steps", "{'version': 'v2', " + Steps + "}");
        story.Until(Phase.Complete);
        story.Run("10m");
        story.Gateways(3).Single().Connect();
        story.Run("10m");
    }

    private static void WakesUp(Story story)
    {
        story.Begins(
            "Eight gateways run v1; gateway-2 is offline when the release begins and returns while the canaries soak. That step is",
            "full, so it waits for a place in a later one."
        );
        story.Add(8, "v1");
        story.Gateways(2).Single().Disconnect();
        story.Start();
        story.Apply("v2 in three steps", "{'version': 'v2', " + Steps + "}");
        story.Until(Phase.Soaking);
        story.Run("1m");
        story.Gateways(2).Single().Connect();
        story.Until(Phase.Complete);
    }

    private static void RaisedAndLowered(Story story)
    {
        story.Begins(
            "Ten gateways run v1. The release brings v2 to 20 %, then to 60 %, and then somebody wants only 30 %: the gateways that",
            "were moved last go back to v1."
        );
        story.Add(10, "v1");
        story.Start();
        story.Apply("v2 at 20 %", "{'version': 'v2', 'rolloutPercentage': 20, 'limits': {'maxUnavailable': '50%'}}");
        story.Until(Phase.AtPercentage);
        story.Edit("spec.rolloutPercentage: 60", spec => spec["rolloutPercentage"] = 60);
        story.Until(Phase.AtPercentage);
        story.Edit("spec.rolloutPercentage: 30", spec => spec["rolloutPercentage"] = 30);
        story.Until(Phase.AtPercentage);
    }

    private static void JoinAndLeave(Story story)
    {
        story.Begins(
            "Eight gateways of line a run v1. While v2 is rolled out, two new gateways without the flow, 9 and 10, are added to the",
            "line, and gateway-1 is moved to another line, where this release has no say: it keeps v1."
        );
        story.Add(8, "v1");
        story.Start();
        story.Apply("v2 in three steps", "{'version': 'v2', " + Steps + "}");
        story.Until(Phase.Soaking);
        story.Happens("gateway-9 and gateway-10 join line a", () => story.Add(2, null));
        var leaver = story.Gateways(1).Single();
        story.Happens("gateway-1 goes to line b", () => Retag(story, leaver));
        story.Until(Phase.Complete);
    }

    /// <summary>A gateway is moved to line b.</summary>
    public static void Retag(Story story, Simulation.SimulatedDevice device)
    {
        story.Plant.Touch(device);
        device.Retag(new KeyValuePair<string, string>("line", "b"));
    }

    private static void SiteBySite(Story story)
    {
        story.Begins(
            "Three gateways stand in Hamburg, two in Kassel, one alone; all run v1. No two of one site may be away at the",
            "same time, neither when v2 is rolled out nor when somebody aborts it."
        );
        story.Add(3, "v1", new KeyValuePair<string, string>("site", "hamburg"));
        story.Add(2, "v1", new KeyValuePair<string, string>("site", "kassel"));
        story.Add(1, "v1");
        story.Start();
        story.Apply(
            "v2, one gateway of a site at a time",
            "{'version': 'v2', 'rolloutPercentage': 100, 'limits': {'maxUnavailable': '100%', 'perGroup': {'tag': 'site', 'maxUnavailable': 1}}}"
        );
        story.Until(Phase.Complete);
        story.Annotate(Annotations.Abort, "r1");
        story.Until(Phase.RolledBack);
    }

    private static void Ramped(Story story)
    {
        story.Begins(
            "Twenty gateways run v1. The release begins with 5 % of them and triples the share after each step, which is held",
            "for two minutes."
        );
        story.Add(20, "v1");
        story.Start();
        story.Apply(
            "v2 by a ramp",
            "{'version': 'v2', 'rollout': {'ramp': {'start': 5, 'factor': 3, 'soak': '2m'}}, 'limits': {'maxUnavailable': '50%'}}"
        );
        story.Until(Phase.Complete);
    }

    private static void OneOfEach(Story story)
    {
        story.Begins(
            "Gateways 1 to 6 are of model a, 7 and 8 of model b, 9 of model c; all run v1. The three canaries are one of each",
            "model; the half is filled in the same way."
        );
        story.Add(6, "v1", new KeyValuePair<string, string>("model", "a"));
        story.Add(2, "v1", new KeyValuePair<string, string>("model", "b"));
        story.Add(1, "v1", new KeyValuePair<string, string>("model", "c"));
        story.Start();
        story.Apply(
            "v2 to three canaries, half, all",
            "{'version': 'v2', 'rollout': {'spreadBy': ['model'], 'steps': [{'name': 'canary', 'count': 3, 'soak': '5m'}, {'name': 'half', 'percentage': 50}, {'name': 'rest', 'percentage': 100}]}, 'limits': {'maxUnavailable': '50%'}}"
        );
        story.Until(Phase.Complete);
    }

    private static void Paced(Story story)
    {
        story.Begins(
            "Eight gateways run v1. All may be away at the same time, but no more than three are told within any minute:",
            "the line's uplink is slow."
        );
        story.Add(8, "v1");
        story.Start();
        story.Apply(
            "v2, three a minute",
            "{'version': 'v2', 'rolloutPercentage': 100, 'limits': {'maxUnavailable': '100%', 'perMinute': 3}}"
        );
        story.Until(Phase.Complete);
    }

    private static void Removed(Story story)
    {
        story.Begins(
            "Ten gateways run v1 or v2. The flow is taken off all of them, two canaries first; then they run nothing of it."
        );
        story.Add(6, "v1");
        story.Add(4, "v2");
        story.Start();
        story.Apply("remove the flow", "{'remove': true, " + Steps + "}");
        story.Until(Phase.Complete);
    }
}
