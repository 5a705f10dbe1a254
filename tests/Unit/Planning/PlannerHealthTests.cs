using EdgeRelease.Api;
using EdgeRelease.Planning;
using Xunit;

namespace EdgeRelease.Tests.Unit.Planning;

public sealed class PlannerHealthTests
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    private static ReleaseBuilder Lenient => A.Release().Tolerating(100);

    [Fact]
    public void Confirms_a_device_after_it_ran_the_version_for_the_time_to_confirm()
    {
        var world = A.Fleet().Of(1).On("v1");
        var loop = A.Loop(A.Release(), world).For(Minute);
        Assert.Equal("Confirming", loop.Of(world[0]).Standing.Reason);

        loop.For(2 * Minute);

        Assert.Equal(Outcome.Confirmed, loop.RowOf(world[0])!.Outcome);
    }

    [Fact]
    public void Confirms_a_device_that_is_seen_again_later_with_the_version()
    {
        var world = A.Fleet().Of(1).On("v1");
        var loop = A.Loop(A.Release(), world).For(Minute / 2);
        world.Disconnect(world[0]);
        loop.For(Minute / 2);
        world.Connect(world[0]);

        loop.Pass();

        Assert.Equal(DeviceState.Updated, loop.Of(world[0]).Standing.State);
    }

    [Fact]
    public void Does_not_confirm_at_once_when_the_log_is_cut_and_the_row_is_undated()
    {
        var world = A.Fleet().Of(1).On("v1");
        world.KeepsLogs = false;
        var loop = A.Loop(A.Release(), world);
        loop.Pass();
        world.Advance(Minute / 2);
        world[0].Row = world[0].Row!.Value with { UpdatedAt = default };

        loop.Pass();

        Assert.Equal("Confirming", loop.Of(world[0]).Standing.Reason);
    }

    [Fact]
    public void Fails_a_silent_device_after_the_settle_timeout_of_connected_time()
    {
        var world = A.Fleet().Of(1).On("v1");
        world[0].Ignores.Add("v2");
        var loop = A.Loop(A.Release(), world).For(9.9 * Minute);
        Assert.Null(loop.Memory.Latch);

        loop.For(Minute);

        Assert.NotNull(loop.Memory.Latch);
    }

    [Fact]
    public void Never_times_out_a_device_that_is_offline()
    {
        var world = A.Fleet().Of(2).On("v1").Offline(..1);
        var loop = A.Loop(A.Release().Offline(OfflinePolicy.Arm), world).For(TimeSpan.FromHours(12));

        Assert.Equal(0, loop.Plan.Evidence.Failed);
        Assert.Equal(DeviceState.Deferred, loop.Of(world[0]).Standing.State);
    }

    [Fact]
    public void Restarts_the_settle_clock_when_a_device_reconnects()
    {
        var world = A.Fleet().Of(1).On("v1");
        world[0].Ignores.Add("v2");
        var loop = A.Loop(A.Release(), world).For(9 * Minute);
        world.Disconnect(world[0]);
        loop.For(Minute / 2);
        world.Connect(world[0]);

        loop.For(9 * Minute);

        Assert.Null(loop.Memory.Latch);
    }

    [Fact]
    public void Counts_an_error_then_a_success_inside_the_grace_as_a_success()
    {
        var world = A.Fleet().Of(1).On("v1").Refusing("v2", ..1);
        var loop = A.Loop(A.Release(), world).Until(plan => plan.Evidence.Failing == 1);
        world[0].Refuses.Clear();
        world.Connect(world[0]);

        loop.Until(Phase.Complete);

        Assert.Equal(new Evidence(1, 0, 0), loop.Plan.Evidence);
    }

    [Fact]
    public void Starts_no_device_while_one_too_many_shows_an_error()
    {
        var world = A.Fleet().Of(300).On("v1");
        var loop = A.Loop(A.Release().Unavailable(1), world).Until(plan => plan.Evidence.Succeeded == 1);
        world.Refusing("v2", ..300);

        loop.Until(plan => plan.Evidence.Failing == 1);

        Assert.Empty(loop.Plan.Batches);
        Assert.Contains("show an error", loop.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Puts_a_failed_device_back_at_once_without_a_breach()
    {
        var world = A.Fleet().Of(10).On("v1").Refusing("v2", ..2);
        var loop = A.Loop(Lenient, world).Until(Phase.Complete);

        Assert.Equal(["v2", "v1"], world[0].Told);
        Assert.Equal(8, loop.Running("v2"));
        Assert.Equal(Phase.Complete, loop.Phase);
    }

    [Fact]
    public void Never_sends_a_failed_device_forward_again_without_retries()
    {
        var world = A.Fleet().Of(4).On("v1").Refusing("v2", ..1);
        var loop = A.Loop(Lenient, world).For(TimeSpan.FromHours(2));

        Assert.Equal(["v2", "v1"], world[0].Told);
        Assert.Equal(Outcome.Failed, loop.RowOf(world[0])!.Outcome);
        Assert.Equal("cannot run v2", loop.RowOf(world[0])!.Error);
    }

    [Fact]
    public void Sends_a_restored_device_forward_once_more_for_each_retry()
    {
        var world = A.Fleet().Of(4).On("v1").Refusing("v2", ..1);
        A.Loop(Lenient.Health(health => health with { Retries = 2 }), world).For(TimeSpan.FromHours(2));

        Assert.Equal(["v2", "v1", "v2", "v1", "v2", "v1"], world[0].Told);
    }

    [Fact]
    public void Never_retries_a_device_that_ran_nothing_before()
    {
        var world = A.Fleet().Of(1).Of(3).Refusing("v2", ..1);
        A.Loop(Lenient.Health(health => health with { Retries = 2 }), world).For(TimeSpan.FromHours(2));

        Assert.Equal(["v2", null], world[0].Told);
    }

    [Fact]
    public void Leaves_a_failed_device_as_it_is_when_told_so()
    {
        var world = A.Fleet().Of(4).On("v1").Refusing("v2", ..1);
        var loop = A.Loop(Lenient.Policy(policy => policy with { RestoreFailed = false }), world).For(TimeSpan.FromHours(2));

        Assert.Equal(["v2"], world[0].Told);
        Assert.Equal(Phase.Complete, loop.Phase);
    }

    [Fact]
    public void Loses_a_device_that_stays_dark_after_its_command_and_takes_it_back()
    {
        var world = A.Fleet().Of(5).On("v1");
        world[0].DiesOf.Add("v2");
        var loop = A.Loop(Lenient, world).For(25 * Minute);
        Assert.Equal("Dark", loop.Of(world[0]).Standing.Reason);
        Assert.Equal(Phase.Progressing, loop.Phase);

        loop.For(TimeSpan.FromHours(1));

        Assert.Equal(DeviceState.Lost, loop.Of(world[0]).Standing.State);
        Assert.Equal(["v2", "v1"], world[0].Told);
        Assert.Equal(0, loop.Plan.Evidence.Failed);
    }

    [Fact]
    public void Defers_a_device_that_goes_dark_when_lost_is_off()
    {
        var world = A.Fleet().Of(5).On("v1");
        world[0].Ignores.Add("v2");
        var release = Lenient.Health(health => health with { LostAfter = TimeSpan.Zero });
        var loop = A.Loop(release, world).Until(plan => plan.Evidence.Succeeded > 0);
        loop.For(Minute);
        world.Disconnect(world[0]);

        loop.Pass();

        Assert.Equal(DeviceState.Deferred, loop.Of(world[0]).Standing.State);
    }

    [Fact]
    public void Passes_a_step_without_a_device_that_was_never_reachable()
    {
        var world = A.Fleet().Of(20).On("v1").Offline(..1);

        var loop = A.Loop(A.Release().Offline(OfflinePolicy.Defer), world).Until(Phase.Complete);

        Assert.Equal(19, loop.Running("v2"));
        Assert.Empty(world[0].Told);
    }

    [Fact]
    public void Holds_the_step_while_most_of_its_devices_are_dark()
    {
        var world = A.Fleet().Of(20).On("v1");
        var loop = A.Loop(A.Release(), world).Until(plan => plan.Evidence.Succeeded == 1);
        loop.Pass();
        foreach (var gateway in world.Gateways.Where(gateway => gateway.Runs == "v1"))
        {
            world.Disconnect(gateway);
        }

        loop.For(25 * Minute);

        Assert.Equal(0, loop.Memory.Step.Index);
        Assert.Equal(Phase.Progressing, loop.Phase);
    }

    [Fact]
    public void Arms_an_offline_device_only_after_the_last_step_has_passed()
    {
        var world = A.Fleet().Of(5).On("v1").Offline(..1);
        var loop = A.Loop(A.Release().In(A.Step().Of(100).Soaking(TimeSpan.FromHours(1))), world).Until(Phase.Soaking);
        Assert.Empty(world[0].Told);

        loop.Until(Phase.Complete);

        Assert.Equal(["v2"], world[0].Told);
        Assert.True(loop.Of(world[0]).Standing.IsArmed);
    }

    [Fact]
    public void Arms_no_device_outside_the_rings_when_the_last_step_is_a_ring()
    {
        var world = A.Fleet().Of(5).On("v1").Tagged(..2, "ring", "lab").Offline(4..5);

        A.Loop(A.Release().In(A.Step().Ring("ring", "lab").Of(100)), world).Until(Phase.AtPercentage);

        Assert.Empty(world[4].Told);
    }

    [Fact]
    public void Disarms_an_offline_device_on_abort()
    {
        var world = A.Fleet().Of(3).On("v1").Offline(..1);
        var loop = A.Loop(A.Release(), world).Until(Phase.Complete);
        loop.Wanted = A.Release().Aborting("r1");

        loop.Until(Phase.RolledBack);

        Assert.Equal("v1", world[0].Wants);
    }

    [Fact]
    public void Repeats_a_command_once_that_Losant_never_showed()
    {
        var world = A.Fleet().Of(3).On("v1");
        world[0].IsDeafToLosant = true;

        var loop = A.Loop(A.Release(), world).Until(Phase.Complete);

        Assert.Equal(["v2", "v2"], world[0].Told);
        Assert.Equal(Outcome.NotAccepted, loop.RowOf(world[0])!.Outcome);
    }

    [Fact]
    public void Sends_nothing_twice_before_a_command_could_have_been_shown()
    {
        var world = A.Fleet().Of(1).On("v1");
        world[0].IsDeafToLosant = true;
        A.Loop(A.Release(), world).For(95 * Minute / 60);

        Assert.Equal(["v2"], world[0].Told);
    }

    [Fact]
    public void Counts_a_refused_repeat_of_a_first_command_as_an_attempt()
    {
        var world = A.Fleet().Of(1).On("v1");
        var plan = A.Loop(A.Release(), world).Pass();
        var row = plan.Batches[0].Rows[0];

        var sent = (row with { Next = row.Next! with { Repeats = 1 } }).Sent();

        Assert.Equal(1, sent.Attempts);
    }
}
