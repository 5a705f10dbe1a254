using EdgeRelease.Observation;

namespace EdgeRelease.Tests.Unit.Planning;

/// <summary>Fleets whose devices stand at sites.</summary>
internal static class Sites
{
    /// <summary>Sites s0, s1, ... of so many devices each, on v1.</summary>
    public static PlannerWorld Of(int sites, int each)
    {
        var world = A.Fleet().Of(sites * each).On("v1");
        for (var i = 0; i < sites * each; i++)
        {
            world[i].Tags = new TagSet([new("site", $"s{i % sites}")]);
        }

        return world;
    }

    /// <summary>The most devices of one value of a tag that were told and did not run it yet, from now on.</summary>
    /// <param name="loop">The loop, whose <see cref="PlannerLoop.Sent"/> it takes.</param>
    /// <param name="key">The tag; null for any.</param>
    public static Func<int> MostAway(PlannerLoop loop, string? key = null)
    {
        var most = 0;
        loop.Sent = _ =>
        {
            var away = loop
                .World.Gateways.Where(gateway => gateway.Connected && gateway.Runs != gateway.Wants)
                .SelectMany(gateway => gateway.Tags.Pairs)
                .Where(tag => key is null || tag.Key == key)
                .CountBy(tag => tag);
            most = Math.Max(most, away.Select(site => site.Value).DefaultIfEmpty().Max());
        };
        return () => most;
    }
}
