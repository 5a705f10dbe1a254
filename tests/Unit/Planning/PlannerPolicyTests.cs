using EdgeRelease.Api;
using EdgeRelease.Planning;
using Xunit;

namespace EdgeRelease.Tests.Unit.Planning;

public sealed class PlannerPolicyTests
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    [Fact]
    public void Tolerates_as_many_failures_as_allowed()
    {
        var world = A.Fleet().Of(10).On("v1").Refusing("v2", ..2);

        A.Loop(A.Release().Tolerating(2), world).Until(Phase.Complete);

        Assert.Equal(8, world.Gateways.Count(gateway => gateway.Runs == "v2"));
    }

    [Fact]
    public void Judges_a_percentage_on_the_devices_with_an_outcome()
    {
        var world = A.Fleet().Of(30).On("v1").Refusing("v2", ..3);
        var release = A.Release().ToleratingPercent(10).Policy(policy => policy with { MinOutcomes = 20 });

        var loop = A.Loop(release, world).Until(Phase.Complete);

        Assert.Equal(new Evidence(27, 3, 0), loop.Plan.Evidence);
    }

    [Fact]
    public void Judges_a_percentage_on_what_there_is_once_the_step_has_settled()
    {
        var world = A.Fleet().Of(4).On("v1").Refusing("v2", ..1);
        var release = A.Release().ToleratingPercent(10).Policy(policy => policy with { MinOutcomes = 20 });

        A.Loop(release, world).Until(Phase.RolledBack);

        Assert.All(world.Gateways, gateway => Assert.Equal("v1", gateway.Runs));
    }

    [Fact]
    public void Counts_the_failure_of_a_device_that_somebody_repaired_by_hand()
    {
        var world = A.Fleet().Of(10).On("v1").Refusing("v2", ..2);
        var loop = A.Loop(A.Release().Tolerating(1).Unavailable(1), world).Until(plan => plan.Evidence.Failed == 1);
        var repaired = world.Gateways.Single(gateway => loop.RowOf(gateway)?.Outcome == Outcome.Failed);
        loop.For(TimeSpan.FromMinutes(2));
        world.Schedule(repaired, "v0");

        loop.Until(Phase.RolledBack);

        Assert.Equal(9, loop.Running("v1"));
    }

    [Fact]
    public void Takes_back_only_the_step_when_the_scope_is_the_step()
    {
        var world = A.Fleet().Of(10).On("v1");
        var release = A.Release()
            .In(A.Step().Of(20).Soaking(Hour), A.Step().Of(100))
            .Policy(policy => policy with { RollbackScope = RollbackScope.Step });
        var loop = A.Loop(release, world).Until(Phase.Soaking);
        world.Refusing("v2", ..10);

        loop.Until(Phase.RolledBack);

        Assert.Equal(2, loop.Running("v2"));
    }

    [Fact]
    public void Restores_an_unsettled_device_of_an_earlier_step_when_the_scope_is_the_step()
    {
        var world = A.Fleet().Of(10).On("v1").Offline(..10);
        var release = A.Release()
            .In(A.Step().Of(20), A.Step().Of(100).Soaking(Hour))
            .Offline(OfflinePolicy.Arm)
            .Policy(policy => policy with { RollbackScope = RollbackScope.Step });
        var loop = A.Loop(release, world);
        loop.Pass();
        var early = world.Gateways.Where(gateway => gateway.Told.Count > 0).ToList();
        world.Connect(early[0]);
        loop.Until(Phase.Soaking);
        var late = world.Gateways.First(gateway => !early.Contains(gateway));
        late.Refuses.Add("v2");
        world.Connect(late);

        loop.Until(Phase.RolledBack);

        Assert.Equal(("v2", "v1"), (early[0].Wants, early[1].Wants));
    }

    [Fact]
    public void Keeps_the_good_ones_when_the_scope_is_the_failed()
    {
        var world = A.Fleet().Of(10).On("v1").Refusing("v2", ..1);
        var release = A.Release().Policy(policy => policy with { RollbackScope = RollbackScope.Failed });

        A.Loop(release, world).Until(Phase.RolledBack);

        Assert.Equal(["v2", "v1"], world[0].Told);
        Assert.DoesNotContain(world.Gateways, gateway => gateway.Runs == "v2" && gateway.Wants != "v2");
    }

    [Fact]
    public void Pauses_on_a_breach_when_told_so_and_resumes_with_the_token()
    {
        var world = A.Fleet().Of(10).On("v1").Refusing("v2", ..1);
        var release = A.Release().Policy(policy => policy with { OnBreach = BreachAction.Pause });
        var loop = A.Loop(release, world).Until(Phase.Paused);
        Assert.Equal(WaitingKind.Resume, loop.Plan.Verdict.WaitingFor!.Kind);
        loop.Wanted = release.With(spec => spec with { Approve = [loop.Plan.Verdict.WaitingFor.Token!] });

        loop.Until(Phase.Complete);

        Assert.Equal(9, loop.Running("v2"));
    }

    [Fact]
    public void Restores_the_failed_device_while_paused_by_policy()
    {
        var world = A.Fleet().Of(10).On("v1").Refusing("v2", ..1);
        var release = A.Release().Policy(policy => policy with { OnBreach = BreachAction.Pause });

        A.Loop(release, world).Until(Phase.Paused).For(TimeSpan.FromMinutes(5));

        Assert.Equal(["v2", "v1"], world[0].Told);
    }

    [Fact]
    public void Pauses_again_for_a_new_failure_after_the_resume()
    {
        var world = A.Fleet().Of(10).On("v1").Refusing("v2", ..2);
        var release = A.Release().Unavailable(1).Policy(policy => policy with { OnBreach = BreachAction.Pause });
        var loop = A.Loop(release, world).Until(Phase.Paused);
        var token = loop.Memory.Pause!.Token!;
        loop.Wanted = release.With(spec => spec with { Approve = [token] });

        loop.Until(Phase.Paused);

        Assert.NotEqual(token, loop.Memory.Pause!.Token);
    }

    [Fact]
    public void Pauses_for_a_new_failure_although_an_accepted_one_has_left()
    {
        var world = A.Fleet().Of(10).On("v1").Refusing("v2", ..2);
        var release = A.Release().Unavailable(1).Policy(policy => policy with { OnBreach = BreachAction.Pause });
        var loop = A.Loop(release, world).Until(Phase.Paused);
        var accepted = world.Gateways.Single(gateway => loop.RowOf(gateway)?.Outcome == Outcome.Failed);
        var resumed = release.With(spec => spec with { Approve = [loop.Memory.Pause!.Token!] });
        loop.Wanted = resumed.With(spec =>
            spec with
            {
                Exclude = new ExcludeSpec { DeviceIds = [accepted.Id.ToString()] },
            }
        );

        loop.Until(Phase.Paused);

        Assert.Equal(2, loop.Plan.Evidence.Failed);
    }

    [Theory]
    [InlineData(RollbackScope.Failed)]
    [InlineData(RollbackScope.Step)]
    public void Takes_the_rest_back_on_abort_after_a_breach_of_narrow_scope(RollbackScope scope)
    {
        var world = A.Fleet().Of(10).On("v1");
        var release = A.Release()
            .Policy(policy => policy with { RollbackScope = scope })
            .In(A.Step().Of(30).Soaking(TimeSpan.FromHours(1)), A.Step().Of(100));
        var loop = A.Loop(release, world).Until(Phase.Soaking);
        world.Gateways.First(gateway => gateway.Told.Count == 0).Refuses.Add("v2");
        loop.Until(Phase.RolledBack);
        Assert.NotEqual(0, loop.Running("v2"));
        loop.Wanted = release.Aborting("r1");

        loop.Until(plan => plan.Memory.Latch!.Kind == LatchKind.Abort).Until(Phase.RolledBack);

        Assert.Equal(10, loop.Running("v1"));
        loop.Watch = (plan, _) => Assert.Empty(plan.Notices);
        loop.For(TimeSpan.FromHours(1));
    }
}
