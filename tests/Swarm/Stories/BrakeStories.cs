using System.Text.Json.Nodes;
using EdgeRelease.Api;

namespace EdgeRelease.Tests.Swarm;

/// <summary>What stops a release in the middle, whichever way it goes, and lets it go on.</summary>
internal static class BrakeStories
{
    public static IReadOnlyDictionary<string, Action<Story>> All { get; } =
        new Dictionary<string, Action<Story>>
        {
            ["a-pause-by-annotation-holds-and-resumes"] = Annotated,
            ["a-freeze-of-everything-stops-a-rollback"] = ShutDown,
            ["each-gateway-changes-in-its-own-night"] = OwnNight,
        };

    private static void Annotated(Story story)
    {
        story.Begins(
            "Eight gateways run v1. While the canaries soak the shift leader sees scrap at the packer, and pauses the release",
            "with an annotation. Argo CD applies the unchanged manifest again, which does not lift the pause. The scrap had",
            "another cause: an hour later the annotation is taken away."
        );
        const string spec = "{'version': 'v2', " + RolloutStories.Steps + "}";
        story.Add(8, "v1");
        story.Start();
        story.Apply("v2 in three steps", spec);
        story.Until(Phase.Soaking);
        story.Annotate(Annotations.Paused, "scrap at the packer");
        story.Run("30m");
        story.Apply("the same manifest again, by Argo CD", spec);
        story.Run("30m");
        story.Annotate(Annotations.Paused, null);
        story.Until(Phase.Complete);
    }

    private static void ShutDown(Story story)
    {
        story.Begins(
            "Six gateways of two halls have just got v2 when the release is aborted (r1 is its first revision): they go back to v1,",
            "one of a hall at a time. Then the mains are worked on, and the application is frozen with scope Everything: nobody is",
            "told anything, not even to go back. Two hours later the freeze ends, and the rollback goes on where it was."
        );
        story.Add(3, "v1", new KeyValuePair<string, string>("hall", "north"));
        story.Add(3, "v1", new KeyValuePair<string, string>("hall", "south"));
        story.Start();
        story.Apply(
            "v2, one gateway of a hall at a time",
            "{'version': 'v2', 'rolloutPercentage': 100, 'limits': {'maxUnavailable': '100%', 'perGroup': {'tag': 'hall', 'maxUnavailable': 1}}}"
        );
        story.Until(Phase.Complete);
        story.Annotate(Annotations.Abort, "r1");
        story.Until(Phase.RollingBack);
        var freeze = new JsonObject { ["scope"] = "Everything", ["reason"] = "work on the mains" };
        story.Happens("everything is frozen", () => GateStories.Rail(story, "frozen", freeze));
        story.Run("2h");
        story.Happens("the freeze ends", () => GateStories.Rail(story, "frozen", null));
        story.Until(Phase.RolledBack);
    }

    private static void OwnNight(Story story)
    {
        story.Begins(
            "Times are UTC. Two gateways stand in Berlin, two in Tokyo, and one has no tag tz, for which the zone of the window",
            "itself is meant, Lisbon. Each may change from two to four in its own night: those in Berlin at 01:00, the one",
            "without the tag at 02:00, those in Tokyo at 17:00."
        );
        story.Add(2, "v1", new KeyValuePair<string, string>("tz", "Europe/Berlin"));
        story.Add(2, "v1", new KeyValuePair<string, string>("tz", "Asia/Tokyo"));
        story.Add(1, "v1");
        story.Start();
        story.Apply(
            "v2 at night, wherever a gateway stands",
            "{'version': 'v2', 'rolloutPercentage': 100, 'limits': {'maxUnavailable': 2}, 'schedule': {'windows': [{'from': '02:00', 'to': '04:00', 'timeZone': 'Europe/Lisbon', 'timeZoneTag': 'tz'}]}}"
        );
        story.Run("16h30m");
        story.Until(Phase.Complete);
    }
}
