using EdgeRelease.Api;
using EdgeRelease.Planning;
using Xunit;

namespace EdgeRelease.Tests.Unit.Planning;

public sealed class PlannerFreezeTests
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    private readonly PlannerWorld _world = A.Fleet().Of(10).On("v1");

    [Theory]
    [InlineData(FreezeScope.Forward)]
    [InlineData(FreezeScope.Everything)]
    public void Moves_nobody_forward_while_frozen_and_goes_on_afterwards(FreezeScope scope)
    {
        var loop = A.Loop(A.Release().Frozen(scope), _world).For(Hour);

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
        loop.Wanted = A.Release().Aborting("r1").Frozen();

        loop.Until(Phase.RolledBack);

        Assert.Equal(10, loop.Running("v1"));
    }

    [Fact]
    public void Restores_a_failed_device_in_a_freeze_of_the_way_forward()
    {
        var release = A.Release().Tolerating(1);
        _world.Refusing("v2", 5..6);
        var loop = A.Loop(release, _world).Until(plan => plan.Evidence.Failing + plan.Evidence.Failed > 0);
        loop.Wanted = release.Frozen();

        loop.For(TimeSpan.FromMinutes(5));

        Assert.Equal("v1", _world[5].Wants);
    }

    [Fact]
    public void Sends_nothing_back_in_a_freeze_of_everything_and_rolls_back_after_it()
    {
        var loop = A.Loop(A.Release(), _world).Until(Phase.Complete);
        loop.Wanted = A.Release().Aborting("r1").Frozen(FreezeScope.Everything);
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
        loop.Wanted = A.Release().At(0).Percent().Frozen(FreezeScope.Everything);
        loop.Watch = (plan, _) => Assert.Empty(plan.Batches);

        loop.For(Hour);

        Assert.Equal((Phase.Waiting, Reasons.Frozen), (loop.Phase, loop.Plan.Verdict.Reason));
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
    public void Stays_complete_in_a_freeze()
    {
        var loop = A.Loop(A.Release(), _world).Until(Phase.Complete);
        loop.Wanted = A.Release().Frozen(FreezeScope.Everything);
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
        loop.Wanted = release.Frozen();
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
