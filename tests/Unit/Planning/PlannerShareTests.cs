using EdgeRelease.Api;
using EdgeRelease.Observation;
using EdgeRelease.Planning;
using Xunit;

namespace EdgeRelease.Tests.Unit.Planning;

public sealed class PlannerShareTests
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    [Theory]
    [InlineData(10, 7, 1)]
    [InlineData(1, 3, 1)]
    [InlineData(0, 3, 0)]
    [InlineData(50, 7, 4)]
    [InlineData(100, 7, 7)]
    public void Moves_the_percentage_rounded_up(int percentage, int devices, int moved)
    {
        var world = A.Fleet().Of(devices).On("v1");

        A.Loop(A.Release().At(percentage).Percent(), world).For(Hour);

        Assert.Equal(moved, world.Gateways.Count(gateway => gateway.Runs == "v2"));
    }

    [Fact]
    public void Ends_at_its_percentage()
    {
        var loop = A.Loop(A.Release().At(50).Percent(), A.Fleet().Of(10).On("v1")).Until(Phase.AtPercentage);

        Assert.Equal(RevisionResult.AtPercentage, loop.Memory.Result);
    }

    [Fact]
    public void Is_complete_after_the_percentage_was_raised_to_100()
    {
        var loop = A.Loop(A.Release().At(50).Percent(), A.Fleet().Of(10).On("v1")).Until(Phase.AtPercentage);
        loop.Wanted = A.Release();

        loop.Until(Phase.Complete);

        Assert.Equal(10, loop.Running("v2"));
    }

    [Fact]
    public void Is_complete_after_a_raise_when_only_offline_devices_are_left()
    {
        var world = A.Fleet().Of(10).On("v1").Offline(..7);
        var loop = A.Loop(A.Release().At(50).Percent(), world).Until(Phase.AtPercentage);
        loop.Wanted = A.Release();

        loop.Until(Phase.Complete);

        Assert.All(world.Gateways, gateway => Assert.Equal("v2", gateway.Wants));
    }

    [Fact]
    public void Sends_a_single_device_before_the_first_success()
    {
        var loop = A.Loop(A.Release(), A.Fleet().Of(60).On("v1"));

        Assert.Equal(1, loop.Pass().Batches.Sum(batch => batch.Rows.Count));
        loop.For(TimeSpan.FromMinutes(1));
        Assert.Equal(1, loop.World.Gateways.Count(gateway => gateway.Told.Count > 0));
    }

    [Fact]
    public void Tries_another_device_first_when_the_first_one_goes_dark_for_good()
    {
        var world = A.Fleet().Of(20).On("v1");
        var loop = A.Loop(A.Release(), world);
        loop.Pass();
        var first = world.Gateways.Single(gateway => gateway.Told.Count > 0);
        world.Disconnect(first);

        loop.Until(Phase.Complete);

        Assert.Equal(19, loop.Running("v2"));
    }

    [Fact]
    public void Holds_no_more_slots_than_allowed()
    {
        var loop = A.Loop(A.Release().Unavailable(3), A.Fleet().Of(30).On("v1"));
        loop.Watch = (plan, _) =>
            Assert.InRange(plan.Fleet!.Devices.Count(device => device.Standing.HoldsSlot), 0, 3);

        loop.Until(Phase.Complete);
    }

    [Fact]
    public void Names_the_devices_that_hold_every_slot_for_good()
    {
        var world = A.Fleet().Of(10).On("v1");
        var loop = A.Loop(A.Release().Unavailable(1).Tolerating(9), world).Until(plan => plan.Evidence.Succeeded == 1);
        loop.Pass();
        var stuck = world.Gateways.Single(gateway => gateway.Told.Count > 0 && gateway.Runs == "v1");
        world.Disconnect(stuck);

        loop.Until(Phase.Waiting);

        Assert.Equal(WaitingKind.Budget, loop.Plan.Verdict.WaitingFor!.Kind);
        Assert.Equal([stuck.Id.ToString()], loop.Plan.Verdict.WaitingFor.Devices!);
    }

    [Fact]
    public void Takes_a_ring_first_and_a_count_outside_all_rings_after_it()
    {
        var world = A.Fleet().Of(20).On("v1").Tagged(..4, "ring", "lab");
        var release = A.Release().In(A.Step().Ring("ring", "lab").All().Soaking(Hour), A.Step().Count(3).Soaking(Hour), A.Step().Of(100));
        var loop = A.Loop(release, world).Until(Phase.Soaking);
        Assert.Equal(4, world.Gateways.Take(4).Count(gateway => gateway.Runs == "v2"));
        Assert.Equal(4, loop.Running("v2"));

        loop.Until(_ => loop.Memory.Step is { Index: 1, SoakUntil: not null });

        Assert.Equal(7, loop.Running("v2"));
    }

    [Fact]
    public void Skips_a_ring_without_devices_and_says_so()
    {
        var release = A.Release().In(A.Step("lab").Ring("ring", "lab").All(), A.Step().Of(100));
        var loop = A.Loop(release, A.Fleet().Of(5).On("v1")).Until(Phase.Complete);

        Assert.Contains(loop.Notices, notice => notice.Reason == "StepSkipped");
    }

    [Fact]
    public void Waits_for_a_reachable_device_when_the_first_ring_has_none()
    {
        var world = A.Fleet().Of(10).On("v1").Tagged(..3, "ring", "lab").Offline(..3);
        var loop = A.Loop(A.Release().In(A.Step().Ring("ring", "lab").All(), A.Step().Of(100)), world).For(Hour);

        Assert.Equal(WaitingKind.Reachable, loop.Plan.Verdict.WaitingFor?.Kind);
        Assert.Equal(0, loop.Running("v2"));
    }

    [Fact]
    public void Waits_for_a_reachable_device_when_a_later_ring_has_none()
    {
        var world = A.Fleet().Of(10).On("v1").Tagged(..3, "ring", "lab").Tagged(3..6, "ring", "pilot").Offline(3..6);
        var release = A.Release().In(A.Step().Ring("ring", "lab").All(), A.Step().Ring("ring", "pilot").All(), A.Step().Of(100));
        var loop = A.Loop(release, world).For(Hour);

        Assert.Equal(1, loop.Memory.Step.Index);
        Assert.Equal(WaitingKind.Reachable, loop.Plan.Verdict.WaitingFor?.Kind);
    }

    [Fact]
    public void Soaks_before_the_next_step()
    {
        var release = A.Release().In(A.Step().Of(20).Soaking(Hour), A.Step().Of(100));
        var loop = A.Loop(release, A.Fleet().Of(10).On("v1")).Until(Phase.Soaking);
        loop.For(Hour - TimeSpan.FromMinutes(2));
        Assert.Equal(2, loop.Running("v2"));

        loop.Until(Phase.Complete);

        Assert.Equal(10, loop.Running("v2"));
    }

    [Fact]
    public void Rolls_back_for_a_failure_during_the_soak()
    {
        var world = A.Fleet().Of(10).On("v1").Offline(..1);
        var release = A.Release().In(A.Step().Of(100).Soaking(Hour));
        var loop = A.Loop(release, world).Until(Phase.Soaking);
        world[0].Refuses.Add("v2");
        world.Connect(world[0]);

        loop.Until(Phase.RolledBack);

        Assert.Equal(10, loop.Running("v1"));
    }

    [Fact]
    public void Counts_adopted_devices_into_the_share_and_never_as_evidence()
    {
        var world = A.Fleet().Of(4).On("v2").Of(6).On("v1");
        var loop = A.Loop(A.Release().At(50).Percent(), world).Until(Phase.AtPercentage);

        Assert.Equal(5, loop.Running("v2"));
        Assert.Equal(1, loop.Plan.Evidence.Outcomes);
    }

    [Fact]
    public void Sends_nothing_when_the_whole_fleet_runs_the_version_already()
    {
        var world = A.Fleet().Of(20).On("v2");

        var loop = A.Loop(A.Release(), world).For(Hour);

        Assert.Equal(Phase.Complete, loop.Phase);
        Assert.All(world.Gateways, gateway => Assert.Empty(gateway.Told));
    }

    [Fact]
    public void Serves_a_joiner_in_place_after_the_end()
    {
        var world = A.Fleet().Of(5).On("v1");
        var loop = A.Loop(A.Release(), world).Until(Phase.Complete);
        var joiner = world.Join("v1");
        loop.Watch = (plan, _) => Assert.Equal(Phase.Complete, plan.Verdict.Phase);

        loop.For(Hour);

        Assert.Equal("v2", joiner.Runs);
    }

    [Fact]
    public void Says_who_keeps_a_joiner_waiting_after_the_end()
    {
        var world = A.Fleet().Of(2).On("v1");
        var loop = A.Loop(A.Release().Unavailable(1), world).Until(Phase.Complete);
        var dark = world.Join("v1");
        dark.DiesOf.Add("v2");
        loop.For(Hour);
        world.Join("v1");

        loop.For(Hour);

        Assert.Contains($"all 1 slots are held by {dark.Id}", loop.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Gives_joiners_no_more_than_the_share_of_the_step()
    {
        var world = A.Fleet().Of(40).On("v1");
        var loop = A.Loop(A.Release().In(A.Step().Of(10).Soaking(Hour), A.Step().Of(100)), world).Until(Phase.Soaking);
        for (var i = 0; i < 20; i++)
        {
            world.Join("v1");
        }

        loop.For(Hour / 2);

        Assert.Equal(6, loop.Running("v2"));
    }

    [Fact]
    public void Excludes_an_agent_that_is_too_old_or_unknown_and_counts_why()
    {
        var world = A.Fleet().Of(5).On("v1");
        world[0].Agent = "1.38.0";
        world[1].Agent = null;
        world[2].Class = DeviceClass.Other;
        var loop = A.Loop(A.Release().Asking(release => release with { MinimumAgentVersion = "1.39.2" }), world).Until(Phase.Complete);

        var excluded = new Dictionary<string, int> { ["AgentTooOld"] = 1, ["AgentUnknown"] = 1, ["WrongClass"] = 1 };
        Assert.Equal(excluded, loop.Plan.Fleet!.Excluded.ToDictionary());
        Assert.All(world.Gateways.Take(3), gateway => Assert.Empty(gateway.Told));
    }

    [Fact]
    public void Excludes_a_device_that_is_too_old_for_the_version_after_an_unfinished_one()
    {
        var world = A.Fleet().Of(3).On("v1");
        world[0].Agent = "1.38.0";
        var loop = A.Loop(A.Release().In(A.Step().Of(100).Soaking(Hour)), world).Until(Phase.Soaking);
        loop.Wanted = A.Release().To("v3").Asking(release => release with { MinimumAgentVersion = "1.39.0" });

        loop.For(Hour);

        Assert.DoesNotContain("v3", world[0].Told);
        Assert.Equal(1, loop.Plan.Fleet!.Excluded["AgentTooOld"]);
    }

    [Fact]
    public void Selects_by_all_tags_and_adds_named_devices()
    {
        var world = A.Fleet().Of(4).On("v1").Tagged(..2, "line", "a").Tagged(1..3, "site", "x");
        var release = A.Release().For("line", "a").For("site", "x").With(spec => spec with { DeviceIds = [world[3].Id.ToString()] });

        A.Loop(release, world).Until(Phase.Complete);

        Assert.Equal(["v1", "v2", "v1", "v2"], world.Gateways.Select(gateway => gateway.Runs));
    }

    [Fact]
    public void Names_the_ids_that_Losant_does_not_list()
    {
        var stranger = new DeviceId(0xabc);
        var release = A.Release().With(spec => spec with { DeviceIds = [stranger.ToString()] });

        var plan = A.Loop(release, A.Fleet().Of(1).On("v1")).Pass();

        Assert.Equal([stranger], plan.Fleet!.UnknownIds);
    }

    [Fact]
    public void Waits_for_devices_and_is_never_complete_when_nothing_matches()
    {
        var loop = A.Loop(A.Release().For("line", "none"), A.Fleet().Of(3).On("v1")).For(Hour);

        Assert.Equal(WaitingKind.Devices, loop.Plan.Verdict.WaitingFor!.Kind);
        Assert.Null(loop.Memory.Result);
    }
}
