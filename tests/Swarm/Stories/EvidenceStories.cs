using EdgeRelease.Api;
using EdgeRelease.Simulation;

namespace EdgeRelease.Tests.Swarm;

/// <summary>What failures prove, and what they do not.</summary>
internal static class EvidenceStories
{
    private static readonly Outcome NoSensor = Outcome.Fails("sensor not found");

    public static IReadOnlyDictionary<string, Action<Story>> All { get; } =
        new Dictionary<string, Action<Story>>
        {
            ["failures-prove-a-higher-rate-than-tolerated"] = Proven,
            ["a-step-that-proves-nothing-pauses"] = Inconclusive,
            ["a-failure-after-the-end-rolls-back-within-the-watch"] = Watched,
        };

    private static void Proven(Story story)
    {
        story.Begins(
            "Forty gateways run v1, and on any day one in twenty of them may fail: 5 % are tolerated. v2 fails on every third",
            "gateway. The first two failures prove nothing; tolerated errors do not stop the others, so the release goes on. Four",
            "failures among seven are proof, 99 % sure, that more than 5 % fail, and all go back."
        );
        story.Add(40, "v1");
        Fail(story, [.. Enumerable.Range(1, 40).Where(number => number % 3 == 0)]);
        story.Start();
        story.Apply(
            "v2, 5 % may fail",
            "{'version': 'v2', 'failurePolicy': {'tolerance': '5%'}, 'rolloutPercentage': 100, 'limits': {'maxUnavailable': 3}}"
        );
        story.Until(Phase.RolledBack);
    }

    private static void Inconclusive(Story story)
    {
        story.Begins(
            "Thirty gateways run v1, 5 % may fail. Of the first five, one fails on v2: that may be chance, or a version that fails",
            "on every second gateway. One failure among five fits any true failure rate between 0.5 and 72 %, and both less and",
            "more than the tolerated 5 % lie in between: the release pauses and says so. A person looks at the gateway, finds a",
            "loose cable, and goes on."
        );
        story.Add(30, "v1");
        Fail(story, 24);
        story.Start();
        story.Apply(
            "v2 in two steps, 5 % may fail",
            "{'version': 'v2', 'failurePolicy': {'tolerance': '5%'}, 'limits': {'maxUnavailable': '50%'}, 'rollout': {'steps': "
                + "[{'name': 'canary', 'count': 5, 'soak': '10m'}, {'name': 'rest', 'percentage': 100}]}}"
        );
        story.Until(Phase.Paused);
        story.Run("5m");
        story.Annotate(Annotations.Approve, story.Release!.Status!.Pause!.Token!);
        story.Until(Phase.Complete);
    }

    private static void Watched(Story story)
    {
        story.Begins(
            "Six gateways run v1, two of them are offline. v2 completes on the others, and the two are told to take it when they",
            "return. An hour later gateway-2 returns and fails on v2, within the watch of two hours after the end: all go back;",
            "gateway-5, which is still offline and has never had v2, is told not to take it. v3 brings the repair, and it",
            "completes; when gateway-5 returns after the watch and fails, only gateway-5 is restored."
        );
        story.Add(6, "v1");
        Fail(story, 2);
        story.Gateways(5).Single().SetOutcome("v3", NoSensor);
        foreach (var device in story.Gateways(2, 5))
        {
            device.Disconnect();
        }

        story.Start();
        story.Apply(
            "v2, watched for two hours",
            "{'version': 'v2', 'failurePolicy': {'watch': '2h'}, 'rolloutPercentage': 100, 'limits': {'maxUnavailable': 3}}"
        );
        story.Until(Phase.Complete);
        story.Run("1h");
        story.Gateways(2).Single().Connect();
        story.Until(Phase.RolledBack);
        story.Run("10m");
        story.Edit("spec.version: v3", spec => spec["version"] = "v3");
        story.Until(Phase.Complete);
        story.Run("3h");
        story.Gateways(5).Single().Connect();
        story.Run("10m");
    }

    private static void Fail(Story story, params int[] gateways)
    {
        foreach (var device in story.Gateways(gateways))
        {
            device.SetOutcome("v2", NoSensor);
        }
    }
}
