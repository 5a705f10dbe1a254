using EdgeRelease.Api;
using EdgeRelease.Observation;
using EdgeRelease.Planning;
using Xunit;

namespace EdgeRelease.Tests.Unit.Planning;

/// <summary>Microcontrollers: the same rules, and what only a bundle makes different.</summary>
public sealed class PlannerEmbeddedTests
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);
    private static readonly DeviceId Valve = DeviceId.Parse("575ed18f7ae143cd83dc4aa7");

    private static ReleaseBuilder Pump => A.Release().Asking(release => release with { Class = DeviceClass.Embedded });

    private static PlannerWorld Pumps(int count) => A.Fleet().Of(count).On("v1").Embedded();

    private static ReleaseBuilder HeldBy(PlannerWorld world, DateTimeOffset? until = null) =>
        Pump.Asking(release =>
            release with
            {
                Held = new BundleHolds(
                    world.Gateways.ToDictionary(
                        gateway => gateway.Id,
                        _ => new BundleHold("plant-a/valve", Valve.ToString(), PlannerWorld.Begin) { Until = until }
                    )
                ),
            }
        );

    [Fact]
    public void Rolls_a_flow_out_over_microcontrollers()
    {
        var loop = A.Loop(Pump, Pumps(30)).Until(Phase.Complete);

        Assert.Equal(30, loop.Running("v2"));
        Assert.Equal("embedded", loop.Memory.Version!.FlowClass);
    }

    [Fact]
    public void Rolls_back_a_bundle_that_fails()
    {
        var world = Pumps(6).Refusing("v2", ..);

        var loop = A.Loop(Pump, world).Until(Phase.RolledBack);

        Assert.Equal(6, loop.Running("v1"));
        Assert.All(world.Gateways, gateway => Assert.False(gateway.Row!.Value.Bundle!.IsPending));
    }

    [Fact]
    public void Leaves_gateways_out_of_a_release_of_an_embedded_flow()
    {
        var world = Pumps(2);
        world.Join("v1");

        var plan = A.Loop(Pump, world).Pass();

        Assert.Equal(1, plan.Fleet!.Excluded["WrongClass"]);
    }

    [Fact]
    public void Takes_no_device_for_updated_before_its_bundle_is_the_one_that_was_built()
    {
        var world = Pumps(1);
        var loop = A.Loop(Pump, world);
        loop.Pass();
        var row = world[0].Row!.Value;
        world[0].AppliesAt = null;
        world[0].Row = row with { Current = "v2" };

        loop.For(3 * Minute);

        Assert.Equal("Applying", loop.Of(world[0]).Standing.Reason);
    }

    [Fact]
    public void Tells_no_device_that_another_release_has_not_settled_on()
    {
        var world = Pumps(3);

        var loop = A.Loop(HeldBy(world), world).For(Minute);

        Assert.All(world.Gateways, gateway => Assert.Empty(gateway.Told));
        Assert.Equal((Phase.Waiting, Reasons.BundleBusy), (loop.Phase, loop.Plan.Verdict.Reason));
        Assert.Equal(
            (WaitingKind.Bundle, 3),
            (loop.Plan.Verdict.WaitingFor!.Kind, loop.Plan.Verdict.WaitingFor.Devices!.Count)
        );
        Assert.Contains("3 by release plant-a/valve", loop.Message, StringComparison.Ordinal);
        Assert.Equal("BundleBusy", loop.Plan.Why(world[0].Id).Rule);
        loop.Wanted = Pump;
        Assert.Equal(3, loop.Until(Phase.Complete).Running("v2"));
    }

    [Fact]
    public void Tells_the_others_while_some_are_held()
    {
        var world = Pumps(4);
        var wanted = HeldBy(world)
            .Asking(release => release with { Held = new BundleHolds(release.Held.Devices.Take(1).ToDictionary()) });

        var loop = A.Loop(wanted, world).For(10 * Minute);

        Assert.Equal(3, loop.Running("v2"));
        Assert.Equal(Phase.Waiting, loop.Phase);
        Assert.Equal(1, loop.Plan.Fleet!.Devices.Count(device => device.Standing.Busy is not null));
    }

    [Fact]
    public void Waits_for_a_device_that_another_release_gives_back_only_until_its_row_must_tell()
    {
        var world = Pumps(1);
        var wanted = HeldBy(world, PlannerWorld.Begin + Minute);

        var loop = A.Loop(wanted, world);

        Assert.Equal(Reasons.BundleBusy, loop.Pass().Verdict.Reason);
        Assert.Equal(1, loop.Until(Phase.Complete).Running("v2"));
    }

    [Fact]
    public void Waits_for_nobody_whose_device_somebody_else_took_since()
    {
        var world = Pumps(1).After(2 * Minute);
        world.Rebuild(world[0], "replaceFlow", Valve);
        world.Advance(Minute);

        Assert.Equal(1, A.Loop(HeldBy(world), world).Until(Phase.Complete).Running("v2"));
    }

    [Fact]
    public void Waits_for_a_bundle_that_is_built_for_something_else_and_not_loaded()
    {
        var world = Pumps(1);
        world[0].RefusesRebuilds = true;
        world.Rebuild(world[0]);

        var loop = A.Loop(Pump, world).For(Minute);

        Assert.Empty(world[0].Told);
        Assert.Contains("1 by globals", loop.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Tells_nobody_while_another_ledger_cannot_be_read()
    {
        var world = Pumps(2);
        var wanted = Pump.Asking(release =>
            release with
            {
                Held = BundleHolds.None with { Unreadable = "plant-a/valve" },
            }
        );

        A.Loop(wanted, world).For(Minute);

        Assert.All(world.Gateways, gateway => Assert.Empty(gateway.Told));
    }

    [Fact]
    public void Gives_back_what_it_moved_whoever_holds_it_meanwhile()
    {
        var world = Pumps(2);
        var loop = A.Loop(Pump, world).Until(Phase.Complete);
        loop.Wanted = HeldBy(world).Aborting("r1");

        Assert.Equal(2, loop.Until(Phase.RolledBack).Running("v1"));
    }

    [Fact]
    public void Corrects_no_device_that_another_release_has_not_settled_on()
    {
        var world = Pumps(2);
        var correcting = Pump.With(spec => spec with { Policy = spec.Policy with { Drift = DriftPolicy.Correct } });
        var loop = A.Loop(correcting, world).Until(Phase.Complete);
        world.Schedule(world[0], "v3");
        world.Advance(Minute);
        loop.Wanted = HeldBy(world).With(_ => correcting.Built.Spec);

        loop.For(5 * Minute);

        Assert.Equal(["v2"], world[0].Told);
        loop.Wanted = correcting;
        loop.For(5 * Minute);
        Assert.Equal(["v2", "v2"], world[0].Told);
    }

    [Fact]
    public void Holds_what_it_has_told_until_it_has_an_outcome()
    {
        var world = Pumps(2);
        var loop = A.Loop(Pump, world);
        loop.Pass();

        var holds = BundleHold.Of("plant-a/pump", Valve.ToString(), loop.Memory);

        Assert.Equal(world.Gateways.Single(gateway => gateway.Told.Count > 0).Id, Assert.Single(holds).Key);
        loop.Until(Phase.Complete);
        Assert.Empty(BundleHold.Of("plant-a/pump", Valve.ToString(), loop.Memory));
    }

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

    [Fact]
    public void Removes_a_flow_from_the_bundles()
    {
        var loop = A.Loop(Pump.Removing(), Pumps(3)).Until(Phase.Complete);

        Assert.Equal(3, loop.Running(null));
    }

    private static void Disturb(PlannerLoop loop)
    {
        loop.Until(plan => plan.Batches.Count > 0, "a command");
        var told = loop.Plan.Batches[0].Rows[0].Device;
        loop.World.Rebuild(loop.World.Gateways.Single(gateway => gateway.Id == told));
    }

    private static void LoadByHand(PlannerGateway gateway)
    {
        var row = gateway.Row!.Value;
        gateway.Row = row with { Bundle = row.Bundle! with { Current = "hand", IsUnknown = true } };
    }
}
