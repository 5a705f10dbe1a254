using EdgeRelease.Api;
using EdgeRelease.Observation;
using EdgeRelease.Planning;
using Xunit;
using static EdgeRelease.Tests.Unit.Planning.LostLedger;

namespace EdgeRelease.Tests.Unit.Planning;

/// <summary>F115: the ledger is gone in the middle, and Losant's logs tell what they tell.</summary>
public sealed class PlannerRebuildTests
{
    [Fact]
    public void Takes_every_moved_device_back_after_the_ledger_was_lost_in_mid_rollout()
    {
        var loop = Half(out var world);
        Lose(loop);
        loop.Wanted = Halved().Aborting("r1");

        loop.Until(Phase.RolledBack);

        Assert.Equal(10, loop.Running("v1"));
        Assert.Contains(loop.Notices, notice => notice is { Reason: "LedgerRebuilt", IsWarning: true });
        Assert.All(
            world.Gateways.Where(gateway => gateway.Told.Count > 0),
            gateway => Assert.Equal(["v2", "v1"], gateway.Told)
        );
    }

    [Fact]
    public void Goes_on_where_it_was_and_sends_nobody_twice()
    {
        var loop = Half(out var world);
        Lose(loop);
        loop.Wanted = A.Release();

        loop.Until(Phase.Complete);

        Assert.All(world.Gateways, gateway => Assert.Equal(["v2"], gateway.Told));
        Assert.All(world.Gateways, gateway => Assert.Equal("v1", loop.RowOf(gateway)!.Previous));
        Assert.Single(loop.Notices, notice => notice.Reason == "LedgerRebuilt");
    }

    [Fact]
    public void Tries_nobody_again_of_whom_it_does_not_know_how_often_he_was_tried()
    {
        var retried = A.Release().Tolerating(100).Health(health => health with { Retries = 1 });
        var world = A.Fleet().Of(4).On("v1").Refusing("v2", ..1);
        var loop = A.Loop(retried, world);
        while (world[0].Told.Count < 3)
        {
            loop.Pass();
            world.Advance(TimeSpan.FromSeconds(1));
        }

        Lose(loop);
        loop.For(TimeSpan.FromHours(2));

        Assert.Equal(["v2", "v1", "v2", "v1"], world[0].Told);
    }

    [Fact]
    public void Names_and_leaves_alone_whose_log_is_gone_too()
    {
        var loop = Half(out var world);
        var silent = world.Gateways.First(gateway => gateway.Told.Count > 0);
        silent.Row = silent.Row!.Value with { LastDesired = null, LastCurrent = null };
        Lose(loop);
        loop.Wanted = Halved().Aborting("r1");

        loop.Until(Phase.RolledBack);

        Assert.Equal("v2", silent.Runs);
        Assert.Equal(
            (DeviceState.Drifted, "RestoreUnknown"),
            (loop.Of(silent).Standing.State, loop.Of(silent).Standing.Reason)
        );
        Assert.Contains(
            silent.Id.ToString(),
            loop.Notices.Single(notice => notice.Reason == "LedgerRebuilt").Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Asks_a_person_before_it_moves_more_when_it_does_not_know_whom_it_moved()
    {
        var loop = Half(out var world);
        var silent = world.Gateways.First(gateway => gateway.Told.Count > 0);
        silent.Row = silent.Row!.Value with { LastDesired = null, LastCurrent = null };
        Lose(loop);
        loop.Wanted = A.Release();

        loop.For(TimeSpan.FromHours(1));

        Assert.Equal(Phase.Paused, loop.Phase);
        Assert.Equal(5, loop.Running("v2"));
        Assert.Contains("1 others ran before is not known", loop.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Waits_for_the_last_call_before_it_reads_the_logs()
    {
        var loop = Half(out var world);
        Lose(loop);
        var sentAt = world.Now - TimeSpan.FromSeconds(30);
        loop.Memory = loop.Memory with
        {
            InFlight = new InFlightBatch { Batch = loop.Memory.Batch, At = sentAt },
        };

        var plan = loop.Pass();

        Assert.Equal((Phase.Waiting, Reasons.LedgerLost), (plan.Verdict.Phase, plan.Verdict.Reason));
        Assert.True(plan.Memory.IsLedgerLost);
        Assert.Equal(sentAt + Times.AppliedWithin, plan.WakeAt);
    }

    [Fact]
    public void Keeps_what_is_left_of_a_ledger_of_which_a_part_is_gone()
    {
        var loop = Half(out var world);
        var kept = loop.Memory.Rows.Values.First();
        loop.Memory = loop.Memory with
        {
            Rows = new Dictionary<DeviceId, LedgerRow> { [kept.Device] = kept },
            IsLedgerLost = true,
        };

        loop.Pass();

        Assert.Same(kept, loop.Memory.Rows[kept.Device]);
        Assert.Equal(5, loop.Memory.Rows.Values.Count(row => row is { Previous: "v1", Closed: null }));
        Assert.Contains("known again what 4 devices ran before", loop.Notices[^1].Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Asks_again_about_what_a_rebuild_left_that_was_cut_short()
    {
        var loop = Half(out var world);
        var silent = world.Gateways.First(gateway => gateway.Told.Count > 0);
        silent.Row = silent.Row!.Value with { LastDesired = null, LastCurrent = null };
        Lose(loop);
        loop.Pass();
        Assert.NotNull(loop.Memory.Pause);

        loop.Memory = loop.Memory with { Pause = null, IsLedgerLost = true };
        loop.Pass();

        Assert.Equal(Reasons.PausedByPolicy, loop.Plan.Verdict.Reason);
        Assert.Contains(silent.Id.ToString(), loop.Notices[^1].Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Moves_and_ends_nothing_before_the_list_is_whole()
    {
        var loop = Half(out var world);
        Lose(loop);
        loop.Wanted = Halved().Aborting("r1");

        var plan = loop.Pass(world.Seen() with { AbsentRowsAreCertain = false });

        Assert.Equal((Phase.Waiting, Reasons.LedgerLost), (plan.Verdict.Phase, plan.Verdict.Reason));
        Assert.Empty(plan.Batches);
        Assert.True(plan.Memory.IsLedgerLost);
        loop.Until(Phase.RolledBack);
        Assert.Equal(10, loop.Running("v1"));
    }
}
