using EdgeRelease.Api;
using EdgeRelease.Planning;

namespace EdgeRelease.Tests.Unit.Planning;

/// <summary>What the status says after a pass of a pure loop.</summary>
internal static class Summaries
{
    public static EdgeReleaseStatus Of(PlannerLoop loop) =>
        Summary.Of(
            new SummaryInput
            {
                Before = null,
                Generation = 1,
                Wanted = loop.Wanted,
                Plan = loop.Plan,
                WallNow = loop.World.Now,
            }
        );
}
