using EdgeRelease.Api;
using EdgeRelease.Planning;
using Xunit;

namespace EdgeRelease.Tests.Unit.Planning;

/// <summary>What a freeze holds of the way back: who leaves, and what a deletion takes back (rule 12).</summary>
public sealed class PlannerFreezeReturnTests
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    private readonly PlannerWorld _world = A.Fleet().Of(10).On("v1");

    /// <summary>A finished release whose first device has left it in a freeze, an hour ago.</summary>
    private (PlannerLoop Loop, ReleaseBuilder Release) Left()
    {
        _world.Tagged(..10, "line", "a");
        var release = A.Release().For("line", "a").OnLeave(LeavePolicy.Restore);
        var loop = A.Loop(release, _world).Until(Phase.Complete);
        loop.Wanted = release.Frozen();
        _world[0].Tags = Observation.TagSet.Empty;
        return (loop.For(Hour), release);
    }

    private ReleaseBuilder Deleted(ReleaseBuilder release)
    {
        var at = _world.Now;
        return release.Asking(wanted => wanted with { DeletedAt = at });
    }

    [Fact]
    public void Takes_back_no_device_of_a_deleted_release_in_a_freeze_and_all_of_them_after_it()
    {
        var release = A.Release().OnDelete(DeletePolicy.Restore);
        var loop = A.Loop(release, _world).Until(Phase.Complete);
        var at = _world.Now;
        loop.Wanted = release.Frozen().Asking(wanted => wanted with { DeletedAt = at });
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
        loop.Wanted = deleted.Frozen().Asking(wanted => wanted with { DeletedAt = at });
        loop.For(TimeSpan.FromMinutes(45));

        Assert.Equal("v1", _world[0].Wants);
        Assert.Equal(isBreached, _world.Gateways.All(gateway => gateway.Wants == "v1"));
    }

    [Fact]
    public void Still_owes_a_leaver_its_way_back_when_another_version_came_while_the_freeze_held_it()
    {
        var (loop, release) = Left();
        loop.Wanted = release.To("v3").Frozen();
        loop.For(Hour);

        loop.Wanted = release.To("v3");
        loop.Until(_ => _world[0].Runs == "v1", "the leaver's way back");
        loop.Until(Phase.Complete);
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
    public void Lets_a_deleted_release_go_at_its_deadline_in_a_freeze_of_everything()
    {
        var loop = A.Loop(A.Release(), _world).Until(Phase.Complete);
        var at = _world.Now;
        loop.Wanted = A.Release()
            .OnDelete(DeletePolicy.Restore)
            .Frozen(FreezeScope.Everything)
            .Asking(wanted => wanted with { DeletedAt = at });
        loop.Watch = (plan, _) => Assert.Empty(plan.Batches);

        loop.Until(plan => plan.MayGo, "let go");

        Assert.True(_world.Now - at >= Hour);
        Assert.Equal(10, loop.Running("v2"));
    }

    [Theory]
    [InlineData(RollbackScope.Failed)]
    [InlineData(RollbackScope.Step)]
    public void Takes_back_no_good_device_of_a_deleted_release_in_a_freeze_though_it_was_rolled_back_once(
        RollbackScope scope
    )
    {
        var release = A.Release()
            .In(A.Step().Of(50), A.Step().Of(100))
            .Policy(policy => policy with { RollbackScope = scope })
            .OnDelete(DeletePolicy.Restore);
        var loop = A.Loop(release, _world).Until(plan => plan.Memory.Step.Index == 1, "half");
        _world.Refusing("v2", ..10);
        loop.Until(Phase.RolledBack);
        var good = _world.Gateways.Where(gateway => gateway.Wants == "v2").ToList();

        loop.Wanted = Deleted(release.Frozen());
        loop.For(TimeSpan.FromMinutes(30));

        Assert.NotEmpty(good);
        Assert.All(good, gateway => Assert.Equal("v2", gateway.Wants));
    }

    [Fact]
    public void Takes_the_flow_off_no_device_in_a_freeze_though_the_release_is_deleted()
    {
        var world = A.Fleet().Of(5).On("v2").Of(5).On("v1");
        var release = A.Release().OnDelete(DeletePolicy.Remove);
        var loop = A.Loop(release, world).Until(Phase.Complete);
        loop.Wanted = release.Aborting("r1");
        loop.Until(Phase.RolledBack);

        loop.Wanted = Deleted(release.Aborting("r1").Frozen());
        loop.Watch = (plan, _) => Assert.Empty(plan.Batches);
        loop.For(TimeSpan.FromMinutes(30));
    }

    [Fact]
    public void Restores_a_failing_device_in_a_freeze_though_its_deleted_release_takes_the_flow_off()
    {
        var release = A.Release()
            .OnDelete(DeletePolicy.Remove)
            .Tolerating(1)
            .Health(health => health with { RetryGrace = TimeSpan.FromMinutes(30) });
        _world.Refusing("v2", ..1);
        var loop = A.Loop(release, _world).Until(plan => plan.Evidence is { Failing: 1, Succeeded: 9 }, "one failing");

        loop.Wanted = Deleted(release.Frozen());
        loop.For(TimeSpan.FromMinutes(45));

        Assert.Equal("v1", _world[0].Wants);
        Assert.Equal(9, loop.Running("v2"));
    }

    [Fact]
    public void Takes_back_a_device_that_left_before_it_had_an_outcome_in_a_freeze_though_the_release_is_deleted()
    {
        _world.Tagged(..10, "line", "a");
        _world[3].Ignores.Add("v2");
        var release = A.Release().For("line", "a").Unavailable(10).OnDelete(DeletePolicy.Restore);
        var loop = A.Loop(release, _world).Until(_ => _world[3].Wants == "v2", "told");

        _world[3].Tags = Observation.TagSet.Empty;
        loop.Wanted = Deleted(release.Frozen());
        loop.For(TimeSpan.FromMinutes(5));

        Assert.Equal("v1", _world[3].Wants);
    }

    [Fact]
    public void Takes_no_way_back_past_the_version_that_a_leaver_had_settled_on_when_it_is_inside_again()
    {
        var (loop, release) = Left();
        loop.Wanted = release.To("v3").Frozen();
        loop.For(Hour);
        _world[0].Tags = _world[1].Tags;
        loop.Wanted = release.To("v3");
        loop.Until(Phase.Complete);

        Assert.Equal("v2", loop.RowOf(_world[0])!.Previous);
        loop.Wanted = release.To("v3").Aborting("r2");
        loop.Until(Phase.RolledBack);
        Assert.Equal(10, loop.Running("v2"));
    }

    [Fact]
    public void Takes_back_no_device_that_was_inside_again_before_a_later_revision_told_it_anything()
    {
        var (loop, release) = Left();
        _world.Refusing("v3", ..10);
        loop.Wanted = release.To("v3").Frozen();
        loop.For(Hour);
        _world[0].Tags = _world[1].Tags;
        loop.For(Hour);
        loop.Wanted = release.To("v3").Aborting("r2");
        loop.For(Hour);

        Assert.Equal(10, loop.Running("v2"));
    }

    [Fact]
    public void Owes_a_leaver_its_way_back_though_one_poll_did_not_show_its_row()
    {
        var (loop, release) = Left();
        var seen = _world.Seen();
        var shown = seen
            .Deployments.Where(row => row.Key != _world[0].Id)
            .ToDictionary(row => row.Key, row => row.Value);
        loop.Pass(seen with { Deployments = shown, AbsentRowsAreCertain = false });
        loop.Wanted = release.To("v3").Frozen();
        loop.For(Hour);

        loop.Wanted = release.To("v3");
        loop.Until(_ => _world[0].Runs == "v1", "the leaver's way back");
    }

    [Fact]
    public void Holds_a_leaver_of_an_earlier_revision_in_a_freeze_though_a_later_one_is_rolled_back()
    {
        var (loop, release) = Left();
        loop.Wanted = release.To("v3");
        _world.Refusing("v3", ..10);
        loop.Wanted = release.To("v3").Frozen();
        loop.Pass();
        loop.Wanted = release.To("v3").Frozen().Aborting("r2");
        loop.Until(Phase.RolledBack);
        loop.For(Hour);

        Assert.Equal("v2", _world[0].Wants);
        loop.Wanted = release.To("v3").Aborting("r2");
        loop.Until(_ => _world[0].Runs == "v1", "the leaver's way back");
    }
}
