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
    public void Fails_no_device_by_the_time_out_before_everything_was_read_as_a_whole()
    {
        var world = A.Fleet().Of(1).On("v1");
        world[0].Ignores.Add("v2");
        var loop = A.Loop(A.Release(), world).For(9 * Minute);
        world.Advance(5 * Minute);
        var scannedAt = world.Now - (6 * Minute);

        loop.Pass(world.Seen() with { ScannedAt = scannedAt });

        Assert.Null(loop.Memory.Latch);
        Assert.True(loop.Of(world[0]).Standing.WantsScan);
        loop.Pass();
        Assert.NotNull(loop.Memory.Latch);
    }

    [Fact]
    public void Counts_an_error_then_a_success_inside_the_grace_as_a_success()
    {
        var world = A.Fleet().Of(1).On("v1").Refusing("v2", ..1);
        var loop = A.Loop(A.Release(), world).Until(plan => plan.Evidence.Failing == 1);
        world[0].Refuses.Clear();
        world.Connect(world[0]);

        loop.Until(Phase.Complete);

        Assert.Equal(new Evidence(1, 0, 0) { Recovered = 1 }, loop.Plan.Evidence);
    }

    [Fact]
    public void Starts_no_device_while_one_too_many_shows_an_error()
    {
        var world = A.Fleet().Of(300).On("v1");
        var loop = A.Loop(A.Release().Unavailable(1), world).Until(plan => plan.Evidence.Succeeded == 1);
        world.Refusing("v2", ..300);

        loop.Until(plan => plan.Evidence.Failing == 1);

        Assert.Empty(loop.Plan.Batches);
        Assert.Contains("an error on", loop.Message, StringComparison.Ordinal);
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
    public void Tries_no_device_again_once_the_retries_are_taken_out_of_the_spec()
    {
        var retried = Lenient.Health(health => health with { Retries = 1 });
        var world = A.Fleet().Of(4).On("v1").Refusing("v2", ..1);
        var loop = A.Loop(retried, world);
        while (world[0].Told.Count < 2)
        {
            loop.Pass();
            world.Advance(TimeSpan.FromSeconds(1));
        }

        loop.Wanted = Lenient;
        loop.For(TimeSpan.FromHours(2));

        Assert.Equal(["v2", "v1"], world[0].Told);
        Assert.Equal(Outcome.Failed, loop.RowOf(world[0])!.Outcome);
    }

    [Fact]
    public void Leaves_a_failed_device_as_it_is_when_told_so()
    {
        var world = A.Fleet().Of(4).On("v1").Refusing("v2", ..1);
        var loop = A.Loop(Lenient.Policy(policy => policy with { RestoreFailed = false }), world)
            .For(TimeSpan.FromHours(2));

        Assert.Equal(["v2"], world[0].Told);
        Assert.Equal(Phase.Complete, loop.Phase);
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
    public void Names_in_the_end_whom_Losant_never_told_and_counts_apart_whom_somebody_else_told()
    {
        var world = A.Fleet().Of(4).On("v1");
        world[0].IsDeafToLosant = true;
        world[1].Ignores.Add("v2");
        world.Schedule(world[1], "v2");

        var loop = A.Loop(A.Release(), world).Until(Phase.Complete);

        Assert.Equal(
            $"2 of 4 devices run v2; 1 not taken by Losant: {world[0].Id}, 1 told by somebody else",
            loop.Message
        );
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
