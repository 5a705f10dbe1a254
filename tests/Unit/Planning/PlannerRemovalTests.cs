using EdgeRelease.Api;
using EdgeRelease.Planning;
using Xunit;

namespace EdgeRelease.Tests.Unit.Planning;

public sealed class PlannerRemovalTests
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    [Fact]
    public void Removes_the_flow_through_the_same_steps()
    {
        var world = A.Fleet().Of(10).On("v1");
        var loop = A.Loop(A.Release().Removing().At(50).Percent(), world).Until(Phase.AtPercentage);

        Assert.Equal(5, loop.Running(null));
    }

    [Fact]
    public void Gives_a_removed_flow_back_on_abort()
    {
        var world = A.Fleet().Of(3).On("v1").Of(1);
        var loop = A.Loop(A.Release().Removing(), world).Until(Phase.Complete);
        loop.Wanted = A.Release().Removing().Aborting("r1");

        loop.Until(Phase.RolledBack);

        Assert.Equal(["v1", "v1", "v1", null], world.Gateways.Select(gateway => gateway.Runs));
        Assert.Equal("remove", Assert.Single(loop.Memory.KnownBad).Version);
    }

    [Fact]
    public void Never_retries_a_removal()
    {
        var world = A.Fleet().Of(3).On("v1");
        var loop = A.Loop(A.Release().Removing().Tolerating(9).Health(health => health with { Retries = 3 }), world);
        loop.Until(plan => plan.Batches.Count > 0);
        var first = world.Gateways.Single(gateway => gateway.Told.Count > 0);
        first.AppliesAt = null;

        loop.For(4 * Hour);

        Assert.Equal([null, "v1"], first.Told);
    }

    [Fact]
    public void Never_removes_again_what_superseding_an_install_has_taken_off()
    {
        var world = A.Fleet().Of(3);
        world[0].Ignores.Add("v2");
        world[1].Ignores.Add("v2");
        world[2].Ignores.Add("v2");
        var loop = A.Loop(A.Release(), world).For(TimeSpan.FromMinutes(3));
        loop.Wanted = A.Release().Removing();

        loop.For(Hour);

        Assert.All(world.Gateways, gateway => Assert.InRange(gateway.Told.Count, 0, 2));
    }

    [Fact]
    public void Takes_no_fast_lane_when_the_flow_that_it_installed_is_removed()
    {
        var loop = A.Loop(A.Release(), A.Fleet().Of(10)).Until(Phase.Complete);
        loop.Wanted = A.Release().Removing().In(A.Step().Of(10).Soaking(TimeSpan.FromDays(1)), A.Step().Of(100));

        loop.Until(Phase.Soaking);

        Assert.Equal(9, loop.Running("v2"));
    }
}
