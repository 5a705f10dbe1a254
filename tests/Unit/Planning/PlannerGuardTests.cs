using EdgeRelease.Api;
using EdgeRelease.Planning;
using Xunit;

namespace EdgeRelease.Tests.Unit.Planning;

public sealed class PlannerGuardTests
{
    private readonly PlannerWorld _world = A.Fleet().Of(10).On("v1").Tagged(..6, "tenant", "a");

    private static ReleaseBuilder Within(GuardSpec guard, ReleaseBuilder? release = null) =>
        (release ?? A.Release()).Asking(wanted =>
            wanted with
            {
                Rails = new Rails { Application = "plant-a", Guard = guard },
            }
        );

    private static GuardSpec Tenant => new() { DeviceTags = new Dictionary<string, string> { ["tenant"] = "a" } };

    [Fact]
    public void Touches_no_device_outside_the_guard_and_counts_it()
    {
        var loop = A.Loop(Within(Tenant), _world).Until(Phase.Complete);

        Assert.Equal((6, 4), (loop.Plan.Fleet!.Eligible.Count, loop.Plan.Fleet.Excluded["GuardRefused"]));
        Assert.All(_world.Gateways.Skip(6), gateway => Assert.Empty(gateway.Told));
    }

    [Fact]
    public void Touches_a_moved_device_no_more_once_it_is_outside_the_guard()
    {
        var loop = A.Loop(Within(Tenant), _world).Until(Phase.Complete);
        _world[0].Tags = Observation.TagSet.Empty;
        loop.Wanted = Within(Tenant, A.Release().Aborting("r1"));

        loop.Until(Phase.RolledBack);

        Assert.Equal(["v2"], _world[0].Told);
        Assert.Equal(5, _world.Gateways.Take(6).Count(gateway => gateway.Runs == "v1"));
    }

    [Fact]
    public void Leaves_a_device_outside_its_guard_to_a_younger_release()
    {
        var rival = new Rival("plant-a/older", new Selection(A.Release().Built.Spec) { Guard = Tenant.DeviceTags });
        var loop = A.Loop(A.Release().Asking(wanted => wanted with { Rivals = [rival] }), _world);

        loop.Until(Phase.Complete);

        Assert.Equal(4, loop.Running("v2"));
    }

    [Fact]
    public void Asks_before_it_tries_a_device_again_when_fewer_may_move_unasked_than_have_moved()
    {
        var retried = A.Release().Tolerating(9).Health(health => health with { Retries = 1 });
        var world = A.Fleet().Of(4).On("v1").Refusing("v2", ..4);
        var loop = A.Loop(retried, world).Until(_ => world.Gateways.Exists(each => each.Told.Count == 2), "restored");

        loop.Wanted = Within(new GuardSpec { ApprovalAbove = 0 }, retried);
        loop.For(TimeSpan.FromHours(1));

        Assert.All(world.Gateways, gateway => Assert.True(gateway.Told.Count is 0 or 2));
        Assert.Equal(Reasons.WaitingForApproval, loop.Plan.Verdict.Reason);
    }

    [Fact]
    public void Asks_before_it_takes_a_device_back_from_somebody_else_when_fewer_may_move_unasked_than_have_moved()
    {
        var release = A.Release().With(spec => spec with { Policy = spec.Policy with { Drift = DriftPolicy.Correct } });
        var world = A.Fleet().Of(4).On("v1");
        var loop = A.Loop(release, world).Until(Phase.Complete);
        world.Schedule(world[0], "v1");
        var guarded = Within(new GuardSpec { ApprovalAbove = 1 }, release);
        loop.Wanted = guarded;
        loop.For(TimeSpan.FromHours(1));

        Assert.Equal(("v1", 1), (world[0].Wants, world[0].Told.Count));
        loop.Wanted = Within(
            new GuardSpec { ApprovalAbove = 1 },
            release.Approving(loop.Plan.Verdict.WaitingFor!.Token)
        );
        loop.For(TimeSpan.FromHours(1));

        Assert.Equal("v2", world[0].Runs);
    }

    [Fact]
    public void Takes_a_raise_for_an_approval_to_take_devices_back_once_it_has_asked()
    {
        var release = A.Release().With(spec => spec with { Policy = spec.Policy with { Drift = DriftPolicy.Correct } });
        var world = A.Fleet().Of(20).On("v1");
        var loop = A.Loop(release.At(50).Percent(), world).Until(Phase.AtPercentage);
        var taken = world.Gateways.First(gateway => gateway.Runs == "v2");
        world.Schedule(taken, "v9");
        loop.Wanted = Within(new GuardSpec { ApprovalAbove = 1 }, release.At(50).Percent());
        loop.For(TimeSpan.FromHours(1));
        Assert.Single(loop.Notices, notice => notice.Reason == Reasons.WaitingForApproval);
        Assert.Equal("v9", taken.Runs);

        loop.Wanted = Within(new GuardSpec { ApprovalAbove = 1 }, release.At(60).Percent());
        loop.For(TimeSpan.FromHours(1));

        Assert.Equal(("v2", 12), (taken.Runs, loop.Running("v2")));
        Assert.Equal("rolloutPercentage", Assert.Single(loop.Memory.Approvals).By);
    }

