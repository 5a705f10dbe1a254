using EdgeRelease.Api;
using EdgeRelease.Simulation;

namespace EdgeRelease.Tests.Swarm;

/// <summary>Gateways that go dark: because of the version, or because of something else.</summary>
internal static class LossStories
{
    private const string Halves =
        "'rollout': {'steps': [{'name': 'half', 'percentage': 50, 'soak': '2h'}, {'name': 'all', 'percentage': 100}]}, "
        + "'limits': {'maxUnavailable': '100%', 'perGroup': {'tag': 'site', 'maxUnavailable': 20}}, "
        + "'health': {'confirm': '30s', 'settleTimeout': '3m', 'lostAfter': '10m'}";

    public static IReadOnlyDictionary<string, Action<Story>> All { get; } =
        new Dictionary<string, Action<Story>>
        {
            ["a-site-without-power-is-not-blamed-on-the-release"] = SiteOutage,
            ["a-version-that-cuts-gateways-off-is-rolled-back"] = Bricking,
            ["gateways-go-dark-during-the-watch-and-after-it"] = Late,
            ["one-gateway-of-a-small-line-goes-dark-and-a-person-looks"] = TooFew,
        };

    private static void SiteOutage(Story story)
    {
        story.Begins(
            "Thirty gateways run v1, ten each in Berlin, Lyon and Turin. While half of them soak on v2, Lyon has no power for forty",
            "minutes. Four gateways there have v2 and are told to go back as they are dark, but all six there that do not have v2",
            "went dark too. Where at least half of those without v2 in a group (here a site, by the tag of perGroup) go dark, that",
            "says nothing about v2: nothing is held against it, and the release goes on without the four."
        );
        Sites(story, 10);
        story.Start();
        story.Apply("v2, half and then all", "{'version': 'v2', " + Halves + "}");
        story.Until(Phase.Soaking);
        var lyon = story.Devices.Where(device => device.Tags.Contains(new("site", "lyon"))).ToList();
        story.Happens("Lyon has no power", () => lyon.ForEach(device => device.Disconnect()));
        story.Run("40m");
        story.Tells(Story.Name, ConditionTypes.Healthy);
        story.Happens("Lyon has power again", () => lyon.ForEach(device => device.Connect()));
        story.Run("5m");
        story.Tells(Story.Name, ConditionTypes.Healthy);
        story.Until(status => status.Phase is Phase.Complete or Phase.RolledBack or Phase.Paused, "settled");
    }

    private static void Bricking(Story story)
    {
        story.Begins(
            "Forty-five gateways of three sites run v1. v2 cuts every third gateway off from the network, at all sites. Losant",
            "never hears an error, but no gateway without v2 went dark: the release is rolled back. At the end the eight that were",
            "cut off are still offline; they take v1 when they return."
        );
        Sites(story, 15);
        foreach (var (index, device) in story.Devices.Index())
        {
            device.SetOutcome("v2", index % 3 == 1 ? Outcome.BricksConnection : Outcome.Works);
        }

        story.Start();
        story.Apply("v2, half and then all", "{'version': 'v2', " + Halves + "}");
        story.Until(status => status.Phase is Phase.Complete or Phase.RolledBack or Phase.Paused, "settled");
    }

    private static void TooFew(Story story)
    {
        story.Begins(
            "Eight gateways run v1. One takes v2 and is never heard of again; there are too few others to say whether v2 is the",
            "cause. The release waits. A person finds the cable cut, and lets it go on. At the end gateway-5 is still offline; it",
            "takes v1 when it returns."
        );
        story.Add(8, "v1");
        story.Devices[4].SetOutcome("v2", Outcome.BricksConnection);
        story.Start();
        story.Apply(
            "v2",
            "{'version': 'v2', 'rolloutPercentage': 100, 'limits': {'maxUnavailable': 2}, "
                + "'health': {'confirm': '30s', 'settleTimeout': '3m', 'lostAfter': '10m'}}"
        );
        story.Until(Phase.Paused);
        story.Run("5m");
        story.Annotate(Annotations.Approve, story.Release!.Status!.Pause!.Token!);
        story.Until(status => status.Phase is Phase.Complete or Phase.RolledBack or Phase.Waiting, "settled");
    }

    private static void Late(Story story)
    {
        story.Begins(
            "Four gateways run v2, and the release is complete. An hour later one goes dark and stays dark: nobody can say whether",
            "v2 is the cause, as there are no others without v2, so a person is told and nothing goes back. It returns on v2.",
            "Another that goes dark after the watch, two hours after the end, is left as it is, and nothing is said."
        );
        story.Add(4, "v1");
        story.Start();
        story.Apply(
            "v2",
            "{'version': 'v2', 'rolloutPercentage': 100, 'failurePolicy': {'watch': '2h'}, "
                + "'health': {'confirm': '30s', 'settleTimeout': '3m', 'lostAfter': '10m'}}"
        );
        story.Until(Phase.Complete);
        story.Run("1h");
        story.Happens("gateway-1 loses its uplink", () => story.Devices[0].Disconnect());
        story.Run("20m");
        story.Tells(Story.Name, ConditionTypes.Healthy);
        story.Happens("the uplink of gateway-1 is repaired", () => story.Devices[0].Connect());
        story.Run("1h");
        story.Happens("gateway-2 loses its uplink", () => story.Devices[1].Disconnect());
        story.Run("1h");
    }

    private static void Sites(Story story, int each)
    {
        foreach (var site in new[] { "berlin", "lyon", "turin" })
        {
            story.Add(each, "v1", new KeyValuePair<string, string>("site", site));
        }
    }
}
