using EdgeRelease.Api;
using EdgeRelease.Planning;
using EdgeRelease.Tests.Unit.Planning.Builders;
using Xunit;

namespace EdgeRelease.Tests.Unit.Planning;

public sealed class SummaryFailureTests
{
    private static World Tolerant(int devices)
    {
        var world = new World(devices);
        var policy = new FailurePolicySpec { MaxFailures = IntOrPercent.Count(devices) };
        world.Wanted = world.Wanted with { Spec = world.Wanted.Spec with { FailurePolicy = policy } };
        return world;
    }

    private static World Stepped(int devices)
    {
        var world = new World(devices);
        var steps = new RolloutStep[]
        {
            new()
            {
                Name = "canary",
                Count = 2,
                Soak = TimeSpan.FromHours(9),
            },
            new() { Name = "rest", Percentage = 100 },
        };
        world.Wanted = world.Wanted with
        {
            Spec = world.Wanted.Spec with { Rollout = new RolloutSpec { Steps = steps } },
        };
        return world;
    }

    [Fact]
    public void Names_at_most_ten_failing_devices()
    {
        var world = Tolerant(30);
        var status = world.Settle(failing: [.. Enumerable.Range(1, 25)]);

        Assert.Equal((25, 10), (status.Devices!.Failed, status.Failing.Count));
        Assert.All(status.Failing, device => Assert.Equal("cannot start node 12345: port in use", device.Error));
        Assert.All(status.Failing, device => Assert.NotNull(device.Since));
    }

    [Fact]
    public void Joins_errors_that_differ_in_numbers_only() =>
        Assert.Equal(
            [new ErrorClass { Class = "cannot start node *: port in use", Devices = 3 }],
            Tolerant(5).Settle(failing: [1, 2, 3]).Errors
        );

    [Fact]
    public void Names_no_one_when_no_one_fails()
    {
        var status = new World(3).Settle();
        Assert.Empty(status.Failing);
        Assert.Empty(status.Errors);
        Assert.Null(status.Rollback);
        Assert.Null(status.SuggestedPatch);
    }

    [Fact]
    public void Names_a_device_that_shows_an_error_before_it_has_failed()
    {
        var world = new World(1);
        world.Pass();
        world.Obey(failing: 1);
        var at = world.Now.AddSeconds(-1);

        Assert.Equal(at, Assert.Single(world.Pass().Failing).Since);
    }

    [Fact]
    public void Keeps_since_when_a_failed_device_reports_what_it_went_back_to()
    {
        var world = Tolerant(1);
        var before = Assert.Single(world.Settle(failing: [1]).Failing);
        world.Reports(1);
        var after = Assert.Single(world.Pass().Failing);

        Assert.NotNull(before.Since);
        Assert.Equal(before, after);
    }

    [Fact]
    public void Suggests_the_version_that_most_devices_went_back_to()
    {
        var world = Stepped(6);
        world.Settle();
        world.Runs(1, "old");
        world.Wanted = world.Wanted with { Requests = new Requests { Abort = "r1" } };
        var status = world.Settle();

        Assert.Equal(Phase.RolledBack, status.Phase);
        Assert.Equal("""{"spec":{"version":"v1"}}""", status.SuggestedPatch);
    }

    [Fact]
    public void Suggests_nothing_when_devices_went_back_to_as_many_of_two_versions()
    {
        var world = new World(2);
        world.Runs(1, "old");
        world.Settle();
        world.Wanted = world.Wanted with { Requests = new Requests { Abort = "r1" } };

        Assert.Equal((Phase.RolledBack, null), (world.Settle().Phase, world.Status!.SuggestedPatch));
    }

    [Fact]
    public void Suggests_nothing_when_most_devices_had_no_version()
    {
        var world = new World(2);
        world.Runs(1, null);
        world.Runs(2, null);
        world.Settle();
        world.Wanted = world.Wanted with { Requests = new Requests { Abort = "r1" } };

        Assert.Equal((Phase.RolledBack, null), (world.Settle().Phase, world.Status!.SuggestedPatch));
    }

    [Fact]
    public void Suggests_to_drop_the_removal_when_a_removal_was_rolled_back()
    {
        var world = new World(3);
        world.Wanted = world.Wanted with
        {
            FlowVersionId = null,
            Spec = world.Wanted.Spec with { Version = null, Remove = true },
        };
        world.Settle();
        world.Wanted = world.Wanted with { Requests = new Requests { Abort = "r1" } };
        var status = world.Settle();

        Assert.Equal(Phase.RolledBack, status.Phase);
        Assert.Equal("""{"spec":{"version":"v1","remove":null}}""", status.SuggestedPatch);
    }

    [Fact]
    public void Tells_restored_disarmed_and_pending_devices_apart()
    {
        var world = new World(4);
        world.GoesOffline(4);
        world.Settle();
        world.GoesOffline(3);
        world.Wanted = world.Wanted with { Requests = new Requests { Abort = "r1" } };
        var status = world.Settle();

        Assert.Equal(
            (2, 1, 1, 0),
            (status.Rollback!.Restored, status.Rollback.Disarmed, status.Rollback.Pending, status.Rollback.Failing)
        );
        Assert.Equal([Rows.Id(3).ToString()], status.Rollback.Devices);
    }

    [Fact]
    public void Names_devices_that_cannot_go_back_before_those_that_only_have_not()
    {
        var world = new World(3);
        world.Settle();
        world.GoesOffline(1);
        world.GoesOffline(2);
        world.Wanted = world.Wanted with { Requests = new Requests { Abort = "r1" } };
        for (var pass = 0; pass < 30 && world.Status!.Rollback is not { Failing: > 0 }; pass++)
        {
            world.Pass();
            world.RefusesToGoBack(3);
            world.Wait(TimeSpan.FromMinutes(20));
        }

        var status = world.Status!;
        Assert.Equal(Reasons.RollbackFailing, status.Find("Stalled")!.Reason);
        Assert.Equal((1, 2), (status.Rollback!.Failing, status.Rollback.Pending));
        Assert.Equal([Rows.Id(3).ToString(), Rows.Id(1).ToString(), Rows.Id(2).ToString()], status.Rollback.Devices);
        Assert.Equal("disk full", Assert.Single(status.Failing).Error);
    }
}
