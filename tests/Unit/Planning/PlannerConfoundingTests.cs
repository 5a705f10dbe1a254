using EdgeRelease.Api;
using EdgeRelease.Observation;
using EdgeRelease.Planning;
using Xunit;
using static EdgeRelease.Tests.Unit.Planning.Boards;

namespace EdgeRelease.Tests.Unit.Planning;

/// <summary>F125: a bundle that is built anew for something else meanwhile proves nothing.</summary>
public sealed class PlannerConfoundingTests
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    [Fact]
    public void Counts_a_device_whose_bundle_was_built_anew_meanwhile_neither_as_success_nor_as_failure()
    {
        var world = Pumps(3);
        var loop = A.Loop(Pump, world);
        loop.Pass();
        var first = world.Gateways.Single(gateway => gateway.Told.Count > 0);
        world.Rebuild(first);

        loop.Until(plan => plan.Fleet!.Devices.Any(device => device.Standing.Reason == "Confounded"));

        Assert.Equal(
            (DeviceState.Updated, Outcome.Confounded),
            (loop.Of(first).Standing.State, loop.RowOf(first)!.Outcome)
        );
        Assert.Equal(0, loop.Plan.Evidence.Outcomes);
        loop.Until(Phase.Complete);
        Assert.Equal((3, 2), (loop.Running("v2"), loop.Plan.Evidence.Succeeded));
    }

    [Fact]
    public void Holds_such_a_device_against_other_flows()
    {
        var world = Pumps(3);
        var loop = A.Loop(Pump, world);
        loop.Pass();
        var first = world.Gateways.Single(gateway => gateway.Told.Count > 0);
        world.Rebuild(first);

        loop.Until(_ => loop.RowOf(first)!.Outcome == Outcome.Confounded);

        Assert.Contains(first.Id, BundleHold.Of("plant-a/pump", Minute, loop.Memory).Select(pair => pair.Key));
    }

    [Fact]
    public void Takes_such_a_device_on_to_the_next_version_without_going_back_first()
    {
        var world = Pumps(3);
        var loop = A.Loop(Pump, world);
        loop.Pass();
        var first = world.Gateways.Single(gateway => gateway.Told.Count > 0);
        world.Rebuild(first);
        loop.Until(Phase.Complete);
        loop.Wanted = Pump.To("v3");

        loop.Until(plan => plan.Verdict.Phase == Phase.Complete && loop.Running("v3") == 3);

        Assert.Equal(["v2", "v3"], first.Told);
    }

    [Fact]
    public void Takes_back_a_device_whose_bundle_was_built_anew_and_fails_without_blaming_the_version()
    {
        var world = Pumps(3);
        var loop = A.Loop(Pump, world);
        loop.Pass();
        var first = world.Gateways.Single(gateway => gateway.Told.Count > 0);
        first.RefusesRebuilds = true;
        world.Rebuild(first);

        loop.Until(Phase.Complete);

        Assert.Equal(["v2", "v1"], first.Told);
        Assert.Equal((0, Outcome.Confounded), (loop.Plan.Evidence.Failed, loop.RowOf(first)!.Outcome));
        Assert.Equal(2, loop.Running("v2"));
    }

    [Fact]
    public void Confirms_a_device_that_had_been_good_for_long_enough_before_its_bundle_was_built_anew()
    {
        var world = Pumps(1);
        var loop = A.Loop(Pump, world);
        loop.Pass();
        world.Advance(5 * Minute);
        world.Rebuild(world[0]);

        loop.Pass();

        Assert.Equal(Outcome.Confirmed, loop.RowOf(world[0])!.Outcome);
    }

    [Fact]
    public void Keeps_a_confirmed_device_whose_bundle_is_built_anew_and_fails()
    {
        var world = Pumps(2);
        var loop = A.Loop(Pump, world).Until(Phase.Complete);
        world[0].RefusesRebuilds = true;
        world.Rebuild(world[0]);

        loop.For(30 * Minute);

        Assert.Equal((Phase.Complete, DeviceState.Updated), (loop.Phase, loop.Of(world[0]).Standing.State));
    }

    [Fact]
    public void Pauses_when_bundles_are_built_anew_a_second_time_and_goes_on_with_the_token()
    {
        var world = Pumps(6);
        var loop = A.Loop(Pump.Unavailable(1), world);
        Disturb(loop);
        loop.For(10 * Minute);
        Assert.Null(loop.Memory.Pause);
        Disturb(loop);

        loop.Until(Phase.Paused);

        Assert.Contains("2 times", loop.Message, StringComparison.Ordinal);
        loop.Wanted = Pump.Unavailable(1).Approving(loop.Memory.Pause!.Token);
        Assert.Equal(6, loop.Until(Phase.Complete).Running("v2"));
    }

    private static void Disturb(PlannerLoop loop)
    {
        loop.Until(plan => plan.Batches.Count > 0, "a command");
        var told = loop.Plan.Batches[0].Rows[0].Device;
        loop.World.Rebuild(loop.World.Gateways.Single(gateway => gateway.Id == told));
    }
}
