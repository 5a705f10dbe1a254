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
        loop.Watch = (plan, _) => Assert.InRange(plan.Fleet!.Devices.Count(device => device.Standing.HoldsSlot), 0, 3);

        loop.Until(Phase.Complete);
    }

    [Fact]
    public void Names_the_devices_that_hold_every_slot_for_good()
    {
        var world = A.Fleet().Of(14).On("v1");
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
        var release = A.Release()
            .In(A.Step().Ring("ring", "lab").All().Soaking(Hour), A.Step().Count(3).Soaking(Hour), A.Step().Of(100));
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
        var release = A.Release()
            .In(A.Step().Ring("ring", "lab").All(), A.Step().Ring("ring", "pilot").All(), A.Step().Of(100));
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

    [Theory]
    [InlineData(3, 2)]
    [InlineData(0, 0)]
    public void Takes_an_edited_soak_into_account_at_once(int hours, int more)
    {
        var hour = TimeSpan.FromHours(1);
        var loop = A.Loop(Soaking(hour), A.Fleet().Of(10).On("v1")).Until(Phase.Soaking);
        loop.For(hour / 2);
        loop.Wanted = Soaking(hours * hour);

        loop.For(hour * more).Pass();

        Assert.Equal(more > 0 ? Phase.Soaking : Phase.Progressing, loop.Phase);
        loop.Until(Phase.Complete);
        Assert.InRange(loop.World.Now - loop.Memory.StartedAt!.Value, hours * hour, (hours * hour) + hour);
    }

    private static ReleaseBuilder Soaking(TimeSpan soak) =>
        A.Release().In(A.Step().Of(20).Soaking(soak), A.Step().Of(100));
}
