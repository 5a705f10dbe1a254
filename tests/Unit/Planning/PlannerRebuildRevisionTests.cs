using EdgeRelease.Api;
using Xunit;
using static EdgeRelease.Tests.Unit.Planning.LostLedger;

namespace EdgeRelease.Tests.Unit.Planning;

/// <summary>F115: a rebuilt ledger after a revision that was superseded or aborted.</summary>
public sealed class PlannerRebuildRevisionTests
{
    [Fact]
    public void Takes_back_first_whom_a_superseded_revision_had_moved()
    {
        var world = A.Fleet().Of(10).On("v1");
        var release = A.Release().In(A.Step().Of(50).Soaking(TimeSpan.FromHours(1)), A.Step().Of(100));
        var loop = A.Loop(release, world).Until(Phase.Soaking);
        loop.Wanted = release.To("v3");
        loop.Until(plan => plan.Memory.Revision == 2, "the next revision");
        var moved = world.Gateways.Where(gateway => gateway.Wants == "v2").ToList();
        Lose(loop);
        loop.Pass();

        var carried = loop.Memory.Rows.Values.Where(row => row is { Previous: "v1", Closed: null }).ToList();
        Assert.NotEmpty(moved);
        Assert.Equal(moved.Select(gateway => gateway.Id), carried.Select(row => row.Device));
        Assert.All(moved, gateway => Assert.Equal("v1", gateway.Wants));
        loop.Wanted = release.To("v3").Approving(loop.Memory.Pause!.Token!);
        loop.Until(Phase.Complete);
        Assert.Equal(10, loop.Running("v3"));
        Assert.All(carried, row => Assert.Equal("v1", loop.Memory.Rows[row.Device].Previous));
    }

    [Fact]
    public void Guesses_no_previous_version_after_an_unproven_revision()
    {
        var world = A.Fleet().Of(10).On("v1");
        var release = A.Release().In(A.Step().Of(50).Soaking(TimeSpan.FromHours(1)), A.Step().Of(100));
        var loop = A.Loop(release, world).Until(Phase.Soaking);
        loop.Wanted = release.To("v3");
        loop.Until(plan => plan.Memory.Revision == 2 && plan.Verdict.Phase == Phase.Soaking, "half on v3");
        Lose(loop);
        loop.Wanted = release.To("v3").Aborting("r2");

        loop.Until(Phase.RolledBack);

        Assert.Equal(5, loop.Plan.Fleet!.Devices.Count(device => device.Standing.Reason == "RestoreUnknown"));
        Assert.Equal(5, loop.Running("v3"));
    }

    [Fact]
    public void Sends_nobody_to_a_version_that_was_aborted_because_the_one_before_it_was_cut_short_too()
    {
        var world = A.Fleet().Of(4).On("v2");
        var gated = A.Release().In(A.Step().Of(50).Soaking(TimeSpan.FromHours(1)), A.Step().Of(100));
        var loop = A.Loop(gated, world).Until(Phase.Soaking);
        loop.Wanted = A.Release().To("v4");
        loop.Pass();
        loop.Wanted = A.Release().To("v4").Aborting("r2");
        loop.Until(Phase.RolledBack);
        Assert.Contains(world.Gateways, gateway => gateway.Told is ["v4", "v2"]);
        loop.Wanted = A.Release();
        loop.Until(Phase.Complete);
        Lose(loop);

        loop.For(TimeSpan.FromHours(2));

        Assert.Single(world.Gateways.SelectMany(gateway => gateway.Told), version => version == "v4");
    }
}