    [Fact]
    public void Takes_no_raise_for_an_approval_that_came_before_it_asked()
    {
        var release = A.Release().With(spec => spec with { Policy = spec.Policy with { Drift = DriftPolicy.Correct } });
        var world = A.Fleet().Of(10).On("v1");
        var loop = A.Loop(release.At(50).Percent(), world).Until(Phase.AtPercentage);
        var taken = world.Gateways.First(gateway => gateway.Runs == "v2");
        world.Schedule(taken, "v9");

        loop.Wanted = Within(new GuardSpec { ApprovalAbove = 1 }, release.At(60).Percent());
        loop.For(TimeSpan.FromHours(1));

        Assert.Equal(("v9", Reasons.WaitingForApproval), (taken.Runs, loop.Plan.Verdict.Reason));
        Assert.Empty(loop.Memory.Approvals);
    }

    [Theory]
    [InlineData("2", "50%", 2)]
    [InlineData("50%", "2", 2)]
    [InlineData("20%", "3", 2)]
    [InlineData("9", "10%", 1)]
    public void Takes_the_lower_limit_of_the_devices_that_are_away(string own, string rail, int most)
    {
        var guard = new GuardSpec { MaxUnavailable = Limit(rail) };
        var release = Within(guard).With(spec => spec with { Limits = new LimitsSpec { MaxUnavailable = Limit(own) } });
        var loop = A.Loop(release, _world);
        var highest = 0;
        loop.Watch = (plan, _) => highest = Math.Max(highest, plan.Batches.Sum(batch => batch.Rows.Count));

        loop.Until(Phase.Complete);

        Assert.Equal(most, highest);
    }

    [Theory]
    [InlineData("line-*", "line-monitor", true)]
    [InlineData("*", "anything", true)]
    [InlineData("line-monitor", "line-monitor", true)]
    [InlineData("*-mon*r", "line-monitor", true)]
    [InlineData("l*-*r", "line-monitor", true)]
    [InlineData("line", "line-monitor", false)]
    [InlineData("line-*x", "line-monitor", false)]
    [InlineData("ab*ba", "aba", false)]
    [InlineData("a*b*a", "aba", true)]
    [InlineData("Line-*", "line-monitor", false)]
    [InlineData("line.monitor", "line-monitor", false)]
    public void Lets_only_the_flows_be_released_that_fit_a_pattern(string glob, string flow, bool isAllowed)
    {
        var rails = new Rails
        {
            Application = "plant-a",
            Guard = new GuardSpec { Flows = ["other", glob] },
        };

        var problem = rails.Problem(A.Release().Built.Spec, flow);

        Assert.Equal(isAllowed, problem is null);
        Assert.True(isAllowed || problem!.Reason == Reasons.GuardViolated);
        Assert.True(isAllowed || problem!.Message.Contains("add it to spec.guard.flows", StringComparison.Ordinal));
    }

    [Fact]
    public void Asks_a_person_before_more_devices_move_than_the_guard_lets_pass()
    {
        var release = Within(new GuardSpec { ApprovalAbove = 4 });
        var loop = A.Loop(release.Promoting("r1"), _world);
        loop.Until(plan => plan.Verdict.WaitingFor?.Kind == WaitingKind.Approval, "asking");
        loop.For(TimeSpan.FromHours(1));

        Assert.Equal((Phase.Waiting, 4), (loop.Phase, loop.Running("v2")));
        Assert.StartsWith("r1-a4-", loop.Plan.Verdict.WaitingFor!.Token, StringComparison.Ordinal);
        Assert.Contains("waits for approval of more than 4 devices", loop.Message, StringComparison.Ordinal);
        loop.Wanted = release.Approving(loop.Plan.Verdict.WaitingFor.Token);
        loop.Until(Phase.Complete);
        Assert.Equal(10, loop.Running("v2"));
    }

    private static IntOrPercent Limit(string text) =>
        text.EndsWith('%')
            ? IntOrPercent.Percent(int.Parse(text[..^1], System.Globalization.CultureInfo.InvariantCulture))
            : IntOrPercent.Count(int.Parse(text, System.Globalization.CultureInfo.InvariantCulture));
}
