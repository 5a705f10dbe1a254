using EdgeRelease.Api;
using EdgeRelease.Simulation;

namespace EdgeRelease.Tests.Swarm;

/// <summary>Microcontrollers, whose flows are one bundle.</summary>
internal static class EmbeddedStories
{
    private const string Valve = "valve";

    public static IReadOnlyDictionary<string, Action<Story>> All { get; } =
        new Dictionary<string, Action<Story>>
        {
            ["thirty-microcontrollers-get-a-new-bundle"] = Rollout,
            ["a-bundle-fails-and-is-rolled-back"] = Failure,
            ["two-flows-take-turns-on-the-same-boards"] = Turns,
            ["the-globals-change-in-the-middle-of-a-step"] = Globals,
            ["somebody-loads-a-bundle-by-hand"] = ByHand,
        };

    private static void Rollout(Story story)
    {
        story.Begins(
            "Thirty microcontrollers run v1 of an embedded flow. v2 goes out in three steps: each board loads a bundle of its",
            "own that Losant compiles for it, and counts once the bundle that it reports is the one that was built."
        );
        story.Add(30, "v1");
        story.Start();
        story.Apply("v2 in three steps", "{'version': 'v2', " + RolloutStories.Steps + "}");
        story.Until(Phase.Complete);
    }

    private static void Failure(Story story)
    {
        story.Begins(
            "Six boards run v1, and a second flow in the same bundle. With v3 the bundle does not fit on two of them: at the first",
            "such error the old bundle keeps running there, and everything that was moved goes back to v1."
        );
        story.Add(6, "v1");
        story.AddFlow(Valve);
        foreach (var board in story.Gateways(2, 5))
        {
            board.SetOutcome("v3", Outcome.Fails("bundle does not fit: 271 KB of 256 KB"));
        }

        story.Start();
        story.Apply("v3 for all", "{'version': 'v3', 'rolloutPercentage': 100, 'limits': {'maxUnavailable': 2}}");
        story.Until(Phase.RolledBack);
    }

    private static void Turns(Story story)
    {
        story.Begins(
            "Three boards run two flows in one bundle each, of line-monitor and of valve. Both get a new version at the same time:",
            "a board that one release has not settled on is told nothing by the other, so that a failing bundle has one culprit.",
            "The new version of valve fails on board-2, and only the release valve is rolled back. The last line counts the",
            "versions of line-monitor."
        );
        story.Add(3, "v1");
        var valve = story.AddFlow(Valve);
        story.Devices[1].SetOutcome("v2", Outcome.Fails("valve: no such pin"), valve.Id);
        story.Start();
        story.Apply("v3 for all", "{'version': 'v3', 'rolloutPercentage': 100, 'limits': {'maxUnavailable': 1}}");
        story.Apply(
            "release valve: v2 of the flow valve for all",
            "{'flow': 'valve', 'version': 'v2', 'rolloutPercentage': 100, 'limits': {'maxUnavailable': 1}}",
            Valve
        );
        story.Until(Phase.Complete);
        story.Run("30m");
        story.Tells(Valve, ConditionTypes.RolledBack);
    }

    private static void Globals(Story story)
    {
        story.Begins(
            "Six boards run v1 and get v2. While the first one is under way somebody changes the application's globals, values that",
            "all its flows read, so that Losant builds all bundles anew: what becomes of that board says nothing about v2. The",
            "release goes on; the second time it pauses and asks."
        );
        story.Add(6, "v1");
        story.Start();
        story.Apply("v2 for all", "{'version': 'v2', 'rolloutPercentage': 100, 'limits': {'maxUnavailable': 1}}");
        story.Run("5s");
        story.Happens("the globals change", () => story.Plant.Application.ChangeGlobals());
        story.Until(status => status.Evidence?.Outcomes == 2, "two outcomes");
        story.Until(status => status.InFlight is not null, "another board told");
        story.Happens("the globals change", () => story.Plant.Application.ChangeGlobals());
        story.Until(Phase.Paused);
        story.Run("5m");
        story.Annotate(Annotations.Approve, story.Release!.Status!.WaitingFor!.Token!);
        story.Until(Phase.Complete);
    }

    private static void ByHand(Story story)
    {
        story.Begins(
            "Four boards run v1. On board-2 somebody has loaded a bundle by hand: it is left out. On board-3 somebody does so after",
            "it got v2: it is left alone and named. Then such bundles are allowed: board-2 is told too, and board-3, for which",
            "Losant still has v2 on record, is named no longer."
        );
        story.Add(4, "v1");
        story.Start();
        story.Happens("somebody loads a bundle onto board-2", () => Load(story, 2));
        story.Apply("v2 for all", "{'version': 'v2', 'rolloutPercentage': 100}");
        story.Until(Phase.Complete);
        story.Happens("somebody loads a bundle onto board-3", () => Load(story, 3));
        story.Run("10m");
        story.Tells(Story.Name, ConditionTypes.DriftDetected);
        story.Edit(
            "spec.embedded.allowUnknownBundle: true",
            spec => spec["embedded"] = new System.Text.Json.Nodes.JsonObject { ["allowUnknownBundle"] = true }
        );
        story.Run("20m");
        story.Tells(Story.Name, ConditionTypes.DriftDetected);
    }

    private static void Load(Story story, int number)
    {
        var board = story.Devices[number - 1];
        story.Plant.Touch(board);
        story.Plant.Foreign[board.Id] = story.World.Time.Now;
        board.LoadByHand();
    }
}
