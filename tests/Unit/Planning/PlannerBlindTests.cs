using EdgeRelease.Api;
using EdgeRelease.Observation;
using EdgeRelease.Planning;
using Xunit;

namespace EdgeRelease.Tests.Unit.Planning;

/// <summary>A scan that may have missed rows: what it does not show may be there all the same (I6, I10).</summary>
public sealed class PlannerBlindTests
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    [Fact]
    public void Passes_no_step_on_a_scan_that_may_have_missed_rows()
    {
        var world = A.Fleet().Of(4);
        var release = A.Release().In(A.Step().Of(50).Soaking(Hour), A.Step().Of(100).Soaking(Hour));
        var loop = A.Loop(release, world).Until(Phase.Soaking);
        world.Advance(2 * Hour);

        loop.Pass(Uncertain(world));

        Assert.Equal((0, Phase.Progressing), (loop.Memory.Step.Index, loop.Phase));
    }

    [Fact]
    public void Skips_no_ring_on_a_scan_that_may_have_missed_rows()
    {
        var world = A.Fleet().Of(2).Tagged(..2, "ring", "lab").Of(1).Of(1);
        world.Schedule(world[3], "v1");
        world.Advance(Hour);
        var release = A.Release().In(A.Step().Ring("ring", "lab").All(), A.Step().Of(100));

        var plan = A.Loop(release, world).Pass(Uncertain(world));

        Assert.Equal(0, plan.Memory.Step.Index);
        Assert.Empty(plan.Batches);
    }

    [Fact]
    public void Keeps_the_place_of_a_moved_device_whose_row_a_scan_may_have_missed()
    {
        var world = A.Fleet().Of(6).On("v1");
        var release = A.Release().In(A.Step().Of(40).Gated(), A.Step().Of(100));
        var loop = A.Loop(release, world).Until(Phase.Waiting);
        world.Gateways.First(gateway => gateway.Runs == "v2").Row = null;
        world.Advance(Hour);

        var plan = loop.Pass(Uncertain(world));

        Assert.Empty(plan.Batches);
        Assert.Equal(3, plan.Target.Count);
    }

    [Fact]
    public void Gives_back_no_more_than_the_share_on_a_scan_that_may_have_missed_rows()
    {
        var world = A.Fleet().Of(20);
        var loop = A.Loop(A.Release().At(50).Percent(), world).Until(Phase.AtPercentage);
        loop.Wanted = A.Release().At(40).Percent();
        world.Advance(Hour);

        var plan = loop.Pass(Uncertain(world));

        Assert.Equal(2, plan.Batches.Sum(batch => batch.Rows.Count));
    }

    [Fact]
    public void Stays_complete_on_a_scan_that_may_have_missed_rows()
    {
        var world = A.Fleet().Of(3).On("v1");
        var loop = A.Loop(A.Release().Removing(), world).Until(Phase.Complete);
        world.Gateways.ForEach(gateway => gateway.Row = null);
        world.Advance(Hour);

        var plan = loop.Pass(Uncertain(world));

        Assert.Equal(Phase.Complete, plan.Verdict.Phase);
        Assert.Contains("3 cannot be read now", plan.Verdict.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Is_not_rolled_back_on_an_older_answer_about_an_offline_device()
    {
        var world = A.Fleet().Of(1).On("v1").Offline(..1);
        var loop = A.Loop(A.Release().Offline(OfflinePolicy.Arm), world);
        var before = world.Seen();
        loop.Pass();
        loop.Wanted = A.Release().Offline(OfflinePolicy.Arm).Aborting("r1");
        loop.Loses = _ => true;
        loop.Pass();

        var plan = loop.Pass(before with { BeganAt = world.Now, EndedAt = world.Now });

        Assert.Equal(("v2", Phase.RollingBack), (world[0].Wants, plan.Verdict.Phase));
        loop.Loses = null;
        loop.Until(Phase.RolledBack);
        Assert.Equal("v1", world[0].Wants);
    }

    private static Snapshot Uncertain(PlannerWorld world) => world.Seen() with { AbsentRowsAreCertain = false };
}
