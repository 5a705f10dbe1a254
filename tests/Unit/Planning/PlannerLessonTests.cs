using EdgeRelease.Api;
using EdgeRelease.Observation;
using EdgeRelease.Planning;
using Xunit;

namespace EdgeRelease.Tests.Unit.Planning;

/// <summary>What a prototype taught; the lessons are named in the design document.</summary>
public sealed class PlannerLessonTests
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    [Fact]
    public void Keeps_the_step_and_its_soak_when_an_offline_device_wakes_up()
    {
        var release = A.Release().In(A.Step().Of(50).Soaking(Hour), A.Step().Of(100));
        var loop = A.Loop(release, A.Fleet().Of(10).On("v1").Offline(6..10)).Until(Phase.Soaking);
        var until = loop.Memory.Step.SoakUntil;
        loop.World.Connect(loop.World[8]);

        loop.Pass();

        Assert.Equal(0, loop.Memory.Step.Index);
        Assert.Equal(until, loop.Memory.Step.SoakUntil);
    }

    [Fact]
    public void Never_goes_back_to_an_earlier_step_when_its_device_wakes_up()
    {
        var release = A.Release().In(A.Step().Ring("ring", "lab").All(), A.Step().Of(100).Soaking(Hour));
        var world = A.Fleet().Of(10).On("v1").Tagged(..3, "ring", "lab").Offline(..1);
        var loop = A.Loop(release, world).Until(Phase.Soaking);
        world.Connect(world[0]);

        loop.For(Hour / 2);

        Assert.Equal(1, loop.Memory.Step.Index);
        Assert.Equal("v2", world[0].Runs);
    }

    [Fact]
    public void Goes_on_rolling_back_when_the_fleet_no_longer_shows_the_failure()
    {
        var release = A.Release().Aborting("r1");
        var loop = A.Loop(A.Release(), A.Fleet().Of(5).On("v1")).Until(Phase.Complete);
        loop.Wanted = release;
        loop.Until(Phase.RolledBack);
        loop.Wanted = A.Release();

        loop.For(Hour);

        Assert.Equal(Phase.RolledBack, loop.Phase);
        Assert.Equal(5, loop.Running("v1"));
    }

    [Fact]
    public void Ignores_an_abort_of_another_revision()
    {
        var loop = A.Loop(A.Release().Aborting("r7"), A.Fleet().Of(5).On("v1"));

        loop.Until(Phase.Complete);

        Assert.Null(loop.Memory.Latch);
    }

    [Fact]
    public void Sends_a_device_forward_once_while_its_version_is_pending()
    {
        var world = A.Fleet().Of(1).On("v1");
        world[0].Ignores.Add("v2");
        var loop = A.Loop(A.Release(), world).For(TimeSpan.FromMinutes(9));

        Assert.Equal(["v2"], world[0].Told);
        Assert.Equal(Phase.Progressing, loop.Phase);
    }

    [Fact]
    public void Leaves_a_device_alone_that_somebody_else_has_scheduled_the_version_on()
    {
        var world = A.Fleet().Of(3).On("v1");
        world.Disconnect(world[0]);
        world.Schedule(world[0], "v2");
        A.Loop(A.Release(), world).For(Hour);

        Assert.Empty(world[0].Told);
    }

    [Fact]
    public void Leaves_a_device_alone_whose_removal_somebody_else_has_scheduled()
    {
        var world = A.Fleet().Of(3).On("v1");
        world[0].Connected = false;
        world.Schedule(world[0], null);
        A.Loop(A.Release().Removing(), world).For(Hour);

        Assert.Empty(world[0].Told);
    }

    [Fact]
    public void Takes_no_error_of_another_version_for_a_failure()
    {
        var (loop, gateway) = Commanded();
        Report(gateway, loop.World.Now, attempted: "v9", etag: null);

        loop.For(TimeSpan.FromMinutes(5));

        Assert.Equal(0, loop.Plan.Evidence.Failed);
    }

    [Fact]
    public void Takes_no_error_of_other_content_for_a_failure()
    {
        var (loop, gateway) = Commanded();
        Report(gateway, loop.World.Now, attempted: "v2", etag: "v2-older");

        loop.For(TimeSpan.FromMinutes(5));

        Assert.Equal(0, loop.Plan.Evidence.Failed);
    }

    [Fact]
    public void Takes_no_error_from_before_the_command_for_a_failure()
    {
        var (loop, gateway) = Commanded();
        Report(gateway, PlannerWorld.Begin - TimeSpan.FromDays(30), attempted: "v2", etag: "v2-etag");

        loop.For(TimeSpan.FromMinutes(5));

        Assert.Equal(0, loop.Plan.Evidence.Failed);
    }

    [Fact]
    public void Takes_no_error_without_an_attempted_version_for_a_failure()
    {
        var (loop, gateway) = Commanded();
        Report(gateway, loop.World.Now, attempted: null, etag: null);

        loop.For(TimeSpan.FromMinutes(5));

        Assert.Equal(0, loop.Plan.Evidence.Failed);
    }

    [Fact]
    public void Cuts_batches_of_at_most_1000_sorted_ids()
    {
        var release = A.Release().Health(health => health with { Confirm = TimeSpan.Zero });
        var world = A.Fleet().Of(1300).On("v1");
        var loop = A.Loop(release, world).Until(plan => plan.Batches.Count > 1);

        Assert.All(loop.Plan.Batches, batch => Assert.InRange(batch.Rows.Count, 1, 1000));
        Assert.All(loop.Plan.Batches, batch => Assert.Equal(batch.Devices.Order(), batch.Devices));
        Assert.Equal(
            loop.Plan.Batches.Select(batch => batch.Number).Order(),
            loop.Plan.Batches.Select(batch => batch.Number)
        );
    }

    [Fact]
    public void Rolls_each_device_back_to_its_own_previous_version()
    {
        var world = A.Fleet().Of(3).On("v0").Of(3).On("v1").Of(3);
        var loop = A.Loop(A.Release(), world).Until(Phase.Complete);
        loop.Wanted = A.Release().Aborting("r1");

        loop.Until(Phase.RolledBack);

        Assert.Equal(
            ["v0", "v0", "v0", "v1", "v1", "v1", null, null, null],
            world.Gateways.Select(gateway => gateway.Runs)
        );
    }

    [Fact]
    public void Groups_a_rollback_by_version_null_included()
    {
        var world = A.Fleet().Of(2).On("v0").Of(2).On("v1").Of(2);
        var loop = A.Loop(A.Release(), world).Until(Phase.Complete);
        loop.Wanted = A.Release().Aborting("r1");

        var batches = loop.Pass().Batches;

        Assert.Equal([null, "v0", "v1"], batches.Select(batch => batch.Version));
        Assert.All(batches, batch => Assert.Equal(CommandKind.Back, batch.Kind));
    }

    /// <summary>One device that was told to run v2 and never answers.</summary>
    private static (PlannerLoop Loop, PlannerGateway Gateway) Commanded()
    {
        var world = A.Fleet().Of(1).On("v1");
        world[0].Ignores.Add("v2");
        var loop = A.Loop(A.Release(), world).For(TimeSpan.FromMinutes(1));
        return (loop, world[0]);
    }

    private static void Report(PlannerGateway gateway, DateTimeOffset at, string? attempted, string? etag) =>
        gateway.Row = gateway.Row!.Value with { LastCurrent = new CurrentEntry(at, null, "no", attempted, etag) };
}
