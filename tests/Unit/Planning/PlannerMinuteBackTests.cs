using EdgeRelease.Api;
using Xunit;
using static EdgeRelease.Tests.Unit.Planning.PlannerMinuteTests;

namespace EdgeRelease.Tests.Unit.Planning;

/// <summary>limits.perMinute (F017) on the ways back that keep it, where the device is back long before the minute is over.
/// </summary>
public sealed class PlannerMinuteBackTests
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(6)]
    public void Keeps_the_limit_while_a_lowered_percentage_gives_back_devices_that_return_at_once(int most)
    {
        var world = Complete(A.Fleet().Of(20).On("v1"), A.Release(), out var loop);
        loop.Wanted = A.Release().PerMinute(most).At(0).Percent();

        loop.For(25 * Minute);

        Assert.Equal(0, loop.Running("v2"));
        Assert.Equal(20, world.Tellings.Count);
        Assert.Equal(most, Busiest(world));
    }

    [Fact]
    public void Gives_back_as_many_in_each_minute_as_the_limit_lets_it()
    {
        var world = Complete(A.Fleet().Of(20).On("v1"), A.Release(), out var loop);
        loop.Wanted = A.Release().PerMinute(5).At(0).Percent();
        var begin = world.Now;

        loop.Until(_ => world.Tellings.Count == 20);

        Assert.InRange(world.Now - begin, 3 * Minute, 5 * Minute);
    }

    [Fact]
    public void Counts_the_way_there_and_the_way_back_of_a_device_that_was_given_back_within_the_minute()
    {
        var world = A.Fleet().Of(4).On("v1");
        var quick = A.Release().PerMinute(3).Health(health => health with { Confirm = TimeSpan.Zero });
        var loop = A.Loop(quick.At(25).Percent(), world).Until(Phase.AtPercentage);
        loop.Wanted = quick.At(0).Percent();
        loop.Until(_ => world.Tellings.Count == 2 && loop.Running("v2") == 0);
        Assert.True(world.Now - world.Tellings[0].At < Minute, "the limit holds nobody");
        loop.Wanted = quick;

        loop.Until(Phase.Complete);

        Assert.Equal(6, world.Tellings.Count);
        Assert.Equal(3, Busiest(world));
    }

    /// <summary>The release has been complete for an hour.</summary>
    private static PlannerWorld Complete(PlannerWorld world, ReleaseBuilder release, out PlannerLoop loop)
    {
        loop = A.Loop(release, world).Until(Phase.Complete);
        world.Advance(TimeSpan.FromHours(1));
        world.Tellings.Clear();
        return world;
    }
}
