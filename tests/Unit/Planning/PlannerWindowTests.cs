using EdgeRelease.Api;
using EdgeRelease.Observation;
using EdgeRelease.Planning;
using Xunit;

namespace EdgeRelease.Tests.Unit.Planning;

/// <summary>The tiny Losant's clock begins on a Friday at 09:00 UTC.</summary>
public sealed class PlannerWindowTests
{
    private static readonly WindowSpec Noon = Window("12:00", "13:00");

    private readonly PlannerWorld _world = A.Fleet().Of(10).On("v1");

    private static WindowSpec Window(string from, string to, string zone = "UTC") =>
        new()
        {
            From = from,
            To = to,
            TimeZone = zone,
        };

    private static ReleaseBuilder In(WindowSpec window, ReleaseBuilder? release = null) =>
        (release ?? A.Release()).With(spec => spec with { Schedule = new ScheduleSpec { Windows = [window] } });

    [Fact]
    public void Sends_nobody_before_the_window_opens_and_wakes_then()
    {
        var loop = A.Loop(In(Noon), _world);
        loop.Pass();
        var opens = PlannerWorld.Begin.AddHours(3);

        Assert.Equal((Phase.Waiting, Reasons.WaitingForWindow), (loop.Phase, loop.Plan.Verdict.Reason));
        Assert.Equal(
            (WaitingKind.Window, opens),
            (loop.Plan.Verdict.WaitingFor!.Kind, loop.Plan.Verdict.WaitingFor.Until)
        );
        Assert.Equal(opens, loop.Plan.WakeAt);
        Assert.Contains("opens at 2026-11-20T12:00:00Z", loop.Message, StringComparison.Ordinal);
        loop.Watch = (plan, _) => Assert.True(plan.Batches.Count == 0 || _world.Now >= opens);
        loop.Until(Phase.Complete);
    }

    [Fact]
    public void Lets_those_under_way_settle_after_the_window_closed_and_goes_on_in_the_next()
    {
        var closes = PlannerWorld.Begin.AddMinutes(4);
        var loop = A.Loop(In(Window("09:00", "09:04"), A.Release().Unavailable(1)), _world);
        loop.Watch = (plan, _) => Assert.True(plan.Batches.Count == 0 || _world.Now < closes);

        loop.For(TimeSpan.FromMinutes(15));

        Assert.Equal(Phase.Waiting, loop.Phase);
        Assert.InRange(loop.Running("v2"), 1, 3);
        Assert.Equal(PlannerWorld.Begin.AddDays(1), loop.Plan.Verdict.WaitingFor!.Until);
    }

    [Fact]
    public void Waits_for_the_next_window_when_the_call_was_lost_and_this_one_closed()
    {
        var loop = A.Loop(In(Window("09:00", "09:01")), _world);
        loop.Loses = _ => true;

        loop.For(TimeSpan.FromMinutes(15));

        Assert.Equal((Phase.Waiting, Reasons.WaitingForWindow), (loop.Phase, loop.Plan.Verdict.Reason));
        Assert.Equal(PlannerWorld.Begin.AddDays(1), loop.Plan.Verdict.WaitingFor!.Until);
    }

    [Fact]
    public void Restores_an_armed_leaver_at_once_whatever_the_window()
    {
        _world.Tagged(..10, "line", "a").Offline(..1);
        var release = In(Window("09:00", "10:00"), A.Release().For("line", "a").Offline(OfflinePolicy.Arm));
        var loop = A.Loop(release, _world).Until(Phase.Complete);
        Assert.Equal("v2", _world[0].Wants);
        _world.Advance(TimeSpan.FromHours(2));
        _world[0].Tags = TagSet.Empty;

        loop.Pass();

        Assert.Equal("v1", _world[0].Wants);
    }

