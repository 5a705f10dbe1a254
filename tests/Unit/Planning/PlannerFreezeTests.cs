using EdgeRelease.Api;
using EdgeRelease.Planning;
using Xunit;

namespace EdgeRelease.Tests.Unit.Planning;

public sealed class PlannerFreezeTests
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    private readonly PlannerWorld _world = A.Fleet().Of(10).On("v1");

    private static ReleaseBuilder Frozen(FreezeScope scope, ReleaseBuilder? release = null) =>
        (release ?? A.Release()).Asking(wanted =>
            wanted with
            {
                Rails = new Rails
                {
                    Application = "plant-a",
                    Frozen = new FreezeSpec { Scope = scope, Reason = "inventory week" },
                },
            }
        );

    /// <summary>A finished release whose first device has left it in a freeze, an hour ago.</summary>
    private (PlannerLoop Loop, ReleaseBuilder Release) Left()
    {
        _world.Tagged(..10, "line", "a");
        var release = A.Release().For("line", "a").OnLeave(LeavePolicy.Restore);
        var loop = A.Loop(release, _world).Until(Phase.Complete);
        loop.Wanted = Frozen(FreezeScope.Forward, release);
        _world[0].Tags = Observation.TagSet.Empty;
        return (loop.For(Hour), release);
    }

    [Theory]
    [InlineData(FreezeScope.Forward)]
    [InlineData(FreezeScope.Everything)]
    public void Moves_nobody_forward_while_frozen_and_goes_on_afterwards(FreezeScope scope)
    {
        var loop = A.Loop(Frozen(scope), _world).For(Hour);

        Assert.Equal((Phase.Waiting, Reasons.Frozen), (loop.Phase, loop.Plan.Verdict.Reason));
        Assert.Equal(WaitingKind.Freeze, loop.Plan.Verdict.WaitingFor!.Kind);
        Assert.Contains("frozen (inventory week)", loop.Message, StringComparison.Ordinal);
        Assert.Contains("LosantApplication plant-a", loop.Message, StringComparison.Ordinal);
        Assert.All(_world.Gateways, gateway => Assert.Empty(gateway.Told));
        loop.Wanted = A.Release();
        loop.Until(Phase.Complete);
    }

    [Fact]
    public void Rolls_back_in_a_freeze_of_the_way_forward()
    {
        var loop = A.Loop(A.Release(), _world).Until(Phase.Complete);
        loop.Wanted = Frozen(FreezeScope.Forward, A.Release().Aborting("r1"));

        loop.Until(Phase.RolledBack);

        Assert.Equal(10, loop.Running("v1"));
    }

    [Fact]
    public void Restores_a_failed_device_in_a_freeze_of_the_way_forward()
    {
        var release = A.Release().Tolerating(1);
        _world.Refusing("v2", 5..6);
        var loop = A.Loop(release, _world).Until(plan => plan.Evidence.Failing + plan.Evidence.Failed > 0);
        loop.Wanted = Frozen(FreezeScope.Forward, release);

        loop.For(TimeSpan.FromMinutes(5));

        Assert.Equal("v1", _world[5].Wants);
    }

    [Fact]
    public void Sends_nothing_back_in_a_freeze_of_everything_and_rolls_back_after_it()
    {
        var loop = A.Loop(A.Release(), _world).Until(Phase.Complete);
        loop.Wanted = Frozen(FreezeScope.Everything, A.Release().Aborting("r1"));
        loop.Watch = (plan, _) => Assert.Empty(plan.Batches);
        loop.For(Hour);

        Assert.Equal(Phase.RollingBack, loop.Phase);
        Assert.Equal(WaitingKind.Freeze, loop.Plan.Verdict.WaitingFor!.Kind);
        loop.Watch = null;
        loop.Wanted = A.Release().Aborting("r1");
        loop.Until(Phase.RolledBack);
    }

    [Fact]
    public void Gives_nothing_back_in_a_freeze_of_everything()
    {
        var loop = A.Loop(A.Release(), _world).Until(Phase.Complete);
        loop.Wanted = Frozen(FreezeScope.Everything, A.Release().At(0).Percent());
        loop.Watch = (plan, _) => Assert.Empty(plan.Batches);

        loop.For(Hour);

        Assert.Equal((Phase.Waiting, Reasons.Frozen), (loop.Phase, loop.Plan.Verdict.Reason));
    }

    [Fact]
    public void Lets_a_deleted_release_go_at_its_deadline_in_a_freeze_of_everything()
    {
        var loop = A.Loop(A.Release(), _world).Until(Phase.Complete);
        var at = _world.Now;
        loop.Wanted = Frozen(FreezeScope.Everything, A.Release().OnDelete(DeletePolicy.Restore))
            .Asking(wanted => wanted with { DeletedAt = at });
        loop.Watch = (plan, _) => Assert.Empty(plan.Batches);

        loop.Until(plan => plan.MayGo, "let go");

        Assert.True(_world.Now - at >= Hour);
        Assert.Equal(10, loop.Running("v2"));
    }

    [Fact]
    public void Takes_back_no_device_of_a_deleted_release_in_a_freeze_and_all_of_them_after_it()
    {
        var release = A.Release().OnDelete(DeletePolicy.Restore);
        var loop = A.Loop(release, _world).Until(Phase.Complete);
        var at = _world.Now;
        loop.Wanted = Frozen(FreezeScope.Forward, release).Asking(wanted => wanted with { DeletedAt = at });
        loop.Watch = (plan, _) => Assert.Empty(plan.Batches);
        loop.For(TimeSpan.FromMinutes(30));

        Assert.Equal(WaitingKind.Freeze, loop.Plan.Verdict.WaitingFor!.Kind);
        Assert.Contains("frozen (inventory week)", loop.Message, StringComparison.Ordinal);
        loop.Watch = null;
        loop.Wanted = release.Asking(wanted => wanted with { DeletedAt = at });
        loop.Until(plan => plan.MayGo, "let go");
        Assert.Equal(10, _world.Gateways.Count(gateway => gateway.Wants == "v1"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Takes_back_what_goes_back_anyhow_in_a_freeze_though_the_release_is_deleted(bool isBreached)
    {
        var release = A.Release()
            .OnDelete(DeletePolicy.Restore)
            .Tolerating(1)
            .With(spec => spec with { Health = spec.Health with { RetryGrace = TimeSpan.FromMinutes(30) } });
        _world.Refusing("v2", ..1);
        var loop = A.Loop(release, _world).Until(plan => plan.Evidence is { Failing: 1, Succeeded: 9 }, "one failing");
        var deleted = isBreached ? release.Aborting("r1") : release;
        if (isBreached)
        {
            // The calls of the rollback are lost: what is left of it is to be told again.
            loop.Wanted = deleted;
            loop.Loses = _ => true;
            loop.Pass();
            loop.Loses = null;
        }

        var at = _world.Now;
        loop.Wanted = Frozen(FreezeScope.Forward, deleted).Asking(wanted => wanted with { DeletedAt = at });
        loop.For(TimeSpan.FromMinutes(45));

        Assert.Equal("v1", _world[0].Wants);
        Assert.Equal(isBreached, _world.Gateways.All(gateway => gateway.Wants == "v1"));
    }

    [Fact]
    public void Still_owes_a_leaver_its_way_back_when_another_version_came_while_the_freeze_held_it()
    {
        var (loop, release) = Left();
        loop.Wanted = Frozen(FreezeScope.Forward, release.To("v3"));
        loop.For(Hour);

        loop.Wanted = release.To("v3");
        loop.Until(_ => _world[0].Runs == "v1", "the leaver's way back");
        loop.Until(Phase.Complete);
    }

    [Fact]
    public void Takes_back_a_deleted_release_that_may_not_begin_yet()
    {
        var release = A.Release().OnDelete(DeletePolicy.Restore);
        var loop = A.Loop(release, _world).Until(Phase.Complete);
        var at = _world.Now;
        var never = new ScheduleSpec { NotBefore = DateTimeOffset.MaxValue };
        loop.Wanted = release
            .With(spec => spec with { Schedule = never })
            .Asking(wanted => wanted with { DeletedAt = at });

        loop.Until(plan => plan.MayGo, "let go");

        Assert.Equal(10, _world.Gateways.Count(gateway => gateway.Wants == "v1"));
    }

    [Fact]
    public void Keeps_a_settled_leaver_where_it_is_until_the_freeze_is_over()
    {
        var (loop, release) = Left();

        Assert.Equal("v2", _world[0].Wants);
        loop.Wanted = release;
        loop.For(Hour);
        Assert.Equal("v1", _world[0].Wants);
    }

    [Fact]
    public void Stays_complete_in_a_freeze()
    {
        var loop = A.Loop(A.Release(), _world).Until(Phase.Complete);
        loop.Wanted = Frozen(FreezeScope.Everything);
        loop.Pass();

        Assert.Equal((Phase.Complete, "10 of 10 devices run v2"), (loop.Phase, loop.Message));
    }

    [Theory]
    [InlineData(100, Phase.Complete)]
    [InlineData(50, Phase.AtPercentage)]
    public void Stays_finished_when_a_device_joins_in_a_freeze_and_says_who_waits(int percentage, Phase end)
    {
        var release = A.Release().At(percentage).Percent();
        var loop = A.Loop(release, _world).Until(end);
        loop.Wanted = Frozen(FreezeScope.Forward, release);
        _world.Of(2).On("v1");
        loop.For(Hour);

        Assert.Equal(end, loop.Phase);
        Assert.Contains(
            $"; {Names.Count(2 * percentage / 100)} waiting: frozen (inventory week)",
            loop.Message,
            StringComparison.Ordinal
        );
        Assert.Equal(10 * percentage / 100, loop.Running("v2"));
        loop.Wanted = release;
        loop.Until(_ => loop.Running("v2") == 12 * percentage / 100, "served");
        Assert.Equal(end, loop.Phase);
    }

    [Fact]
    public void Stays_complete_when_a_device_returns_in_a_pause_and_says_who_waits()
    {
        var release = A.Release().Offline(OfflinePolicy.Defer);
        _world.Offline(9..);
        var loop = A.Loop(release, _world).Until(Phase.Complete);
        loop.Wanted = release.PausedBecause("line stop");
        _world.Connect(_world[9]);
        loop.For(Hour);

        Assert.Equal((Phase.Complete, 9), (loop.Phase, loop.Running("v2")));
        Assert.Contains("; 1 device waiting: paused (line stop)", loop.Message, StringComparison.Ordinal);
    }
}
