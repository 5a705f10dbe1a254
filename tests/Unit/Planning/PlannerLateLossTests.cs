using EdgeRelease.Api;
using EdgeRelease.Planning;
using Xunit;

namespace EdgeRelease.Tests.Unit.Planning;

/// <summary>Rules 7 and 21: what it means after the end that a device goes dark.</summary>
public sealed class PlannerLateLossTests
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    private static ReleaseBuilder Watching(int hours) => A.Release().Watching(hours * Hour);

    [Fact]
    public void Names_a_device_that_goes_dark_within_the_watch_and_takes_nothing_back_where_nobody_knows_why()
    {
        var world = A.Fleet().Of(10).On("v1");
        var loop = A.Loop(Watching(24), world).Until(Phase.Complete);
        world.Disconnect(world[0]);

        loop.For(TimeSpan.FromMinutes(29));
        Assert.Equal(("Dark", Phase.Complete), (loop.Of(world[0]).Standing.Reason, loop.Phase));
        Assert.Equal("9 of 10 devices run v2; 1 dark, may return", loop.Message);
        Assert.Equal("v2", world[0].Wants);
        Assert.False(loop.Plan.IsActive);
        loop.For(TimeSpan.FromMinutes(2));

        Assert.Equal((DeviceState.Lost, Phase.Complete), (loop.Of(world[0]).Standing.State, loop.Phase));
        Assert.All(world.Gateways, gateway => Assert.Equal("v2", gateway.Wants));
        Assert.Equal((null, null), (loop.Memory.Latch, loop.Memory.Pause));
        var healthy = Summaries.Of(loop).Conditions.Single(condition => condition.Type == ConditionTypes.Healthy);
        Assert.Equal((ConditionStatus.Unknown, Reasons.DevicesLost), (healthy.Status, healthy.Reason));
        Assert.DoesNotContain("go back", healthy.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Takes_no_finished_fleet_back_for_a_night_without_power()
    {
        var world = A.Fleet().Of(30).On("v1");
        var loop = A.Loop(Watching(24), world).Until(Phase.Complete);
        world.Gateways.ForEach(world.Disconnect);
        loop.For(8 * Hour);
        Assert.Equal(30, loop.Plan.Fleet!.Devices.Count(device => device.Standing.State == DeviceState.Lost));

        world.Gateways.ForEach(world.Connect);
        loop.For(Hour);

        Assert.All(world.Gateways, gateway => Assert.Equal(["v2"], gateway.Told));
        Assert.Equal((Phase.Complete, "30 of 30 devices run v2"), (loop.Phase, loop.Message));
    }

    [Fact]
    public void Blames_no_tolerated_failure_on_the_version_because_others_lose_power()
    {
        var world = A.Fleet().Of(30).On("v1").Refusing("v2", ..2);
        var loop = A.Loop(Watching(24).ToleratingPercent(10).Policy(policy => policy with { MinOutcomes = 25 }), world)
            .Until(Phase.Complete);
        world.Gateways.ForEach(world.Disconnect);

        loop.For(Hour);

        Assert.Equal((Phase.Complete, null), (loop.Phase, loop.Memory.Latch));
        Assert.Equal(28, loop.Plan.Evidence.Succeeded);
    }

    [Fact]
    public void Takes_the_next_version_from_the_last_one_where_devices_are_switched_off_meanwhile()
    {
        var world = A.Fleet().Of(10).On("v1");
        var release = Watching(24).Offline(OfflinePolicy.Defer);
        var loop = A.Loop(release, world).Until(Phase.Complete);
        world.Gateways.ForEach(world.Disconnect);
        loop.For(2 * Hour);

        loop.Wanted = release.To("v3");
        loop.For(Hour);
        world.Gateways.ForEach(world.Connect);
        loop.Until(Phase.Complete);

        Assert.All(world.Gateways, gateway => Assert.Equal(["v2", "v3"], gateway.Told));
        Assert.All(world.Gateways, gateway => Assert.Equal("v2", loop.RowOf(gateway)!.Previous));
    }

    [Fact]
    public void Counts_who_has_come_back_among_those_that_were_moved()
    {
        var world = A.Fleet().Of(40).On("v1");
        var release = A.Release()
            .In(A.Step("half").Of(50).Soaking(24 * Hour), A.Step("all").All())
            .Health(health => health with { LostAfter = Hour / 2 });
        var loop = A.Loop(release, world).Until(Phase.Soaking);
        world.Gateways.ForEach(world.Disconnect);
        loop.For(Hour);
        var moved = world.Gateways.Where(gateway => gateway.Told.Count > 0).ToList();
        world.Gateways.Except(moved.Take(2)).ToList().ForEach(world.Connect);

        loop.For(2 * Hour);

        Assert.Null(loop.Memory.Latch);
    }

    [Fact]
    public void Keeps_a_device_on_the_version_that_leaves_while_it_is_switched_off()
    {
        var world = A.Fleet().Of(10).On("v1").Tagged(.., "line", "a");
        var loop = A.Loop(Watching(24).For("line", "a").OnLeave(LeavePolicy.Keep), world).Until(Phase.Complete);
        world.Disconnect(world[0]);
        loop.For(Hour);
        world[0].Tags = Observation.TagSet.Empty;

        loop.For(Hour);

        Assert.Equal(["v2"], world[0].Told);
    }

    [Fact]
    public void Serves_who_joins_while_a_device_stays_dark_after_the_end()
    {
        var world = A.Fleet().Of(10).On("v1");
        var loop = A.Loop(Watching(24).Unavailable(1), world).Until(Phase.Complete);
        world.Disconnect(world[0]);
        loop.For(Hour);
        var joiner = world.Join("v1");

        loop.For(Hour);

        Assert.Equal("v2", joiner.Runs);
    }

    [Fact]
    public void Leaves_a_device_alone_that_is_dark_for_less_than_lostAfter()
    {
        var world = A.Fleet().Of(10).On("v1");
        var loop = A.Loop(Watching(24), world).Until(Phase.Complete);
        world.Disconnect(world[0]);
        loop.For(Hour / 3);
        world.Connect(world[0]);

        loop.For(Hour);

        Assert.Equal((DeviceState.Updated, "v2"), (loop.Of(world[0]).Standing.State, world[0].Wants));
    }

    [Fact]
    public void Leaves_a_device_alone_that_goes_dark_after_the_watch()
    {
        var world = A.Fleet().Of(10).On("v1");
        var loop = A.Loop(Watching(2), world).Until(Phase.Complete);
        world.After(3 * Hour).Disconnect(world[0]);

        loop.For(2 * Hour);

        Assert.Equal((DeviceState.Updated, "v2"), (loop.Of(world[0]).Standing.State, world[0].Wants));
    }

    [Fact]
    public void Leaves_a_device_alone_whose_lostAfter_ends_after_the_watch()
    {
        var world = A.Fleet().Of(10).On("v1");
        var loop = A.Loop(Watching(2), world).Until(Phase.Complete);
        loop.For(1.75 * Hour);
        world.Disconnect(world[0]);

        loop.For(2 * Hour);

        Assert.Equal((DeviceState.Updated, "v2"), (loop.Of(world[0]).Standing.State, world[0].Wants));
    }

    [Fact]
    public void Says_after_the_watch_of_who_was_lost_within_it_that_he_is_dark()
    {
        var world = A.Fleet().Of(10).On("v1");
        var loop = A.Loop(Watching(2), world).Until(Phase.Complete);
        world.Disconnect(world[0]);
        loop.For(Hour);
        var message = loop.Message;

        loop.For(24 * Hour);

        Assert.Equal((DeviceState.Lost, message), (loop.Of(world[0]).Standing.State, loop.Message));
        world.Connect(world[0]);
        loop.Pass();
        Assert.Equal(DeviceState.Updated, loop.Of(world[0]).Standing.State);
    }
}
