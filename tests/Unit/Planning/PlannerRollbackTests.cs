using EdgeRelease.Api;
using EdgeRelease.Planning;
using Xunit;

namespace EdgeRelease.Tests.Unit.Planning;

public sealed class PlannerRollbackTests
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    [Fact]
    public void Rolls_the_release_back_when_one_device_fails_for_good()
    {
        var world = A.Fleet().Of(10).On("v1").Refusing("v2", 5..6);
        var loop = A.Loop(A.Release(), world).Until(Phase.RolledBack);

        Assert.Equal(10, loop.Running("v1"));
        Assert.Contains("1 failed, more than maxFailures 0", loop.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Begins_the_rollback_in_the_pass_that_sees_the_breach()
    {
        var loop = A.Loop(A.Release(), A.Fleet().Of(10).On("v1").Refusing("v2", 5..6));

        loop.Until(plan => plan.Memory.Latch is not null);

        Assert.Contains(loop.Plan.Batches, batch => batch.Kind == CommandKind.Back);
        Assert.DoesNotContain(loop.Plan.Batches, batch => batch.Kind == CommandKind.Forward);
    }

    [Fact]
    public void Is_rolled_back_only_after_an_observation_that_shows_it()
    {
        var loop = A.Loop(A.Release(), A.Fleet().Of(3).On("v1")).Until(Phase.Complete);
        loop.Wanted = A.Release().Aborting("r1");

        Assert.Equal(Phase.RollingBack, loop.Pass().Verdict.Phase);
        Assert.Equal(Phase.RollingBack, loop.Pass().Verdict.Phase);
        loop.Until(Phase.RolledBack);

        Assert.Equal(3, loop.Running("v1"));
    }

    [Fact]
    public void Is_rolled_back_although_an_offline_device_is_left_and_takes_it_back_later()
    {
        var world = A.Fleet().Of(3).On("v1");
        var loop = A.Loop(A.Release(), world).Until(Phase.Complete);
        world.Disconnect(world[0]);
        loop.Wanted = A.Release().Aborting("r1");
        loop.Until(Phase.RolledBack);
        Assert.Equal(("v2", "v1"), (world[0].Runs, world[0].Wants));

        world.Connect(world[0]);
        loop.For(Hour);

        Assert.Equal("v1", world[0].Runs);
        Assert.Equal(Phase.RolledBack, loop.Phase);
    }

    [Fact]
    public void Never_writes_a_drifted_device_back_and_is_not_held_by_it()
    {
        var world = A.Fleet().Of(3).On("v1");
        var loop = A.Loop(A.Release(), world).Until(Phase.Complete);
        world.Schedule(world[0], "v9");
        loop.Wanted = A.Release().Aborting("r1");

        loop.Until(Phase.RolledBack);

        Assert.Equal("v9", world[0].Runs);
        Assert.Equal(["v2"], world[0].Told);
    }

    [Fact]
    public void Names_a_device_that_cannot_go_back_and_brings_the_others_home()
    {
        var world = A.Fleet().Of(3).On("v1");
        var loop = A.Loop(A.Release(), world).Until(Phase.Complete);
        world[0].Ignores.Add("v1");
        loop.Wanted = A.Release().Aborting("r1");

        loop.Until(plan => plan.Verdict.Reason == Reasons.RollbackFailing, "RollbackFailing");

        Assert.Contains(world[0].Id.ToString(), loop.Message, StringComparison.Ordinal);
        Assert.Equal(2, loop.Running("v1"));
        loop.Watch = (plan, _) => Assert.Equal(Reasons.RollbackFailing, plan.Verdict.Reason);
        loop.For(TimeSpan.FromHours(2));
        loop.Watch = null;
        world[0].Ignores.Clear();
        loop.Until(Phase.RolledBack);
    }

    [Fact]
    public void Sends_a_restore_again_that_Losant_never_showed()
    {
        var world = A.Fleet().Of(3).On("v1");
        var loop = A.Loop(A.Release(), world).Until(Phase.Complete);
        var lost = false;
        loop.Loses = batch => !lost && (lost = batch.Kind == CommandKind.Back);
        loop.Wanted = A.Release().Aborting("r1");

        loop.Until(Phase.RolledBack);

        Assert.Equal(3, loop.Running("v1"));
    }

    [Fact]
    public void Sends_a_restore_that_Losant_never_shows_less_and_less_often()
    {
        var world = A.Fleet().Of(1).On("v1");
        var loop = A.Loop(A.Release(), world).Until(Phase.Complete);
        loop.Wanted = A.Release().Aborting("r1");
        loop.Loses = _ => true;
        var sent = 0;
        loop.Watch = (plan, _) => sent += plan.Batches.Count;

        loop.For(6 * Hour);

        Assert.InRange(sent, 20, 30);
        Assert.Equal(Phase.RollingBack, loop.Phase);
    }

    [Fact]
    public void Rolls_back_a_revision_that_is_complete_when_asked_to()
    {
        var loop = A.Loop(A.Release(), A.Fleet().Of(3).On("v1")).Until(Phase.Complete);
        loop.Wanted = A.Release().Aborting("r1");

        loop.Until(Phase.RolledBack);

        Assert.Equal(RevisionResult.RolledBack, loop.Memory.Result);
        Assert.Equal("v2", Assert.Single(loop.Memory.KnownBad).Version);
    }

    [Fact]
    public void Keeps_a_rolled_back_release_rolled_back_when_the_percentage_is_lowered()
    {
        var world = A.Fleet().Of(10).On("v1").Refusing("v2", ..1);
        var loop = A.Loop(A.Release(), world).Until(Phase.RolledBack);
        var finishedAt = loop.Memory.History[0].FinishedAt;
        loop.Wanted = A.Release().At(20).Percent();

        loop.For(Hour);

        Assert.Equal(Phase.RolledBack, loop.Phase);
        Assert.Equal(finishedAt, loop.Memory.History[0].FinishedAt);
    }

    [Fact]
    public void Takes_a_carried_device_back_whose_new_command_never_arrived()
    {
        var steps = A.Release().In(A.Step().Of(50).Soaking(TimeSpan.FromHours(1)), A.Step().Of(100));
        var world = A.Fleet().Of(2).On("v1");
        var loop = A.Loop(steps, world).Until(Phase.Soaking);
        var moved = Assert.Single(world.Gateways, gateway => gateway.Runs == "v2");
        moved.IsDeafToLosant = true;
        loop.Wanted = steps.To("v3");
        loop.For(TimeSpan.FromSeconds(10));
        moved.IsDeafToLosant = false;
        loop.Wanted = steps.To("v3").Aborting("r2");

        loop.Until(Phase.RolledBack);

        Assert.Equal("v1", moved.Runs);
        Assert.Equal(2, loop.Running("v1"));
    }
}
