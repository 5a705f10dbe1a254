using EdgeRelease.Api;
using EdgeRelease.Planning;
using Xunit;

namespace EdgeRelease.Tests.Unit.Planning;

public sealed class PlannerOfflineTests
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    private static ReleaseBuilder Lenient => A.Release().Tolerating(100);

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
}
