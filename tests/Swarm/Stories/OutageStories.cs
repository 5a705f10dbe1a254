using EdgeRelease.Api;
using EdgeRelease.Simulation;

namespace EdgeRelease.Tests.Swarm;

/// <summary>Losant or the operator is down for a while.</summary>
internal static class OutageStories
{
    public static IReadOnlyDictionary<string, Action<Story>> All { get; } =
        new Dictionary<string, Action<Story>>
        {
            ["losant-is-down-for-ten-minutes-in-the-middle"] = LosantDown,
            ["the-operator-is-killed-in-the-middle-of-a-batch"] = Killed,
        };

    private static void LosantDown(Story story)
    {
        story.Begins(
            "Eight gateways run v1. Losant cannot be reached for ten minutes while half of them are being moved. The",
            "devices go on by themselves; the release goes on when Losant answers again."
        );
        story.Add(8, "v1");
        story.Start();
        story.Apply("v2 in three steps", "{'version': 'v2', " + RolloutStories.Steps + "}");
        story.Until(status => status is { Phase: Phase.Progressing, Step.Index: 2 }, "at half");
        var end = story.World.Time.Now + TimeSpan.FromMinutes(10);
        story.Happens(
            "Losant is down",
            () => story.World.Losant.Faults.Add(new FaultRule(FaultKind.ConnectionRefused) { Until = end })
        );
        story.Run("10m");
        story.Happens("Losant is back", story.World.Losant.Faults.Clear);
        story.Until(Phase.Complete);
    }

    private static void Killed(Story story)
    {
        story.Begins(
            "Eight gateways run v1. The operator is killed the moment Losant has taken the call for the second step, before the",
            "answer is heard. Before each call it writes down whom it is about to tell: the next process reads that and tells no",
            "gateway twice."
        );
        story.Add(8, "v1");
        story.Start();
        story.Apply("v2 in three steps", "{'version': 'v2', " + RolloutStories.Steps + "}");
        story.Until(status => status is { Phase: Phase.Soaking, Step.Index: 1 }, "soaking");
        var isKilled = false;
        story.World.Losant.Record.Subscribe(entry =>
        {
            if (!isKilled && entry is RequestRecord { Method: "POST" })
            {
                isKilled = true;
                story.Happens("the operator is killed (kill -9)", story.World.Kill);
            }
        });
        Assert.True(story.World.RunUntil(() => isKilled, TimeSpan.FromHours(1)));
        story.Run("30s");
        story.Happens("the operator starts", () => story.World.Start());
        story.Until(Phase.Complete);
    }
}
