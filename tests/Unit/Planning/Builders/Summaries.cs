using EdgeRelease.Api;
using EdgeRelease.Planning;

namespace EdgeRelease.Tests.Unit.Planning;

/// <summary>What the status says after a pass of a pure loop.</summary>
internal static class Summaries
{
    public static EdgeReleaseStatus Of(PlannerLoop loop) => Of(loop, loop.Plan);

    /// <summary>With the plan as the controller hands it on.</summary>
    public static EdgeReleaseStatus Of(PlannerLoop loop, Plan plan) =>
        Summary.Of(
            new SummaryInput
            {
                Before = null,
                Generation = 1,
                Wanted = loop.Wanted,
                Plan = plan,
                WallNow = loop.World.Now,
            }
        );
}
