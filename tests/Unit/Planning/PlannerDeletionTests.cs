using EdgeRelease.Api;
using EdgeRelease.Planning;
using Xunit;

namespace EdgeRelease.Tests.Unit.Planning;

public sealed class PlannerDeletionTests
{
    [Fact]
    public void Keeps_devices_as_they_are_and_goes_at_once()
    {
        var loop = Deleted(DeletePolicy.Keep, A.Fleet().Of(5).On("v1"));

        Assert.True(loop.Pass().MayGo);
        Assert.Equal(5, loop.Running("v2"));
    }

    [Fact]
    public void Names_the_armed_devices_that_it_leaves()
    {
        var world = A.Fleet().Of(5).On("v1").Offline(..1);
        var loop = Deleted(DeletePolicy.Keep, world);

        Assert.Contains(world[0].Id.ToString(), Assert.Single(loop.Pass().Notices).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Restores_moved_devices_and_no_adopted_ones_within_the_slots()
    {
        var world = A.Fleet().Of(5).On("v2").Of(5).On("v1");
        var loop = Deleted(DeletePolicy.Restore, world);
        loop.Wanted = new ReleaseBuilder { Built = loop.Wanted }.Unavailable(2);
        loop.Watch = (plan, _) => Assert.InRange(plan.Batches.Sum(batch => batch.Rows.Count), 0, 2);

        loop.Until(plan => plan.MayGo);

        Assert.All(world.Gateways.Take(5), gateway => Assert.Equal("v2", gateway.Wants));
        Assert.All(world.Gateways.Skip(5), gateway => Assert.Equal("v1", gateway.Wants));
    }

    [Fact]
    public void Removes_the_flow_from_moved_and_adopted_devices()
    {
        var world = A.Fleet().Of(2).On("v2").Of(2).On("v1");
        var loop = Deleted(DeletePolicy.Remove, world);

        loop.Until(plan => plan.MayGo);

        Assert.All(world.Gateways, gateway => Assert.Null(gateway.Wants));
    }

    [Fact]
    public void Gives_up_at_the_deadline_and_names_what_is_left()
    {
        var world = A.Fleet().Of(2).On("v1");
        var loop = Deleted(DeletePolicy.Restore, world);
        world[0].IsDeafToLosant = true;

        loop.Until(plan => plan.MayGo);

        Assert.Contains(world[0].Id.ToString(), Assert.Single(loop.Plan.Notices).Message, StringComparison.Ordinal);
        Assert.InRange(world.Now - loop.Wanted.DeletedAt!.Value, TimeSpan.FromHours(1), TimeSpan.FromMinutes(61));
    }

    [Fact]
    public void Sends_nothing_forward_while_it_is_deleted()
    {
        var loop = A.Loop(A.Release().OnDelete(DeletePolicy.Restore), A.Fleet().Of(5).On("v1"));
        loop.Wanted = loop.Wanted with { DeletedAt = loop.World.Now };

        Assert.True(loop.Pass().MayGo);
        Assert.All(loop.World.Gateways, gateway => Assert.Empty(gateway.Told));
    }

    private static PlannerLoop Deleted(DeletePolicy policy, PlannerWorld world)
    {
        var loop = A.Loop(A.Release().OnDelete(policy), world).Until(Phase.Complete);
        loop.Wanted = loop.Wanted with { DeletedAt = world.Now };
        return loop;
    }

    [Fact]
    public void Removes_the_flow_also_from_a_device_whose_older_command_never_reached_it()
    {
        var world = A.Fleet().Of(2).On("v1");
        var loop = A.Loop(A.Release(), world);
        loop.Loses = _ => true;
        loop.Pass();
        loop.Loses = null;
        var release = A.Release().To("v1").OnDelete(DeletePolicy.Remove);
        loop.Wanted = release;
        loop.Until(Phase.Complete);
        loop.Wanted = release.Asking(wanted => wanted with { DeletedAt = world.Now });

        loop.Until(plan => plan.MayGo);

        Assert.All(world.Gateways, gateway => Assert.Null(gateway.Wants));
    }
}
