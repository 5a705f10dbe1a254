using EdgeRelease.Api;
using EdgeRelease.Observation;
using EdgeRelease.Planning;
using Xunit;
using static EdgeRelease.Tests.Unit.Planning.Boards;

namespace EdgeRelease.Tests.Unit.Planning;

/// <summary>F126, F047: bundles that somebody loads by hand.</summary>
public sealed class PlannerHandLoadedTests
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    [Fact]
    public void Leaves_out_what_somebody_loaded_by_hand_unless_it_is_allowed()
    {
        var world = Pumps(2);
        LoadByHand(world[0]);

        var loop = A.Loop(Pump, world).Until(Phase.Complete);

        Assert.Equal(1, loop.Plan.Fleet!.Excluded["UnknownBundle"]);
        Assert.Empty(world[0].Told);
        loop.Wanted = Pump.With(spec => spec with { Embedded = new EmbeddedSpec { AllowUnknownBundle = true } });
        loop.For(10 * Minute);
        Assert.Equal(["v2"], world[0].Told);
    }

    [Fact]
    public void Leaves_alone_what_somebody_loads_by_hand_after_it_was_moved()
    {
        var world = Pumps(3);
        var loop = A.Loop(
            Pump.With(spec => spec with { Policy = spec.Policy with { Drift = DriftPolicy.Correct } }),
            world
        );
        loop.Until(Phase.Complete);
        LoadByHand(world[1]);

        loop.For(10 * Minute);

        Assert.Equal(
            ("UnknownBundle", DeviceState.Drifted),
            (loop.Of(world[1]).Standing.Reason, loop.Of(world[1]).Standing.State)
        );
        Assert.Equal(["v2"], world[1].Told);
        Assert.Equal(Phase.Complete, loop.Phase);
    }

    [Fact]
    public void Blames_no_version_for_a_device_that_somebody_loads_by_hand_before_it_has_settled()
    {
        var world = Pumps(3);
        var loop = A.Loop(Pump, world);
        loop.Pass();
        var first = world.Gateways.Single(gateway => gateway.Told.Count > 0);
        first.AppliesAt = null;
        LoadByHand(first);

        loop.For(20 * Minute);

        Assert.Null(loop.Memory.Latch);
        Assert.Equal((Outcome.None, 0), (loop.RowOf(first)!.Outcome, loop.Plan.Evidence.Failed));
        Assert.Equal(["v2"], first.Told);
        Assert.Equal(2, loop.Running("v2"));
    }

    [Fact]
    public void Restores_no_device_that_leaves_over_what_somebody_loaded_by_hand()
    {
        var world = Pumps(3);
        var loop = A.Loop(Pump.OnLeave(LeavePolicy.Restore), world).Until(Phase.Complete);
        LoadByHand(world[1]);
        loop.Wanted = Pump.OnLeave(LeavePolicy.Restore)
            .With(spec => spec with { Exclude = new ExcludeSpec { DeviceIds = [world[1].Id.ToString()] } });

        loop.For(10 * Minute);

        Assert.Equal(["v2"], world[1].Told);
    }

    private static void LoadByHand(PlannerGateway gateway)
    {
        var row = gateway.Row!.Value;
        gateway.Row = row with { Bundle = row.Bundle! with { Current = "hand", IsUnknown = true } };
    }
}
