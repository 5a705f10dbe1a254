using EdgeRelease.Api;
using EdgeRelease.Simulation;

namespace EdgeRelease.Tests.Swarm;

/// <summary>Gateways that report an error and success in turn.</summary>
internal static class FlappingStories
{
    private const string NoSensor = "sensor not found";

    public static IReadOnlyDictionary<string, Action<Story>> All { get; } =
        new Dictionary<string, Action<Story>>
        {
            ["a-gateway-recovers-within-the-grace"] = Recovers,
            ["a-gateway-that-flaps-counts-as-one-failure"] = Flaps,
        };

    private static void Recovers(Story story)
    {
        story.Begins(
            "Four gateways run v1. gateway-2 finds its sensor only at the second try: it reports an error, its watchdog restarts",
            "the agent, and then it runs v2, all within a grace of two minutes. Meanwhile nobody else is told; then it counts as",
            "a success, and as recovered."
        );
        story.Add(4, "v1");
        story.Devices[1].SetOutcome("v2", Outcome.FailsThenWorks(1, NoSensor));
        story.Start();
        story.Apply(
            "v2, two minutes of grace",
            "{'version': 'v2', 'rolloutPercentage': 100, 'limits': {'maxUnavailable': 2}, "
                + "'health': {'confirm': '30s', 'settleTimeout': '3m', 'retryGrace': '2m'}}"
        );
        story.Until(status => status.Failing.Count > 0, "failing");
        story.Run("30s");
        story.Happens("the watchdog restarts the agent of gateway-2", () => Restart(story.Devices[1]));
        story.Until(Phase.Complete);
        story.Shows("evidence");
    }

    private static void Flaps(Story story)
    {
        story.Begins(
            "Four gateways get v2, and one may fail. Then the plug of gateway-3's sensor gets loose: v2 fails there and runs again",
            "ten seconds later, twice within half an hour. Neither error lasts for the grace of thirty seconds, but more than three",
            "changes between running and failing within an hour are one failure: gateway-3 goes back to v1, and the others keep v2."
        );
        story.Add(4, "v1");
        story.Start();
        story.Apply(
            "v2, one may fail",
            "{'version': 'v2', 'rolloutPercentage': 100, 'limits': {'maxUnavailable': 4}, 'failurePolicy': {'maxFailures': 1}}"
        );
        story.Until(Phase.Complete);
        story.Run("30m");
        Slip(story);
        story.Run("20m");
        Slip(story);
        story.Run("10m");
        story.Tells(Story.Name, ConditionTypes.Healthy);
        story.Shows("evidence");
    }

    private static void Restart(SimulatedDevice device)
    {
        device.Disconnect();
        device.Connect();
    }

    private static void Slip(Story story)
    {
        var (device, flow) = (story.Devices[2], story.Plant.Flow);
        device.Report(flow, NoSensor);
        story.Run("10s");
        story.Happens("gateway-3 runs v2 again", () => device.Report(flow, null));
    }
}
