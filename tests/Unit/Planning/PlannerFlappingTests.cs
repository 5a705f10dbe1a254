using EdgeRelease.Api;
using EdgeRelease.Observation;
using EdgeRelease.Planning;
using Xunit;

namespace EdgeRelease.Tests.Unit.Planning;

/// <summary>F048: errors and successes that follow each other.</summary>
public sealed class PlannerFlappingTests
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    private static ReleaseBuilder Lenient => A.Release().Tolerating(100);

    [Fact]
    public void Tallies_a_device_that_recovers_apart()
    {
        var world = A.Fleet().Of(3).On("v1").Refusing("v2", ..3);
        var loop = A.Loop(Lenient, world).Until(plan => plan.Evidence.Failing == 1);
        foreach (var gateway in world.Gateways.Where(gateway => gateway.Told.Count > 0))
        {
            Reports(loop, gateway, error: null);
        }

        loop.Until(plan => plan.Evidence.Succeeded == 1);

        Assert.Equal((0, 1), (loop.Plan.Evidence.Failed, loop.Plan.Evidence.Recovered));
    }

    [Fact]
    public void Fails_a_device_that_ran_the_version_and_then_reports_an_error()
    {
        var world = A.Fleet().Of(1).On("v1");
        var loop = A.Loop(A.Release(), world).Until(Phase.Complete);
        Reports(loop, world[0], "sensor lost");

        loop.Until(Phase.RolledBack);

        Assert.Contains("1 failed", loop.Memory.Latch!.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Keeps_a_failure_that_was_counted_when_the_device_runs_the_version_after_all()
    {
        var world = A.Fleet().Of(1).On("v1").Refusing("v2", ..1);
        var release = Lenient.Policy(policy => policy with { RestoreFailed = false });
        var loop = A.Loop(release, world).Until(plan => plan.Evidence.Failed == 1);
        Reports(loop, world[0], error: null);

        loop.For(10 * Minute);

        Assert.Equal((0, 1), (loop.Plan.Evidence.Succeeded, loop.Plan.Evidence.Failed));
    }

    [Fact]
    public void Fails_a_device_once_that_changes_more_than_three_times_in_an_hour()
    {
        var world = A.Fleet().Of(2).On("v1");
        var loop = A.Loop(Lenient, world).Until(Phase.Complete);
        world.Advance(2 * Minute);
        Reports(loop, world[0], error: null, fourth: 50 * Minute);
        loop.Pass();
        Assert.Equal(0, loop.Plan.Evidence.Failed);
        world.Advance(60 * Minute);

        Reports(loop, world[0], error: null, fourth: 50 * Minute);

        loop.Pass();
        Assert.Equal(1, loop.Plan.Evidence.Failed);
        Assert.Contains("more than 3 times", loop.RowOf(world[0])!.Error, StringComparison.Ordinal);
        loop.For(10 * Minute);
        Assert.Equal(1, loop.Plan.Evidence.Failed);
        Assert.Equal("v1", world[0].Runs);
    }

    [Fact]
    public void Lets_a_device_change_four_times_in_more_than_an_hour()
    {
        var world = A.Fleet().Of(2).On("v1");
        var loop = A.Loop(Lenient, world).Until(Phase.Complete);
        world.Advance(120 * Minute);

        Reports(loop, world[0], error: null, fourth: 61 * Minute);

        loop.Pass();
        Assert.Equal(0, loop.Plan.Evidence.Failed);
    }

    private static void Reports(PlannerLoop loop, PlannerGateway gateway, string? error, TimeSpan? fourth = null)
    {
        var (now, row) = (loop.World.Now, gateway.Row!.Value);
        var entry = error is null
            ? new CurrentEntry(now, row.Desired, null, null, null)
            : new CurrentEntry(now, null, error, row.Desired, row.DesiredEtag);
        gateway.AppliesAt = null;
        gateway.Row = row with
        {
            Current = error is null ? row.Desired : null,
            CurrentEtag = error is null ? row.DesiredEtag : null,
            LastCurrent = entry with { FourthAt = fourth is { } ago ? now - ago : null },
            UpdatedAt = now,
        };
    }
}
