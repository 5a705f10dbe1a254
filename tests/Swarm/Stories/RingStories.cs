using EdgeRelease.Api;
using EdgeRelease.Simulation;

namespace EdgeRelease.Tests.Swarm;

/// <summary>Steps that are rings: gateways that carry a tag, before all others.</summary>
internal static class RingStories
{
    private const string Rings =
        "'rollout': {'steps': [{'name': 'lab', 'deviceTags': {'ring': 'lab'}, 'all': true, 'soak': '1h'}, "
        + "{'name': 'pilot', 'deviceTags': {'ring': 'pilot'}, 'all': true, 'soak': '30m', 'approval': true}, "
        + "{'name': 'plant', 'all': true}]}, 'limits': {'maxUnavailable': '50%'}";

    public static IReadOnlyDictionary<string, Action<Story>> All { get; } =
        new Dictionary<string, Action<Story>>
        {
            ["the-lab-then-the-pilot-line-then-the-plant"] = Through,
            ["the-pilot-line-fails-and-the-lab-goes-back-with-it"] = Back,
        };

    private static void Through(Story story)
    {
        story.Begins(
            "Twelve gateways run v1: 1 and 2 are in the lab, 3 to 5 on the pilot line, 6 to 12 in the rest of the plant. v2 has",
            "an hour to show itself in the lab, and half an hour on the pilot line; then somebody must approve before the plant",
            "gets it. Twenty minutes later the shift leader does."
        );
        Begin(story);
        story.Until(Phase.Waiting);
        story.Run("20m");
        story.Annotate(Annotations.Approve, story.Release!.Status!.WaitingFor!.Token!);
        story.Until(Phase.Complete);
    }

    private static void Back(Story story)
    {
        story.Begins(
            "Twelve gateways run v1: 1 and 2 are in the lab, 3 to 5 on the pilot line, 6 to 12 in the rest of the plant. v2 works",
            "in the lab; on the pilot line gateway-4 has a sensor that the lab has not, and fails. No failure is allowed: the",
            "pilot line and the lab go back to v1, and the rest of the plant has never had v2."
        );
        Begin(story, pilot => pilot.SetOutcome("v2", Outcome.Fails("sensor not found")));
        story.Until(Phase.RolledBack);
    }

    private static void Begin(Story story, Action<SimulatedDevice>? trouble = null)
    {
        story.Add(2, "v1", new KeyValuePair<string, string>("ring", "lab"));
        story.Add(3, "v1", new KeyValuePair<string, string>("ring", "pilot"));
        story.Add(7, "v1");
        trouble?.Invoke(story.Devices[3]);
        story.Start();
        story.Apply("v2 to the lab, the pilot line and the plant", "{'version': 'v2', " + Rings + "}");
    }
}
