using EdgeRelease.Api;
using EdgeRelease.Planning;
using Xunit;

namespace EdgeRelease.Tests.Unit.Planning;

/// <summary>Rule 21: what a failure means after the end.</summary>
public sealed class PlannerWatchTests
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    private static ReleaseBuilder Watching(TimeSpan watch) => A.Release().Watching(watch);

    [Fact]
    public void Rolls_back_when_a_device_fails_within_the_watch()
    {
        var world = A.Fleet().Of(10).On("v1");
        var loop = Complete(Watching(TimeSpan.FromHours(2)), world);
        world.After(TimeSpan.FromHours(1));
        Fails(loop);

        loop.Until(Phase.RolledBack);

        Assert.All(world.Gateways, gateway => Assert.Equal("v1", gateway.Wants));
    }

    [Fact]
    public void Takes_the_last_step_back_by_a_breach_after_the_end_where_the_scope_is_the_step()
    {
        var world = A.Fleet().Of(10).On("v1");
        var release = Watching(TimeSpan.FromHours(2))
            .In(A.Step().Of(30), A.Step().Of(100))
            .Policy(policy => policy with { RollbackScope = RollbackScope.Step });
        var loop = Complete(release, world);
        var kept = world.Gateways.Where(gateway => loop.RowOf(gateway)!.Step == 0).ToList();
        Fails(loop);

        loop.Until(Phase.RolledBack);

        Assert.Equal(3, kept.Count);
        Assert.Equal(kept, world.Gateways.Where(gateway => gateway.Wants == "v2"));
    }

    [Fact]
    public void Restores_only_the_device_that_fails_after_the_watch()
    {
        var world = A.Fleet().Of(10).On("v1");
        var loop = Complete(Watching(TimeSpan.FromHours(2)), world);
        world.After(TimeSpan.FromHours(3));
        Fails(loop);

        loop.For(10 * Minute);

        Assert.Equal(Phase.Complete, loop.Phase);
        Assert.Equal(("v1", 9), (world[0].Wants, loop.Running("v2")));
        var healthy = Summaries.Of(loop).Conditions.Single(condition => condition.Type == ConditionTypes.Healthy);
        Assert.Equal((ConditionStatus.False, Reasons.DevicesFailing), (healthy.Status, healthy.Reason));
    }

    [Fact]
    public void Restores_only_the_device_when_there_is_no_watch()
    {
        var world = A.Fleet().Of(10).On("v1");
        var loop = Complete(Watching(TimeSpan.Zero), world);
        Fails(loop);

        loop.For(10 * Minute);

        Assert.Equal((Phase.Complete, 9), (loop.Phase, loop.Running("v2")));
    }

    [Fact]
    public void Tolerates_within_the_watch_what_is_tolerated_before_the_end()
    {
        var world = A.Fleet().Of(10).On("v1");
        var loop = Complete(Watching(TimeSpan.FromHours(2)).Tolerating(1), world);
        Fails(loop);

        loop.For(10 * Minute);

        Assert.Equal((Phase.Complete, 9), (loop.Phase, loop.Running("v2")));
    }

    [Fact]
    public void Pauses_within_the_watch_when_a_breach_pauses_and_completes_again_with_the_token()
    {
        var world = A.Fleet().Of(10).On("v1");
        var release = Watching(TimeSpan.FromHours(2)).Policy(policy => policy with { OnBreach = BreachAction.Pause });
        var loop = Complete(release, world);
        Fails(loop);
        loop.Until(Phase.Paused);
        Assert.Equal(loop.Memory.Pause!.Token, loop.Plan.Verdict.WaitingFor!.Token);
        loop.Wanted = release.With(spec => spec with { Approve = [loop.Memory.Pause.Token!] });

        loop.Pass();

        Assert.Equal((Phase.Complete, 9), (loop.Phase, loop.Running("v2")));
    }

    [Fact]
    public void Counts_no_failure_of_after_the_watch_when_the_percentage_is_raised()
    {
        var world = A.Fleet().Of(11).On("v1");
        var release = Watching(TimeSpan.FromHours(2)).Offline(OfflinePolicy.Arm);
        world.Disconnect(world[0]);
        var loop = A.Loop(release.At(90).Percent(), world).Until(Phase.AtPercentage);
        Assert.Equal("v2", world[0].Wants);
        world.After(TimeSpan.FromHours(3));
        Fails(loop);
        loop.For(10 * Minute);
        Assert.Equal("v1", world[0].Wants);

        loop.Wanted = release.At(100).Percent();
        loop.Until(Phase.Complete);

        Assert.Equal(10, loop.Running("v2"));
        Assert.Equal(0, loop.Plan.Evidence.Failed);
    }

    [Fact]
    public void Counts_a_failure_that_the_pass_shows_in_which_the_percentage_is_raised()
    {
        var world = A.Fleet().Of(11).On("v1");
        var release = Watching(TimeSpan.Zero).Offline(OfflinePolicy.Arm);
        world.Disconnect(world[0]);
        var loop = A.Loop(release.At(90).Percent(), world).Until(Phase.AtPercentage);
        Fails(loop);
        world.Advance(Minute);
        loop.Wanted = release.At(100).Percent();

        loop.Pass();

        Assert.Equal((Phase.RollingBack, 1), (loop.Phase, loop.Plan.Evidence.Failed));
    }

    [Fact]
    public void Starts_no_joiner_within_the_watch_while_a_device_shows_an_error()
    {
        var world = A.Fleet().Of(10).On("v1");
        var loop = Complete(Watching(TimeSpan.FromHours(2)), world);
        Fails(loop);
        loop.Until(plan => plan.Evidence.Failing == 1);
        var joiner = world.Join("v1");

        loop.Pass();

        Assert.Empty(joiner.Told);
    }

    /// <summary>Complete with the first device offline and armed: it takes the version when it returns.</summary>
    private static PlannerLoop Complete(ReleaseBuilder release, PlannerWorld world)
    {
        world.Disconnect(world[0]);
        var loop = A.Loop(release, world).Until(Phase.Complete);
        Assert.Equal("v2", world[0].Wants);
        return loop;
    }

    private static void Fails(PlannerLoop loop)
    {
        loop.World[0].Refuses.Add("v2");
        loop.World.Connect(loop.World[0]);
    }
}