    [Fact]
    public void Says_that_no_window_opens_where_two_schedules_have_no_common_time()
    {
        var release = In(Noon)
            .Asking(wanted =>
                wanted with
                {
                    Rails = new Rails { Application = "plant-a", Windows = [Window("14:00", "15:00")] },
                }
            );
        var loop = A.Loop(release, _world);
        loop.Pass();

        Assert.Equal(Phase.Waiting, loop.Phase);
        Assert.Null(loop.Plan.Verdict.WaitingFor!.Until);
        Assert.Contains("none opens within 8 days", loop.Message, StringComparison.Ordinal);
        Assert.Contains("LosantApplication plant-a", loop.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Sends_a_device_in_Tokyo_and_one_in_Berlin_at_their_own_time()
    {
        var world = A.Fleet().Of(2).On("v1").Tagged(..1, "tz", "Asia/Tokyo").Tagged(1..2, "tz", "Europe/Berlin");
        var loop = A.Loop(In(Window("02:00", "03:00") with { TimeZoneTag = "tz" }), world);
        var sent = new Dictionary<DeviceId, DateTimeOffset>();
        loop.Watch = (plan, _) =>
            plan.Batches.SelectMany(batch => batch.Devices).ToList().ForEach(id => sent.TryAdd(id, world.Now));
        loop.Pass();
        Assert.Contains(
            "2 devices waiting for a time window: the first opens at",
            loop.Message,
            StringComparison.Ordinal
        );

        loop.Until(Phase.Complete);

        Assert.InRange(sent[world[0].Id] - PlannerWorld.Begin.AddHours(8), TimeSpan.Zero, TimeSpan.FromMinutes(1));
        Assert.InRange(sent[world[1].Id] - PlannerWorld.Begin.AddHours(16), TimeSpan.Zero, TimeSpan.FromMinutes(1));
    }

    [Fact]
    public void Rolls_back_outside_the_window()
    {
        _world.Refusing("v2", ..10);
        var loop = A.Loop(In(Window("09:00", "09:02")), _world);

        loop.Until(Phase.RolledBack);

        Assert.True(_world.Now < PlannerWorld.Begin.AddHours(1));
    }

    [Theory]
    [InlineData(false, "it opens at 9999-12-31T23:59:59Z")]
    [InlineData(true, "none opens within 8 days of 9999-12-31T23:59:59Z: change spec.schedule")]
    public void Takes_the_year_9999_for_never_and_still_restores_aborts_and_deletes(bool hasWindow, string words)
    {
        _world.Refusing("v2", ..10);
        var release = A.Release().Unavailable(1).Tolerating(10).OnDelete(DeletePolicy.Restore);
        var loop = A.Loop(release, _world);
        loop.Pass();
        var first = _world.Gateways.Single(gateway => gateway.Told.Count > 0);
        var schedule = new ScheduleSpec { NotBefore = DateTimeOffset.MaxValue, Windows = hasWindow ? [Noon] : [] };
        release = release.With(spec => spec with { Schedule = schedule });
        loop.Wanted = release;
        loop.Watch = (plan, _) => Assert.DoesNotContain(plan.Batches, batch => batch.Kind == CommandKind.Forward);

        loop.Until(_ => first.Runs == "v1", "restored").Until(Phase.Waiting);
        Assert.Contains(words, loop.Message, StringComparison.Ordinal);

        loop.Wanted = release.Aborting("r1");
        loop.Until(Phase.RolledBack);

        loop.Wanted = release.Asking(wanted => wanted with { DeletedAt = _world.Now });
        loop.Until(plan => plan.MayGo, "let go");
    }

    [Fact]
    public void Goes_back_to_what_all_ran_before_without_waiting_for_a_window()
    {
        var loop = A.Loop(A.Release(), _world).Until(Phase.Complete);
        loop.Wanted = In(Window("01:00", "02:00"), A.Release().To("v1"));

        loop.Until(Phase.Complete);

        Assert.Equal(10, loop.Running("v1"));
        Assert.True(_world.Now < PlannerWorld.Begin.AddHours(1));
    }

    [Fact]
    public void Keeps_the_window_when_a_deleted_release_gives_its_devices_back()
    {
        var loop = A.Loop(A.Release(), _world).Until(Phase.Complete);
        loop.Wanted = In(Window("09:30", "10:00"), A.Release().OnDelete(DeletePolicy.Restore))
            .Asking(wanted => wanted with { DeletedAt = _world.Now });
        loop.Watch = (plan, _) =>
            Assert.True(plan.Batches.Count == 0 || _world.Now >= PlannerWorld.Begin.AddMinutes(30));
        loop.Pass();
        Assert.Contains("opens at 2026-11-20T09:30:00Z", loop.Message, StringComparison.Ordinal);

        loop.Until(plan => plan.MayGo, "let go");

        Assert.Equal(10, loop.Running("v1"));
    }

    [Fact]
    public void Keeps_the_window_when_a_settled_device_leaves()
    {
        _world.Tagged(.., "line", "a");
        var release = A.Release().For("line", "a").OnLeave(LeavePolicy.Restore);
        var loop = A.Loop(release, _world).Until(Phase.Complete);
        loop.Wanted = In(Noon, release);
        _world[0].Tags = TagSet.Empty;
        loop.Watch = (plan, _) => Assert.True(plan.Batches.Count == 0 || _world.Now >= PlannerWorld.Begin.AddHours(3));

        loop.Until(_ => _world[0].Runs == "v1", "restored");
    }

    [Fact]
    public void Says_what_to_do_about_an_unknown_time_zone()
    {
        var rails = new Rails { Application = "plant-a", Windows = [Window("01:00", "02:00", "Mars/Olympus")] };

        Assert.StartsWith(
            "spec.schedule.windows[0].timeZone: there is no time zone Europe/Atlantis",
            rails.Problem(((Release)In(Window("01:00", "02:00", "Europe/Atlantis"))).Spec, "a")!.Message,
            StringComparison.Ordinal
        );
        Assert.StartsWith(
            "LosantApplication plant-a: spec.schedule.windows[0].timeZone: there is no time zone Mars/Olympus",
            rails.Problem(((Release)A.Release()).Spec, "a")!.Message,
            StringComparison.Ordinal
        );
    }
}
