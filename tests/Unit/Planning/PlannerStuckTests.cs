using EdgeRelease.Api;
using EdgeRelease.Observation;
using EdgeRelease.Planning;
using Xunit;

namespace EdgeRelease.Tests.Unit.Planning;

/// <summary>No state holds a release for ever without a word on what leads on (I18, I20, I22).</summary>
public sealed class PlannerStuckTests
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    [Fact]
    public void Goes_on_without_a_device_that_goes_dark_on_its_way_back()
    {
        var world = A.Fleet().Of(10).On("v1").Tagged(..10, "line", "a");
        var loop = A.Loop(A.Release().For("line", "a"), world);
        loop.Pass();
        var leaver = Sent(world);
        leaver.Tags = TagSet.Empty;
        loop.Pass();
        world.Disconnect(leaver);

        loop.Until(Phase.Complete);

        Assert.Equal(9, loop.Running("v2"));
    }

    [Fact]
    public void Names_the_dark_device_of_an_older_revision_that_holds_the_only_slot()
    {
        var world = A.Fleet().Of(10).On("v1");
        var loop = A.Loop(A.Release().Unavailable(1), world);
        loop.Pass();
        var dark = Sent(world);
        world.Advance(TimeSpan.FromSeconds(10));
        loop.Wanted = A.Release().To("v3").Unavailable(1);
        loop.Pass();
        world.Disconnect(dark);

        loop.Until(Phase.Waiting);

        Assert.Equal(WaitingKind.Budget, loop.Plan.Verdict.WaitingFor!.Kind);
        Assert.Equal([dark.Id.ToString()], loop.Plan.Verdict.WaitingFor.Devices!);
        world.Connect(dark);
        loop.Until(Phase.Complete);
    }

    [Fact]
    public void Says_what_to_do_when_every_device_of_the_step_has_failed_within_the_limit()
    {
        var world = A.Fleet().Of(10).On("v1").Refusing("v2", ..10);
        var release = A.Release().Tolerating(1).In(A.Step().Of(10), A.Step().Of(100));

        var loop = A.Loop(release, world).Until(Phase.Waiting);

        Assert.Equal((Reasons.NothingSucceeded, null), (loop.Plan.Verdict.Reason, loop.Plan.Verdict.WaitingFor));
        Assert.Contains("retry=r1", loop.Message, StringComparison.Ordinal);
        Assert.Contains("abort=r1", loop.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Says_what_to_do_when_the_devices_of_a_step_have_failed_and_an_offline_one_could_get_no_place()
    {
        var world = A.Fleet().Of(100).On("v1").Refusing("v2", ..100).Offline(..1);
        var release = A.Release().Tolerating(5).In(A.Step().Count(3), A.Step().Of(100));
        var loop = A.Loop(release, world).Until(Phase.Waiting);
        Assert.Equal(3, world.Tellings.Count(telling => telling.IsForward));

        Assert.Equal((Reasons.NothingSucceeded, null), (loop.Plan.Verdict.Reason, loop.Plan.Verdict.WaitingFor));
        Assert.Contains("retry=r1", loop.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Waits_for_an_offline_device_that_has_a_place_when_the_others_of_a_step_have_failed()
    {
        var world = A.Fleet().Of(3).On("v1").Refusing("v2", ..3).Offline(..1);
        var release = A.Release().Tolerating(5).In(A.Step().Count(3), A.Step().Of(100));
        var loop = A.Loop(release, world).Until(Phase.Waiting);

        Assert.Equal(WaitingKind.Reachable, loop.Plan.Verdict.WaitingFor!.Kind);
        world[0].Refuses.Clear();
        world.Connect(world[0]);
        loop.Until(Phase.Complete);
    }

    [Fact]
    public void Ends_the_rollback_of_a_device_that_never_got_its_command_and_is_now_excluded()
    {
        var world = A.Fleet().Of(1).On("v1");
        world[0].Agent = "1.38.0";
        var loop = A.Loop(A.Release(), world);
        loop.Loses = _ => true;
        loop.Pass();
        loop.Loses = null;
        var next = A.Release().To("v3").Asking(release => release with { MinimumAgentVersion = "1.39.0" });
        loop.Wanted = next;
        loop.For(TimeSpan.FromMinutes(5));
        loop.Wanted = next.Aborting("r2");

        loop.Until(Phase.RolledBack);

        Assert.Equal("v1", world[0].Wants);
    }

    [Fact]
    public void Closes_the_row_of_a_leaver_whose_command_Losant_never_showed()
    {
        var world = A.Fleet().Of(2).On("v1").Tagged(..2, "line", "a");
        var loop = A.Loop(A.Release().For("line", "a"), world);
        loop.Loses = _ => true;
        loop.Pass();
        loop.Loses = null;
        var leaver = world.Gateways.Single(gateway => loop.RowOf(gateway) is not null);
        leaver.Tags = TagSet.Empty;

        loop.Until(Phase.Complete).For(Hour);

        Assert.Equal("left", loop.RowOf(leaver)!.Closed);
        Assert.False(loop.Plan.IsActive);
    }

    [Fact]
    public void Stays_complete_while_a_joiner_shows_an_error()
    {
        var world = A.Fleet().Of(3).On("v1").Offline(..1).Refusing("v2", ..1);
        var unwatched = A.Release().Policy(policy => policy with { Watch = TimeSpan.Zero });
        var loop = A.Loop(unwatched, world).Until(Phase.Complete);
        world.Connect(world[0]);
        loop.Watch = (plan, _) => Assert.Equal(Phase.Complete, plan.Verdict.Phase);

        loop.For(Day);

        Assert.Equal(["v2", "v1"], world[0].Told);
    }

    private static PlannerGateway Sent(PlannerWorld world) => world.Gateways.Single(gateway => gateway.Told.Count > 0);
}
