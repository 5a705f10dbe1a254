using EdgeRelease.Api;

namespace EdgeRelease.Tests.Swarm;

/// <summary>What people read before a release moves and while it does.</summary>
internal static class LookingStories
{
    public static IReadOnlyDictionary<string, Action<Story>> All { get; } =
        new Dictionary<string, Action<Story>>
        {
            ["a-plan-is-read-before-anything-moves"] = Planned,
            ["a-person-asks-why-three-gateways-are-not-updated"] = Asked,
        };

    private static void Planned(Story story)
    {
        story.Begins(
            "Times are UTC. Twelve gateways run v1. v5 needs an agent of 1.41, which two of them do not have, and one is excluded",
            "by its tag pinned. The commit is merged at two in the afternoon; the window opens at ten at night in Berlin. Until",
            "then the status says what is going to happen: the steps, who is left out, and what may go wrong. At night it does."
        );
        story.Plant.Flow.AddVersion("v5", "1.41.0");
        story.Add(9, "v1", new KeyValuePair<string, string>("site", "hamburg"));
        story.Add(2, "v1", new KeyValuePair<string, string>("site", "kassel"));
        story.Add(1, "v1", new KeyValuePair<string, string>("pinned", "true"));
        story.Gateways(2, 6).ToList().ForEach(gateway => gateway.SetAgentVersion("1.38.0"));
        story.World.Run(TimeSpan.FromHours(14));
        story.Start();
        story.Apply(
            "v5 at night",
            "{'version': 'v5', 'exclude': {'deviceTags': {'pinned': 'true'}}, "
                + "'rollout': {'steps': [{'name': 'canary', 'count': 2, 'soak': '10m'}, {'name': 'half', 'percentage': 50},"
                + " {'name': 'rest', 'percentage': 100}]}, "
                + "'limits': {'maxUnavailable': 4, 'perGroup': {'tag': 'site', 'maxUnavailable': 2}}, "
                + "'health': {'confirm': '30s', 'settleTimeout': '3m', 'offline': 'Arm'}, "
                + "'schedule': {'windows': [{'from': '22:00', 'to': '04:00', 'timeZone': 'Europe/Berlin'}]}}"
        );
        story.Until(Phase.Waiting);
        story.Shows("plan");
        story.Run("7h");
        story.Until(Phase.Complete);
    }

    private static void Asked(Story story)
    {
        story.Begins(
            "Twelve gateways run v1, and gateway-5 is offline. The half is under way, two gateways at a time, when a technician",
            "asks why three others do not have v2 yet: one is offline, one waits for a slot, one is in a later step. The last step",
            "leaves gateway-5 out of its count, 11, and tells it at the end; it takes v2 when it returns."
        );
        story.Add(12, "v1");
        story.Gateways(5).Single().Disconnect();
        story.Start();
        story.Apply(
            "v2 in three steps",
            "{'version': 'v2', 'rollout': {'steps': [{'name': 'canary', 'count': 2, 'soak': '5m'}, {'name': 'half', 'percentage': 50},"
                + " {'name': 'rest', 'percentage': 100}]}, 'limits': {'maxUnavailable': 2}}"
        );
        story.Until(status => status is { Step.Index: 2, Devices.Updating: 2 }, "two of the half on their way");
        Ask(story, 5, 12, 1);
        story.Until(Phase.Complete);
    }

    private static void Ask(Story story, params int[] gateways)
    {
        using var onlooker = new Onlooker(story.World);
        foreach (var gateway in story.Gateways(gateways))
        {
            var answer = onlooker.Why(story.Release!, gateway.Id);
            story.Shows($"kubectl edgerelease why {Story.Name} {gateway.Id} # {gateway.Name}", answer);
        }
    }
}
