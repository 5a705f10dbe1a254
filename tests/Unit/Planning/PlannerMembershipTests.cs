using EdgeRelease.Api;
using EdgeRelease.Observation;
using EdgeRelease.Planning;
using Xunit;

namespace EdgeRelease.Tests.Unit.Planning;

public sealed class PlannerMembershipTests
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

    [Fact]
    public void Gives_500_joiners_of_a_step_no_more_than_its_new_share_within_all_limits()
    {
        var world = A.Fleet().Of(600).On("v1").Tagged(..100, "line", "a");
        for (var number = 0; number < 600; number++)
        {
            world.Tagged(number..(number + 1), "site", $"s{number % 40}");
        }

        var release = A.Release()
            .For("line", "a")
            .Unavailable(5)
            .PerGroup("site", 1)
            .PerMinute(4)
            .In(A.Step("tenth").Of(10).Soaking(Hour), A.Step("all").Of(100));
        var loop = A.Loop(release, world);
        var most = Sites.MostAway(loop, "site");
        var isJoined = false;
        loop.Watch = (plan, _) =>
        {
            var held = plan.Fleet!.Devices.Count(device => device.Standing.HoldsSlot);
            Assert.InRange(held + plan.Batches.Sum(batch => batch.Rows.Count), 0, 5);
            Assert.InRange(world.Tellings.Count + plan.Batches.Sum(batch => batch.Rows.Count), 0, isJoined ? 60 : 10);
        };
        loop.Until(_ => world.Tellings.Count == 6, "six of ten told");

        isJoined = true;
        world.Tagged(100.., "line", "a");
        loop.Until(Phase.Soaking);

        Assert.Equal((60, 60), (world.Tellings.Count, loop.Running("v2")));
        Assert.Equal(0, loop.Plan.Memory.Step.Index);
        Assert.Equal(1, most());
        Assert.InRange(PlannerMinuteTests.Busiest(world), 1, 4);
    }

    [Fact]
    public void Is_left_alone_by_the_loser_when_an_older_release_claims_a_device()
    {
        var world = A.Fleet().Of(4).On("v1").Tagged(..2, "line", "a");
        var older = new Rival("plant-a/older", new Selection(A.Release().For("line", "a").Built.Spec));

        var loop = A.Loop(A.Release().Asking(release => release with { Rivals = [older] }), world)
            .Until(Phase.Complete);

        Assert.All(world.Gateways.Take(2), gateway => Assert.Empty(gateway.Told));
        Assert.Equal(DeviceState.Conflicted, loop.Of(world[0]).Standing.State);
    }

    [Fact]
    public void Closes_the_row_of_a_device_that_another_release_took()
    {
        var world = A.Fleet().Of(4).On("v1").Tagged(..2, "line", "a");
        var loop = A.Loop(A.Release(), world).Until(Phase.Complete);
        var older = new Rival("plant-a/older", new Selection(A.Release().For("line", "a").Built.Spec));
        loop.Wanted = A.Release().Asking(release => release with { Rivals = [older] });

        loop.For(Hour);

        Assert.Equal("takenBy plant-a/older", loop.RowOf(world[0])!.Closed);
        Assert.Equal(["v2"], world[0].Told);
    }

    [Fact]
    public void Reports_a_device_that_somebody_else_changed_and_leaves_it()
    {
        var world = A.Fleet().Of(4).On("v1");
        var loop = A.Loop(A.Release(), world).Until(Phase.Complete);
        world.Schedule(world[0], "v1");

        loop.For(Hour);

        Assert.Equal(DeviceState.Drifted, loop.Of(world[0]).Standing.State);
        Assert.Equal(["v2"], world[0].Told);
    }

    [Fact]
    public void Never_overwrites_a_foreign_change_in_the_middle_of_a_rollout()
    {
        var world = A.Fleet().Of(10).On("v1");
        var loop = A.Loop(A.Release().Unavailable(1), world);
        loop.Pass();
        var first = world.Gateways.Single(gateway => gateway.Told.Count > 0);
        world.Advance(TimeSpan.FromMinutes(1));
        world.Schedule(first, "v9");

        loop.Until(Phase.Complete);

        Assert.Equal("v9", first.Runs);
        Assert.Equal(["v2"], first.Told);
    }

    [Fact]
    public void Lets_a_deleted_device_leave_all_counts()
    {
        var world = A.Fleet().Of(4).On("v1");
        var loop = A.Loop(A.Release(), world);
        loop.Pass();
        world.Gateways.Single(gateway => gateway.Told.Count > 0).IsDeleted = true;

        loop.Until(Phase.Complete);

        Assert.Equal(3, loop.Plan.Fleet!.Eligible.Count);
    }

    [Fact]
    public void Pause_stops_only_forward_commands()
    {
        var world = A.Fleet().Of(10).On("v1").Refusing("v2", ..10);
        var loop = A.Loop(A.Release().Tolerating(9), world);
        loop.Pass();
        loop.Wanted = A.Release().Tolerating(9).With(spec => spec with { Paused = true });

        loop.For(Hour);

        Assert.Equal(Phase.Paused, loop.Phase);
        Assert.Equal(["v2", "v1"], world.Gateways.Single(gateway => gateway.Told.Count > 0).Told);
    }

    [Fact]
    public void Goes_on_after_a_pause_by_annotation()
    {
        var paused = A.Release().Asking(release => release with { PausedBecause = "line down" });
        var loop = A.Loop(paused, A.Fleet().Of(10).On("v1")).For(Hour);
        Assert.Contains("line down", loop.Message, StringComparison.Ordinal);
        Assert.Equal(0, loop.Running("v2"));
        loop.Wanted = A.Release();

        loop.Until(Phase.Complete);
    }

    [Fact]
    public void Moves_nothing_forward_on_a_view_that_is_not_believed()
    {
        var world = A.Fleet().Of(10).On("v1");
        var loop = A.Loop(A.Release(), world);

        var plan = loop.Pass(world.Seen() with { Believed = false });

        Assert.Empty(plan.Batches);
        Assert.Equal(Reasons.FleetShrunk, plan.Verdict.Reason);
    }

    /// <summary>A confirmed device that has lost its tag an hour ago.</summary>
    private static (PlannerLoop Loop, PlannerGateway Leaver) Left(LeavePolicy policy)
    {
        var world = A.Fleet().Of(5).On("v1").Tagged(..5, "line", "a");
        var loop = A.Loop(A.Release().For("line", "a").OnLeave(policy), world).Until(Phase.Complete);
        world[0].Tags = TagSet.Empty;
        return (loop.For(Hour), world[0]);
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
}
