using EdgeRelease.Api;
using EdgeRelease.Planning;
using EdgeRelease.Tests.Unit.Planning.Builders;
using Xunit;

namespace EdgeRelease.Tests.Unit.Planning;

public sealed class SummaryObstacleTests
{
    private static readonly Obstacle Unreachable = new(
        Reasons.LosantUnreachable,
        "cannot list devices: connection refused"
    );
    private static readonly Obstacle Rejected = new(Reasons.CredentialsRejected, "cannot list devices: 401");

    private static EdgeReleaseStatus Obstructed(World world, Obstacle obstacle, ObstacleKind kind) =>
        World.Stored(Summary.ForObstacle(world.Status, world.Generation, obstacle, kind, world.Now.AddHours(1)));

    [Theory]
    [InlineData(ObstacleKind.Stalled)]
    [InlineData(ObstacleKind.Unreachable)]
    [InlineData(ObstacleKind.Deleting)]
    public void Forgets_nothing(ObstacleKind kind)
    {
        var world = new World(20) { Wanted = Rows.Release("v2", percentage: 50) };
        world.Settle();
        world.Wanted = Rows.Release("v3", percentage: 50);
        world.Settle(failing: [.. Enumerable.Range(1, 20)]);
        var before = StatusMemory.Of(world.Status, world.Ledger);
        var after = StatusMemory.Of(Obstructed(world, Rejected, kind), world.Ledger);

        Assert.NotNull(before.Latch);
        Assert.NotEmpty(before.KnownBad);
        Assert.Equivalent(before, after, strict: true);
    }

    [Fact]
    public void Turns_unknown_and_keeps_the_phase_when_devices_are_on_their_way()
    {
        var world = new World(3);
        world.Pass();
        var status = Obstructed(world, Unreachable, ObstacleKind.Unreachable);

        Assert.Equal(
            (Phase.Progressing, "Unknown", "True"),
            (status.Phase, status.Word("Ready"), status.Word("Reconciling"))
        );
        Assert.Equal(world.Status!.Devices, status.Devices);
    }

    [Fact]
    public void Stays_current_when_losant_is_away_after_the_end()
    {
        var world = new World(3);
        world.Settle();
        var status = Obstructed(world, Unreachable, ObstacleKind.Unreachable);

        Assert.Equal("Current", KStatus.Of(status, 1));
        Assert.Equal(world.Status!.Find("Ready"), status.Find("Ready"));
        Assert.Equal(("Unknown", Reasons.LosantUnreachable), (status.Word("Healthy"), status.Find("Healthy")!.Reason));
    }

    [Fact]
    public void Stays_failed_when_losant_is_away_after_a_rollback()
    {
        var world = new World(3);
        world.Settle(failing: [1, 2, 3]);
        var status = Obstructed(world, Unreachable, ObstacleKind.Unreachable);

        Assert.Equal((Phase.RolledBack, "Failed"), (status.Phase, KStatus.Of(status, 1)));
    }

    [Fact]
    public void Is_not_current_when_losant_is_away_and_the_spec_is_new()
    {
        var world = new World(3);
        world.Settle();
        world.Generation = 2;
        var status = Obstructed(world, Unreachable, ObstacleKind.Unreachable);

        Assert.Equal(("Unknown", 1L), (status.Word("Ready"), status.ObservedGeneration));
        Assert.Equal("InProgress", KStatus.Of(status, 2));
    }

    [Fact]
    public void Is_not_stalled_any_more_when_losant_goes_away_behind_an_obstacle()
    {
        var first = Summary.ForObstacle(null, 1, Rejected, ObstacleKind.Stalled, DateTimeOffset.UnixEpoch);
        var then = Summary.ForObstacle(first, 1, Unreachable, ObstacleKind.Unreachable, DateTimeOffset.UnixEpoch);

        Assert.Equal((Phase.Planning, "absent", "InProgress"), (then.Phase, then.Word("Stalled"), KStatus.Of(then, 1)));
    }

    [Theory]
    [InlineData(ObstacleKind.Stalled)]
    [InlineData(ObstacleKind.Unreachable)]
    [InlineData(ObstacleKind.Deleting)]
    public void Is_deleting_once_it_was_deleted(ObstacleKind kind)
    {
        var world = new World(3);
        world.Wanted = world.Wanted with { DeletedAt = world.Now };
        world.Pass();
        var status = Obstructed(world, Rejected, kind);

        Assert.Equal(
            (Phase.Deleting, "True", "absent"),
            (status.Phase, status.Word("Reconciling"), status.Word("Stalled"))
        );
    }

    [Fact]
    public void Is_deleting_when_it_was_deleted_behind_an_obstacle()
    {
        var first = Summary.ForObstacle(null, 1, Rejected, ObstacleKind.Stalled, DateTimeOffset.UnixEpoch);
        var then = Summary.ForObstacle(first, 2, Rejected, ObstacleKind.Deleting, DateTimeOffset.UnixEpoch);

        Assert.Equal((Phase.Deleting, "False", "absent"), (then.Phase, then.Word("Ready"), then.Word("Stalled")));
        Assert.Equal("Terminating", KStatus.Of(then, 2, isDeleted: true));
    }

    [Theory]
    [InlineData(ObstacleKind.Stalled)]
    [InlineData(ObstacleKind.Unreachable)]
    public void Says_the_same_when_the_obstacle_stays(ObstacleKind kind)
    {
        var world = new World(3);
        world.Pass();
        var first = Obstructed(world, Rejected, kind);
        world.Wait(TimeSpan.FromHours(1));
        var again = World.Stored(Summary.ForObstacle(first, 1, Rejected, kind, world.Now.AddHours(1)));

        Assert.True(Summary.IsSame(first, again));
        Assert.False(Summary.IsUrgent(first, again));
    }

    [Fact]
    public void Goes_on_where_it_was_when_the_obstacle_is_gone()
    {
        var world = new World(3);
        var complete = world.Settle();
        var stalled = Obstructed(world, Rejected, ObstacleKind.Stalled);
        var again = World.Stored(Summary.Of(world.Input(world.Plan!) with { Before = stalled }));

        Assert.Equal((Phase.Complete, "Current"), (again.Phase, KStatus.Of(again, 1)));
        Assert.Equivalent(complete.History, again.History, strict: true);
    }
}
