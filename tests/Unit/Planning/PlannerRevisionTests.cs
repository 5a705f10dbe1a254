using EdgeRelease.Api;
using EdgeRelease.Planning;
using Xunit;

namespace EdgeRelease.Tests.Unit.Planning;

public sealed class PlannerRevisionTests
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    [Fact]
    public void Begins_a_revision_when_the_version_changes_and_inherits_no_soak()
    {
        var release = A.Release().In(A.Step().Of(50).Soaking(Hour), A.Step().Of(100));
        var loop = A.Loop(release, A.Fleet().Of(10).On("v1")).Until(Phase.Soaking);
        loop.Wanted = release.To("v3");

        loop.Pass();

        Assert.Equal(2, loop.Memory.Revision);
        Assert.Equal(0, loop.Memory.Step.Index);
        Assert.Null(loop.Memory.Step.SoakUntil);
        Assert.Equal(RevisionResult.Superseded, loop.Memory.History[0].Result);
    }

    [Fact]
    public void Puts_the_unsettled_devices_of_the_old_revision_back_first()
    {
        var world = A.Fleet().Of(10).On("v1");
        var loop = A.Loop(A.Release(), world).Until(plan => plan.Evidence.Succeeded == 1);
        loop.Pass();
        loop.Wanted = A.Release().To("v3");

        var plan = loop.Pass();

        Assert.All(plan.Batches, batch => Assert.Equal(("v1", CommandKind.Back), (batch.Version, batch.Kind)));
        loop.Until(Phase.Complete);
        Assert.Equal(10, loop.Running("v3"));
    }

    [Fact]
    public void Goes_back_past_a_half_way_version_to_the_one_that_was_stable()
    {
        var world = A.Fleet().Of(10).On("v1");
        var loop = A.Loop(A.Release().In(A.Step().Of(50).Soaking(Hour), A.Step().Of(100)), world).Until(Phase.Soaking);
        loop.Wanted = A.Release().To("v3");
        loop.Until(Phase.Complete);
        loop.Wanted = A.Release().To("v3").Aborting("r2");

        loop.Until(Phase.RolledBack);

        Assert.Equal(10, loop.Running("v1"));
    }

    [Fact]
    public void Stops_when_the_version_gets_another_id()
    {
        var release = A.Release().In(A.Step().Of(50).Soaking(Hour), A.Step().Of(100));
        var loop = A.Loop(release, A.Fleet().Of(10).On("v1")).Until(Phase.Soaking);
        loop.Wanted = release.Asking(wanted => wanted with { FlowVersionId = "another-id" });

        loop.For(3 * Hour);

        Assert.Equal(Reasons.VersionChangedUnderneath, loop.Plan.Verdict.Reason);
        Assert.Equal(5, loop.Running("v2"));
    }

    [Fact]
    public void Stops_when_a_row_shows_other_content_under_the_same_id()
    {
        var world = A.Fleet().Of(10).On("v1");
        var release = A.Release().In(A.Step().Of(50).Soaking(Hour), A.Step().Of(100));
        var loop = A.Loop(release, world).Until(Phase.Soaking);
        world.Republish("v2");

        loop.For(6 * Hour);

        Assert.Equal(Reasons.VersionChangedUnderneath, loop.Plan.Verdict.Reason);
        Assert.Equal(0, loop.Plan.Evidence.Failed);
        loop.Wanted = release.Aborting("r1");
        loop.Until(Phase.RolledBack);
        Assert.Equal(10, loop.Running("v1"));
    }

    [Fact]
    public void Sends_nothing_to_a_device_that_runs_the_new_version_because_the_old_one_never_reached_it()
    {
        var world = A.Fleet().Of(2).On("v1");
        var loop = A.Loop(A.Release(), world);
        loop.Loses = _ => true;
        loop.Pass();
        loop.Loses = null;
        loop.Wanted = A.Release().To("v1");

        loop.Until(Phase.Complete).For(Hour);

        Assert.All(world.Gateways, gateway => Assert.Empty(gateway.Told));
        Assert.All(loop.Plan.Fleet!.Eligible, device => Assert.True(device.Standing.IsAdopted));
    }

    [Fact]
    public void Takes_the_fast_lane_back_to_what_nearly_all_ran_before()
    {
        var slow = A.Release().In(A.Step().Of(10).Soaking(24 * Hour), A.Step().Of(100));
        var world = A.Fleet().Of(20).On("v1");
        var loop = A.Loop(slow, world).Until(Phase.Soaking);
        loop.For(25 * Hour).Until(Phase.Complete);
        loop.Wanted = slow.To("v1");

        loop.For(Hour);

        Assert.Equal(Phase.Complete, loop.Phase);
        Assert.Equal(20, loop.Running("v1"));
    }

    [Fact]
    public void Follows_the_steps_on_the_first_install()
    {
        var release = A.Release().In(A.Step().Of(10).Soaking(Hour), A.Step().Of(100));

        var loop = A.Loop(release, A.Fleet().Of(20)).Until(Phase.Soaking);

        Assert.Equal(2, loop.Running("v2"));
    }

    [Fact]
    public void Takes_over_a_device_with_its_pending_version_as_the_way_back()
    {
        var world = A.Fleet().Of(2).On("v0");
        world[0].Ignores.Add("v1");
        world.Schedule(world[0], "v1");
        var loop = A.Loop(A.Release(), world).Until(Phase.Complete);

        Assert.Equal("v1", loop.RowOf(world[0])!.Previous);
        Assert.Equal("v0", loop.RowOf(world[1])!.Previous);
    }

    [Fact]
    public void Takes_over_a_device_in_error_with_what_it_runs_as_the_way_back()
    {
        var world = A.Fleet().Of(1).On("v0").Refusing("v1", ..1);
        world.Schedule(world[0], "v1");
        world.Advance(TimeSpan.FromMinutes(1));

        var loop = A.Loop(A.Release(), world).Until(Phase.Complete);

        Assert.Equal("v0", loop.RowOf(world[0])!.Previous);
    }

    [Fact]
    public void Proves_the_version_on_the_devices_that_a_finished_revision_confirmed()
    {
        var world = A.Fleet().Of(3).On("v1").Refusing("v2", ..1);
        var loop = A.Loop(A.Release().Tolerating(1), world).Until(Phase.Complete);

        Assert.Null(loop.RowOf(world[0])!.Stable);
        Assert.Equal("v2", loop.RowOf(world[1])!.Stable);
    }

    [Fact]
    public void Goes_on_with_the_new_steps_in_the_same_revision_without_repeating_a_smaller_one()
    {
        var world = A.Fleet().Of(20).On("v1");
        var loop = A.Loop(A.Release().In(A.Step().Of(50), A.Step().Of(100).Soaking(Hour)), world);
        loop.Until(plan => plan.Memory.Step.Index == 1);
        loop.Wanted = A.Release().In(A.Step().Of(10).Soaking(24 * Hour), A.Step().Of(100));

        loop.Until(Phase.Complete);

        Assert.Equal(1, loop.Memory.Revision);
    }

    [Fact]
    public void Is_no_longer_complete_when_the_steps_now_end_at_a_part_of_the_fleet()
    {
        var world = A.Fleet().Of(4).On("v1");
        var loop = A.Loop(A.Release(), world).Until(Phase.Complete);
        loop.Wanted = A.Release().In(A.Step().Of(50));
        world.Join("v1");

        loop.For(Hour);

        Assert.Equal((Phase.AtPercentage, 4), (loop.Phase, loop.Running("v2")));
    }

    [Fact]
    public void Keeps_a_running_soak_when_the_ceiling_of_a_later_step_is_raised()
    {
        var release = A.Release().In(A.Step().Of(10).Soaking(Hour), A.Step().Of(100));
        var loop = A.Loop(release.At(50).Percent(), A.Fleet().Of(20).On("v1")).Until(Phase.Soaking);
        var until = loop.Memory.Step.SoakUntil;
        loop.Wanted = release;

        loop.Pass();

        Assert.Equal(until, loop.Memory.Step.SoakUntil);
    }
}
