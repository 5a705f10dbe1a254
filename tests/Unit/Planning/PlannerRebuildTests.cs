using EdgeRelease.Api;
using EdgeRelease.Observation;
using EdgeRelease.Planning;
using Xunit;

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
    public void Leaves_alone_who_is_on_the_version_when_nobody_knows_when_the_revision_began()
    {
        var loop = Half(out var world);
        Lose(loop);
        loop.Memory = loop.Memory with { StartedAt = null };
        loop.Wanted = Halved().Aborting("r1");

        loop.Until(Phase.RolledBack);

        Assert.Equal(5, loop.Running("v2"));
        Assert.All(
            world.Gateways.Where(gateway => gateway.Told.Count > 0),
            gateway => Assert.Equal("RestoreUnknown", loop.Of(gateway).Standing.Reason)
        );
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

    [Theory]
    [InlineData("person")]
    [InlineData("yesterday")]
    public void Takes_nothing_for_ours_without_proof(string whose)
    {
        var loop = Half(out var world);
        var other = world.Gateways.First(gateway => gateway.Told.Count > 0);
        var entry = other.Row!.Value.LastDesired!;
        other.Row = other.Row.Value with
        {
            LastDesired =
                whose == "person" ? entry with { SourceType = "user" } : entry with { At = entry.At.AddDays(-1) },
        };
        Lose(loop);
        loop.Wanted = Halved().Aborting("r1");

        loop.Until(Phase.RolledBack);

        Assert.Equal(["v2"], other.Told);
        Assert.Null(loop.RowOf(other));
    }

    [Fact]
    public void Leaves_alone_whom_a_person_took_away_before_the_ledger_was_lost()
    {
        var loop = Half(out var world);
        var other = world.Gateways.First(gateway => gateway.Told.Count > 0);
        world.Schedule(other, "v3");
        Lose(loop);
        loop.Wanted = A.Release();

        loop.Until(Phase.Paused);
        loop.Wanted = A.Release().Approving(loop.Memory.Pause!.Token!);
        loop.Until(Phase.Complete);

        Assert.Equal(["v2"], other.Told);
        Assert.Equal("v3", other.Wants);
        Assert.Equal("RestoreUnknown", loop.Of(other).Standing.Reason);
        Assert.Equal(9, loop.Running("v2"));
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

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Takes_no_device_of_another_release_for_its_own(bool isTheOthersVersionTheSame)
    {
        var world = A.Fleet().Of(10).On("v1").Tagged(..5, "line", "a").Tagged(5..10, "line", "b");
        var other = new Rival("plant-a/other", new Selection(A.Release().For("line", "b").Built.Spec));
        var release = A.Release().For("line", "a").Asking(wanted => wanted with { Rivals = [other] });
        var loop = A.Loop(release, world).Until(Phase.Complete);
        world
            .Gateways[5..]
            .ForEach(gateway => world.Schedule(gateway, isTheOthersVersionTheSame ? "v2" : "v3", source: "apiToken"));
        world.Advance(TimeSpan.FromMinutes(1));
        Lose(loop);
        loop.Wanted = release.Aborting("r1");

        loop.Until(Phase.RolledBack);

        Assert.Equal(5, loop.Running("v1"));
        Assert.DoesNotContain(loop.Memory.Rows.Keys, id => world.Gateways[5..].Exists(gateway => gateway.Id == id));
        Assert.DoesNotContain("not known", loop.Notices.Single(notice => notice.Reason == "LedgerRebuilt").Message);
    }

    [Fact]
    public void Leaves_alone_who_is_on_the_version_and_selected_no_longer()
    {
        var world = A.Fleet().Of(4).On("v1").Tagged(..2, "line", "a");
        var release = A.Release().For("line", "a").OnLeave(LeavePolicy.Restore);
        var loop = A.Loop(release, world).Until(Phase.Complete);
        world.Schedule(world[3], "v2", source: "apiToken");
        world.Advance(TimeSpan.FromMinutes(1));
        Lose(loop);
        loop.Wanted = release.Aborting("r1");

        loop.Until(Phase.RolledBack);

        Assert.Equal("v2", world[3].Runs);
        Assert.Empty(world[3].Told.Skip(1));
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

    private static ReleaseBuilder Halved() => A.Release().At(50).Percent();

    private static PlannerLoop Half(out PlannerWorld world)
    {
        world = A.Fleet().Of(10).On("v1");
        return A.Loop(Halved(), world).Until(Phase.AtPercentage);
    }

    private static void Lose(PlannerLoop loop) =>
        loop.Memory = loop.Memory with { Rows = new Dictionary<DeviceId, LedgerRow>(), IsLedgerLost = true };
}
