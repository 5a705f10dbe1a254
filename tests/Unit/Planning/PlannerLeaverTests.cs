using EdgeRelease.Api;
using EdgeRelease.Observation;
using EdgeRelease.Planning;
using Xunit;

namespace EdgeRelease.Tests.Unit.Planning;

/// <summary>What becomes of a device that no longer belongs to the release.</summary>
public sealed class PlannerLeaverTests
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    [Fact]
    public void Leaves_a_settled_leaver_as_it_is_and_closes_its_row()
    {
        var (loop, leaver) = Left(LeavePolicy.Keep);

        Assert.Equal("v2", leaver.Wants);
        Assert.Equal("left", loop.RowOf(leaver)!.Closed);
    }

    [Fact]
    public void Restores_a_settled_leaver_when_told_so()
    {
        var (loop, leaver) = Left(LeavePolicy.Restore);

        Assert.Equal("v1", leaver.Runs);
        Assert.Equal("left", loop.RowOf(leaver)!.Closed);
    }

    [Theory]
    [InlineData(LeavePolicy.Keep)]
    [InlineData(LeavePolicy.Restore)]
    public void Restores_an_unsettled_leaver_at_once(LeavePolicy policy)
    {
        var world = A.Fleet().Of(5).On("v1").Tagged(..5, "line", "a");
        var loop = A.Loop(A.Release().For("line", "a").OnLeave(policy), world);
        loop.Pass();
        var leaver = world.Gateways.Single(gateway => gateway.Told.Count > 0);
        leaver.Tags = TagSet.Empty;

        loop.For(Hour);

        Assert.Equal(["v2", "v1"], leaver.Told);
    }

    [Fact]
    public void Settles_when_a_leaver_never_took_its_command()
    {
        var world = A.Fleet().Of(5).On("v1").Tagged(..5, "line", "a");
        world[0].IsDeafToLosant = true;
        var loop = A.Loop(A.Release().For("line", "a").OnLeave(LeavePolicy.Restore), world).Until(Phase.Complete);
        world[0].Tags = TagSet.Empty;

        loop.For(Hour);

        Assert.False(loop.Plan.IsActive);
    }

    [Fact]
    public void Ends_a_rollback_beside_an_offline_leaver_that_never_took_the_command_of_the_revision_before()
    {
        var world = A.Fleet().Of(5).On("v1").Tagged(..5, "line", "a").Refusing("v3", ..5);
        world[0].IsDeafToLosant = true;
        world.Disconnect(world[0]);
        var release = A.Release().For("line", "a").Offline(OfflinePolicy.Arm);
        var loop = A.Loop(release, world).Until(_ => world[0].Told.Count > 0, "a command to the offline gateway");
        world[0].Tags = TagSet.Empty;
        loop.Wanted = release.To("v3");

        loop.Until(Phase.RolledBack);

        Assert.Equal("left", loop.RowOf(world[0])!.Closed);
    }

    [Fact]
    public void Keeps_leavers_and_new_devices_together_within_the_slots()
    {
        var world = A.Fleet().Of(40).On("v1").Tagged(..40, "line", "a");
        var release = A.Release()
            .For("line", "a")
            .OnLeave(LeavePolicy.Restore)
            .Unavailable(4)
            .In(A.Step().Of(50).Soaking(Hour), A.Step().Of(100));
        var loop = A.Loop(release, world).Until(Phase.Soaking);
        loop.World.Advance(Hour);
        foreach (var gateway in world.Gateways.Where(gateway => gateway.Runs == "v2").Take(10))
        {
            gateway.Tags = TagSet.Empty;
        }

        loop.Watch = (plan, _) =>
        {
            var held = plan.Fleet!.Devices.Count(device => device.Standing.HoldsSlot);
            Assert.InRange(held + plan.Batches.Sum(batch => batch.Rows.Count), 0, 4);
        };

        loop.For(3 * Hour);
    }

    [Theory]
    [InlineData("v2", "v1")]
    [InlineData("v7", "v7")]
    public void Takes_who_left_an_unproven_revision_back_to_what_it_ran_before_that_unless_somebody_told_it_else(
        string meanwhile,
        string previous
    )
    {
        var world = A.Fleet().Of(10).On("v1").Tagged(..10, "line", "a");
        var release = A.Release().For("line", "a").OnLeave(LeavePolicy.Keep);
        var loop = A.Loop(release.In(A.Step().Of(50).Gated(), A.Step().Of(100)), world).Until(Phase.Waiting);
        var leaver = world.Gateways.First(gateway => gateway.Runs == "v2");
        leaver.Tags = TagSet.Empty;
        loop.For(Hour);
        Assert.Equal("left", loop.RowOf(leaver)!.Closed);
        world.Schedule(leaver, meanwhile);
        world.Advance(TimeSpan.FromMinutes(5));

        loop.Wanted = release.To("v3");
        loop.For(Hour);
        leaver.Tags = world.Gateways.First(gateway => gateway != leaver).Tags;
        loop.Until(_ => leaver.Runs == "v3", "the next version");

        Assert.Equal(previous, loop.RowOf(leaver)!.Previous);
    }

    [Fact]
    public void Remembers_the_outcome_of_a_device_that_leaves_and_comes_back()
    {
        var world = A.Fleet().Of(10).On("v1").Tagged(..10, "line", "a").Refusing("v2", ..1);
        var loop = A.Loop(A.Release().For("line", "a").Tolerating(1), world).Until(Phase.Complete);
        world[0].Tags = TagSet.Empty;
        loop.For(Hour);
        world.Tagged(..1, "line", "a");

        loop.For(Hour);

        Assert.Equal(["v2", "v1"], world[0].Told);
        Assert.Equal((1, DeviceState.Failed), (loop.Plan.Evidence.Failed, loop.Of(world[0]).Standing.State));
    }

    [Fact]
    public void Keeps_a_confirmed_device_of_the_revision_before_that_leaves_while_it_is_offline()
    {
        var world = A.Fleet().Of(10).On("v1").Tagged(..10, "line", "a");
        var release = A.Release().For("line", "a").OnLeave(LeavePolicy.Keep);
        var loop = A.Loop(release.In(A.Step().Of(50).Gated(), A.Step().Of(100)), world).Until(Phase.Waiting);
        var leaver = world.Gateways.First(gateway => gateway.Runs == "v2");
        loop.Wanted = release.To("v3").PausedBecause("line stop");
        loop.Pass();
        world.Disconnect(leaver);
        loop.For(Hour);
        leaver.Tags = TagSet.Empty;

        loop.For(Hour);

        Assert.Equal("v2", leaver.Wants);
    }

    [Fact]
    public void Restores_a_leaver_that_a_rollback_of_the_failed_ones_had_left_on_the_version()
    {
        var world = A.Fleet().Of(10).On("v1").Tagged(..10, "line", "a").Refusing("v2", ..1);
        var release = A.Release()
            .For("line", "a")
            .OnLeave(LeavePolicy.Restore)
            .Policy(policy => policy with { RollbackScope = RollbackScope.Failed });
        var loop = A.Loop(release, world).Until(Phase.RolledBack);
        var leaver = world.Gateways.First(gateway => gateway.Runs == "v2");
        leaver.Tags = TagSet.Empty;

        loop.For(Hour);

        Assert.Equal((Phase.RolledBack, "v1"), (loop.Phase, leaver.Runs));
    }

    /// <summary>A confirmed device that has lost its tag an hour ago.</summary>
    private static (PlannerLoop Loop, PlannerGateway Leaver) Left(LeavePolicy policy)
    {
        var world = A.Fleet().Of(5).On("v1").Tagged(..5, "line", "a");
        var loop = A.Loop(A.Release().For("line", "a").OnLeave(policy), world).Until(Phase.Complete);
        world[0].Tags = TagSet.Empty;
        return (loop.For(Hour), world[0]);
    }
}
