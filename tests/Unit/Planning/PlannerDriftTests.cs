using EdgeRelease.Api;
using EdgeRelease.Planning;
using Xunit;

namespace EdgeRelease.Tests.Unit.Planning;

/// <summary>F089: what somebody else commanded is reported, or taken back within the rules.</summary>
public sealed class PlannerDriftTests
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    [Fact]
    public void Sends_a_drifted_device_to_the_version_again_and_counts_no_attempt()
    {
        var loop = Complete(Correcting(), out var world);
        world.Schedule(world[0], "v9");

        loop.For(Hour);

        Assert.Equal(["v2", "v2"], world[0].Told);
        Assert.Equal(
            (1, "v1", Outcome.Confirmed),
            (loop.RowOf(world[0])!.Attempts, loop.RowOf(world[0])!.Previous, loop.RowOf(world[0])!.Outcome)
        );
        Assert.Equal(DeviceState.Updated, loop.Of(world[0]).Standing.State);
        Assert.Single(loop.Notices, notice => notice.Reason == "DriftCorrected");
    }

    [Fact]
    public void Gives_way_after_two_corrections_within_an_hour_and_says_so_for_good()
    {
        var loop = Complete(Correcting(), out var world);
        for (var i = 0; i < 20; i++)
        {
            world.Schedule(world[0], i % 2 == 0 ? "v8" : "v9");
            loop.For(TimeSpan.FromMinutes(20));
        }

        Assert.Equal(["v2", "v2", "v2"], world[0].Told);
        Assert.True(Drift.IsContested(loop.RowOf(world[0])!));
        Assert.Equal(DeviceState.Drifted, loop.Of(world[0]).Standing.State);
    }

    [Fact]
    public void Corrects_again_what_drifts_seldom()
    {
        var loop = Complete(Correcting(), out var world);
        for (var i = 0; i < 4; i++)
        {
            world.Schedule(world[0], "v9");
            loop.For(2 * Hour);
        }

        Assert.Equal(5, world[0].Told.Count);
    }

    [Fact]
    public void Begins_anew_once_drift_was_only_reported_for_a_while()
    {
        var loop = Complete(Correcting(), out var world);
        for (var i = 0; i < 3; i++)
        {
            world.Schedule(world[0], "v9");
            loop.For(TimeSpan.FromMinutes(10));
        }

        loop.Wanted = A.Release();
        loop.Pass();
        Assert.Null(loop.RowOf(world[0])!.CorrectedAt);
        loop.Wanted = Correcting();
        loop.For(Hour);

        Assert.Equal("v2", world[0].Runs);
    }

    [Fact]
    public void Keeps_the_slots()
    {
        var loop = Complete(Correcting().Unavailable(1), out var world);
        foreach (var gateway in world.Gateways)
        {
            world.Schedule(gateway, "v9");
        }

        world.Advance(TimeSpan.FromMinutes(1));
        loop.Watch = (plan, _) => Assert.InRange(plan.Batches.Sum(batch => batch.Rows.Count), 0, 1);
        loop.For(Hour);

        Assert.Equal(4, loop.Running("v2"));
    }

    [Fact]
    public void Waits_for_the_window_before_it_corrects()
    {
        var loop = Complete(A.Release(), out var world);
        var opens = PlannerWorld.Begin.AddHours(3);
        var window = new WindowSpec
        {
            From = "12:00",
            To = "13:00",
            TimeZone = "UTC",
        };
        loop.Wanted = Correcting().With(spec => spec with { Schedule = new ScheduleSpec { Windows = [window] } });
        world.Schedule(world[0], "v9");
        world.Advance(TimeSpan.FromMinutes(1));
        loop.Watch = (plan, _) => Assert.True(plan.Batches.Count == 0 || world.Now >= opens);

        loop.Until(_ => world[0].Runs == "v2", "the correction");

        Assert.Equal(["v2", "v2"], world[0].Told);
        Assert.InRange(world.Now, opens, opens + TimeSpan.FromMinutes(2));
    }

    [Fact]
    public void Leaves_a_device_alone_that_somebody_else_told_the_same_version_after_us()
    {
        var world = A.Fleet().Of(4).On("v1");
        world.LogsRepeats = true;
        var loop = A.Loop(A.Release(), world).Until(Phase.Complete);
        world.Schedule(world[0], "v2");
        loop.Pass();
        Assert.Equal(
            (DeviceState.Drifted, "ForeignWriter"),
            (loop.Of(world[0]).Standing.State, loop.Of(world[0]).Standing.Reason)
        );

        loop.Wanted = A.Release().Aborting("r1");
        loop.Until(Phase.RolledBack);

        Assert.Equal(("v2", 3), (world[0].Wants, loop.Running("v1")));
    }

    [Theory]
    [InlineData(FreezeScope.Forward)]
    [InlineData(FreezeScope.Everything)]
    public void Corrects_nothing_while_the_application_is_frozen(FreezeScope scope)
    {
        var loop = Complete(A.Release(), out var world);
        var freeze = new FreezeSpec { Scope = scope, Reason = "inventory week" };
        loop.Wanted = Correcting().Asking(release => release with { Rails = new Rails { Frozen = freeze } });
        world.Schedule(world[0], "v9");
        loop.For(2 * Hour);
        Assert.Equal(["v2"], world[0].Told);
        loop.Wanted = Correcting();

        loop.For(Hour);

        Assert.Equal(["v2", "v2"], world[0].Told);
    }

    [Fact]
    public void Corrects_one_device_of_a_site_at_a_time_and_no_more_than_the_limit_in_a_minute()
    {
        var world = A.Fleet().Of(8).On("v1").Tagged(..8, "site", "hamburg");
        var loop = A.Loop(A.Release(), world).Until(Phase.Complete);
        loop.For(Hour);
        foreach (var gateway in world.Gateways)
        {
            world.Schedule(gateway, "v9");
        }

        world.Advance(TimeSpan.FromMinutes(1));
        world.Tellings.Clear();
        loop.Wanted = Correcting()
            .PerGroup("site", 1)
            .PerMinute(2)
            .Health(health => health with { Confirm = TimeSpan.Zero });
        var most = Sites.MostAway(loop, "site");

        loop.Until(_ => loop.Running("v2") == 8, "all corrections");

        Assert.Equal((8, 1), (world.Tellings.Count, most()));
        Assert.InRange(PlannerMinuteTests.Busiest(world), 1, 2);
    }

    [Fact]
    public void Keeps_the_share_when_a_place_was_given_to_another()
    {
        var world = A.Fleet().Of(10).On("v1");
        var release = A.Release().At(50).Percent();
        var loop = A.Loop(release, world).Until(Phase.AtPercentage);
        world.Schedule(world.Gateways.First(gateway => gateway.Runs == "v2"), "v9");
        loop.For(Hour);
        Assert.Equal(5, loop.Running("v2"));
        loop.Wanted = release.CorrectingDrift();

        loop.For(Hour);

        Assert.Equal(5, loop.Running("v2"));
    }

    [Theory]
    [InlineData("paused")]
    [InlineData("leaver")]
    [InlineData("failed")]
    public void Corrects_nothing_that_the_release_may_not_move(string why)
    {
        var world = A.Fleet().Of(4).On("v1").Tagged(..4, "line", "a");
        var release = (
            A.Release().For("line", "a").Tolerating(1).Policy(policy => policy with { RestoreFailed = false })
        ).CorrectingDrift();
        if (why == "failed")
        {
            world.Refusing("v2", ..1);
        }

        var loop = A.Loop(release, world).Until(Phase.Complete);
        world[0].Tags = why == "leaver" ? EdgeRelease.Observation.TagSet.Empty : world[0].Tags;
        loop.Wanted = why == "paused" ? release.With(spec => spec with { Paused = true }) : release;
        world.Schedule(world[0], "v9");

        loop.For(2 * Hour);

        Assert.Equal(["v2"], world[0].Told);
        Assert.Equal("v9", world[0].Runs);
    }

    [Fact]
    public void Never_takes_back_what_was_rolled_back()
    {
        var world = A.Fleet().Of(4).On("v1");
        var loop = A.Loop(Correcting(), world).Until(Phase.Complete);
        loop.Wanted = Correcting().Aborting("r1");
        loop.Until(Phase.RolledBack);
        world.Schedule(world[0], "v9");

        loop.For(2 * Hour);

        Assert.Equal(["v2", "v1"], world[0].Told);
        Assert.Equal(Phase.RolledBack, loop.Phase);
    }

    private static PlannerLoop Complete(Release release, out PlannerWorld world)
    {
        world = A.Fleet().Of(4).On("v1");
        return A.Loop(release, world).Until(Phase.Complete);
    }

    private static ReleaseBuilder Correcting() => A.Release().CorrectingDrift();
}
