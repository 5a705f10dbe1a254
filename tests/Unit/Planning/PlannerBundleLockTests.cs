using EdgeRelease.Api;
using EdgeRelease.Observation;
using EdgeRelease.Planning;
using Xunit;
using static EdgeRelease.Tests.Unit.Planning.Boards;

namespace EdgeRelease.Tests.Unit.Planning;

/// <summary>F124: one release at a time on a microcontroller, over all its flows.</summary>
public sealed class PlannerBundleLockTests
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);
    private static readonly DeviceId Valve = DeviceId.Parse("575ed18f7ae143cd83dc4aa7");

    /// <summary>Held by a release that told the boards at a time; by default long after the test.</summary>
    private static ReleaseBuilder HeldBy(PlannerWorld world, DateTimeOffset? at = null) =>
        Pump.Asking(release =>
            release with
            {
                Held = new BundleHolds(
                    world.Gateways.ToDictionary(
                        gateway => gateway.Id,
                        _ => new BundleHold("plant-a/valve", at ?? PlannerWorld.Begin + (60 * Minute), 2 * Minute)
                    )
                ),
            }
        );

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
    public void Waits_no_longer_for_a_release_that_never_says_how_its_device_ended_once_that_has_been_good_long_enough()
    {
        var world = Pumps(1);
        var loop = A.Loop(HeldBy(world, PlannerWorld.Begin), world);

        loop.For(Times.AppliedWithin + Minute);

        Assert.Equal(Reasons.BundleBusy, loop.Plan.Verdict.Reason);
        Assert.Equal(1, loop.Until(Phase.Complete).Running("v2"));
    }

    [Fact]
    public void Waits_anew_when_something_happens_to_the_bundle_of_a_held_device()
    {
        var world = Pumps(1);
        var loop = A.Loop(HeldBy(world, PlannerWorld.Begin), world).For(3 * Minute);
        world.Rebuild(world[0], "replaceFlow", Valve);

        loop.For(3 * Minute);

        Assert.Empty(world[0].Told);
        Assert.Equal(1, loop.Until(Phase.Complete).Running("v2"));
    }

    [Fact]
    public void Waits_without_end_for_a_held_device_that_does_not_load_its_bundle()
    {
        var world = Pumps(1);
        world[0].RefusesRebuilds = true;
        world.Rebuild(world[0], "replaceFlow", Valve);

        A.Loop(HeldBy(world, PlannerWorld.Begin), world).For(60 * Minute);

        Assert.Empty(world[0].Told);
    }

    [Fact]
    public void Waits_for_a_held_device_that_went_dark_until_it_has_been_back_and_good_long_enough()
    {
        var world = Pumps(1);
        world.Disconnect(world[0]);
        var wanted = HeldBy(world, PlannerWorld.Begin)
            .With(spec => spec with { Health = spec.Health with { Offline = OfflinePolicy.Arm } });
        var loop = A.Loop(wanted, world).For(60 * Minute);
        Assert.Empty(world[0].Told);

        world.Connect(world[0]);

        Assert.Equal(1, loop.Until(Phase.Complete).Running("v2"));
    }

    [Fact]
    public void Waits_for_the_window_of_those_that_nobody_holds_while_somebody_holds_others()
    {
        var world = Pumps(4);
        var later = new WindowSpec
        {
            From = "23:00",
            To = "23:30",
            TimeZone = "UTC",
        };
        var wanted = HeldBy(world)
            .Asking(release => release with { Held = new BundleHolds(release.Held.Devices.Take(1).ToDictionary()) })
            .With(spec => spec with { Schedule = new ScheduleSpec { Windows = [later] } });

        var loop = A.Loop(wanted, world).For(Minute);

        Assert.Equal((Phase.Waiting, Reasons.WaitingForWindow), (loop.Phase, loop.Plan.Verdict.Reason));
        Assert.Contains("3 devices waiting for a time window", loop.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Fills_a_step_with_devices_that_nobody_holds_before_those_that_somebody_does()
    {
        var world = Pumps(10);
        var order = A.Loop(Pump, world).Pass().Fleet!.Devices.Select(device => device.Id).ToList();
        var wanted = HeldBy(world)
            .Asking(release =>
                release with
                {
                    Held = new BundleHolds(
                        release.Held.Devices.Where(pair => order.Take(2).Contains(pair.Key)).ToDictionary()
                    ),
                }
            )
            .With(spec => spec with { RolloutPercentage = 50 });

        var loop = A.Loop(wanted, world).Until(Phase.AtPercentage);

        Assert.Equal(5, loop.Running("v2"));
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

        var holds = BundleHold.Of("plant-a/pump", Minute, loop.Memory);

        Assert.Equal(world.Gateways.Single(gateway => gateway.Told.Count > 0).Id, Assert.Single(holds).Key);
        loop.Until(Phase.Complete);
        Assert.Empty(BundleHold.Of("plant-a/pump", Minute, loop.Memory));
    }
}
