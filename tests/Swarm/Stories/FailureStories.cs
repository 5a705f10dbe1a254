using EdgeRelease.Api;
using EdgeRelease.Simulation;

namespace EdgeRelease.Tests.Swarm;

/// <summary>Versions and devices that fail.</summary>
internal static class FailureStories
{
    private static readonly Outcome NoSensor = Outcome.Fails("sensor not found");

    public static IReadOnlyDictionary<string, Action<Story>> All { get; } =
        new Dictionary<string, Action<Story>>
        {
            ["a-breach-rolls-each-device-back-to-its-own-version"] = Breach,
            ["failures-within-the-limit-are-restored-and-the-release-goes-on"] = Tolerated,
            ["a-version-is-tried-again-after-a-rollback"] = Retried,
            ["a-breach-pauses-by-policy-and-a-token-resumes"] = PausedByPolicy,
            ["a-device-goes-dark-after-the-update"] = Lost,
            ["a-version-is-published-again-underneath"] = Republished,
            ["a-call-that-losant-accepts-but-never-schedules"] = NotAccepted,
        };

    private static void Breach(Story story)
    {
        story.Begins(
            "Three gateways run v1, three run v2, two run v3 and two never had the flow (nothing, in the last line). v4 fails on",
            "gateways 5 and 8; the first failure is one too many, and every moved gateway goes back to what it ran itself."
        );
        story.Add(3, "v1");
        story.Add(3, "v2");
        story.Add(2, "v3");
        story.Add(2, null);
        Fail(story, "v4", NoSensor, 5, 8);
        story.Start();
        story.Apply("v4 in three steps", "{'version': 'v4', " + RolloutStories.Steps + "}");
        story.Until(Phase.RolledBack);
    }

    private static void Tolerated(Story story)
    {
        story.Begins(
            "Ten gateways run v1. v2 fails on two of them and two failures are allowed: both are put back on v1, and the release",
            "goes on with the others."
        );
        story.Add(10, "v1");
        Fail(story, "v2", NoSensor, 3, 7);
        story.Start();
        story.Apply(
            "v2, two may fail",
            "{'version': 'v2', 'failurePolicy': {'maxFailures': 2}, " + RolloutStories.Steps + "}"
        );
        story.Until(Phase.Complete);
    }

    private static void Retried(Story story)
    {
        story.Begins(
            "Six gateways run v1. v2 fails on gateway-2 because a sensor is not connected. After the rollback somebody connects the",
            "sensor and asks for another try of the same version; r1 names the first revision, that is, the first try."
        );
        story.Add(6, "v1");
        Fail(story, "v2", NoSensor, 2);
        story.Start();
        story.Apply("v2", "{'version': 'v2', 'rolloutPercentage': 100, 'limits': {'maxUnavailable': 3}}");
        story.Until(Phase.RolledBack);
        story.Happens("the sensor is connected", () => Fail(story, "v2", Outcome.Works, 2));
        story.Run("1m");
        story.Annotate(Annotations.Retry, "r1");
        story.Until(Phase.Complete);
    }

    private static void PausedByPolicy(Story story)
    {
        story.Begins(
            "Six gateways run v1 and v2 fails on gateway-4, the first one. One failure too many shall pause the release, not roll",
            "it back (onBreach: Pause); gateway-4 itself goes back to v1. A person looks at it, accepts the failure by approving",
            "with the token that the status names, and the rest goes on."
        );
        story.Add(6, "v1");
        Fail(story, "v2", NoSensor, 4);
        story.Start();
        story.Apply(
            "v2, pause on a breach",
            "{'version': 'v2', 'failurePolicy': {'onBreach': 'Pause'}, 'rolloutPercentage': 100, 'limits': {'maxUnavailable': 2}}"
        );
        story.Until(Phase.Paused);
        story.Run("5m");
        story.Annotate(Annotations.Approve, story.Release!.Status!.Pause!.Token!);
        story.Until(Phase.Complete);
    }

    private static void Lost(Story story)
    {
        story.Begins(
            "Fourteen gateways run v1. gateway-5 takes v2 and is never heard of again. It is lost after ten minutes, told to go",
            "back when it returns, and does not count as a failure. As no gateway without v2 is left to compare it with, a person",
            "is asked whether v2 is the cause, and lets the release go on. At the end gateway-5 is still offline; it takes v1 when",
            "it returns."
        );
        story.Add(14, "v1");
        Fail(story, "v2", Outcome.BricksConnection, 5);
        story.Start();
        story.Apply(
            "v2 in three steps",
            "{'version': 'v2', 'health': {'confirm': '30s', 'settleTimeout': '3m', 'lostAfter': '10m'}, "
                + RolloutStories.Steps
                + "}"
        );
        story.Until(Phase.Paused);
        story.Run("10m");
        story.Annotate(Annotations.Approve, story.Release!.Status!.Pause!.Token!);
        story.Until(Phase.Complete);
    }

    private static void Republished(Story story)
    {
        story.Begins(
            "Six gateways run v1. After the canaries have v2, somebody publishes other content under the name v2. The release",
            "stops, because the rest would get something else; a retry brings the new content to all: the canaries get it first,",
            "and each step is held anew."
        );
        story.Add(6, "v1");
        story.Start();
        story.Apply("v2 in three steps", "{'version': 'v2', " + RolloutStories.Steps + "}");
        story.Until(Phase.Soaking);
        story.Happens("v2 is published again, with other content", () => Republish(story));
        story.Until(Phase.Blocked);
        story.Run("5m");
        story.Annotate(Annotations.Retry, "r1");
        story.Until(
            status => status is { Revision: 2, Phase: Phase.Complete or Phase.RolledBack or Phase.Blocked },
            "settled"
        );
    }

    private static void Republish(Story story)
    {
        story.Plant.MayFailInnocently = true;
        story.Plant.Flow.Republish("v2");
    }

    private static void NotAccepted(Story story)
    {
        story.Add(4, "v1");
        story.Begins(
            "Four gateways run v1. Twice Losant answers the call for gateway-4 with 201 (accepted) and schedules nothing: it is",
            "told once more after two minutes, and after two more it is named as not taken by Losant, by its id,",
            $"{story.Devices[3].Id}. From then on it blocks nothing, and it is no failure."
        );
        story.World.Losant.Faults.Add(new FaultRule(FaultKind.PartialApply) { Count = 2 });
        story.Start();
        story.Apply("v2", "{'version': 'v2', 'rolloutPercentage': 100, 'limits': {'maxUnavailable': 4}}");
        story.Until(Phase.Complete);
    }

    private static void Fail(Story story, string version, Outcome outcome, params int[] gateways)
    {
        foreach (var device in story.Gateways(gateways))
        {
            device.SetOutcome(version, outcome);
        }
    }
}
