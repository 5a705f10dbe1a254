using EdgeRelease.Api;
using EdgeRelease.Planning;
using Xunit;

namespace EdgeRelease.Tests.Unit.Planning;

/// <summary>Which devices a release moves, and who else may claim, change or stop them.</summary>
public sealed class PlannerMembershipTests
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

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
}
