using EdgeRelease.Api;
using EdgeRelease.Planning;
using Xunit;
using static EdgeRelease.Tests.Unit.Planning.PlannerWhy;

namespace EdgeRelease.Tests.Unit.Planning;

/// <summary>F105: a plan names the limit that leaves a device where it is.</summary>
public sealed class PlannerWhyLimitTests
{
    [Fact]
    public void Names_the_slots_that_are_held()
    {
        var loop = Loop(4, A.Release().Unavailable(1));
        var told = loop.Plan.Batches[0].Rows[0].Device.ToString();
        Assert.Contains(told, Expect("Slots", loop, NotSent).Sentence, StringComparison.Ordinal);

        loop.Pass();

        var why = Expect("Slots", loop, NotSent).Sentence;
        Assert.Contains($"the one slot is held by {told}", why, StringComparison.Ordinal);
        Assert.DoesNotContain("raise", why, StringComparison.Ordinal);
    }

    [Fact]
    public void Names_the_slots_that_nobody_gives_back_and_what_to_do()
    {
        var world = A.Fleet().Of(4).On("v1").Refusing("v1", ..4).Refusing("v2", ..1);
        var loop = A.Loop(A.Release().Unavailable(1).Tolerating(4), world)
            .Until(plan => plan.Verdict.Reason == Reasons.WaitingForBudget, "stuck");

        Assert.Contains("bring them back or raise", Expect("Slots", loop, NotSent).Sentence, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(1)]
    public void Names_the_approval_that_the_guard_asks_for(int moved)
    {
        var guard = new GuardSpec { ApprovalAbove = moved };
        var release = A.Release().Asking(wanted => wanted with { Rails = new Rails { Guard = guard } });
        var loop = A.Loop(release, A.Fleet().Of(6).On("v1"))
            .Until(plan => plan.Verdict.Reason == Reasons.WaitingForApproval, "the guard's gate");

        Assert.Contains($"of more than {moved} devices", Expect("WaitingForApproval", loop, NotSent).Sentence);
    }

    [Fact]
    public void Names_the_limit_of_the_minute_and_when_it_has_room_again()
    {
        var release = A.Release().PerMinute(2).Health(health => health with { Confirm = TimeSpan.Zero });
        var loop = A.Loop(release, A.Fleet().Of(6).On("v1")).Until(plan => plan.Batches.Count > 0);
        loop.Until(plan => plan.Evidence.Succeeded > 0);
        loop.Pass();

        var why = Expect("Limits", loop, NotSent);

        Assert.Equal(loop.World.Tellings[0].At.AddMinutes(1), why.Until);
        Assert.Contains("limits.perMinute is used up", why.Sentence, StringComparison.Ordinal);
        var told = loop.World.Tellings.Count;
        loop.World.Advance(why.Until!.Value - loop.World.Now - TimeSpan.FromSeconds(2));
        loop.Pass();
        Assert.Equal(told, loop.World.Tellings.Count);
        loop.Pass();
        loop.Pass();
        Assert.InRange(loop.World.Tellings.Count, told + 1, told + 2);
    }

    [Fact]
    public void Names_the_group_whose_slots_are_taken()
    {
        var world = A.Fleet().Of(4).On("v1").Tagged(..4, "site", "hamburg");
        var loop = A.Loop(A.Release().PerGroup("site", 1), world).Until(plan => plan.Evidence.Succeeded > 0);
        loop.Pass();

        var why = Expect("Group", loop, NotSent);

        Assert.Contains("site=hamburg", why.Sentence, StringComparison.Ordinal);
        Assert.Null(why.Until);
    }

    [Fact]
    public void Names_the_ceiling() =>
        Expect(
            "OutsideShare",
            A.Loop(A.Release().At(50).Percent(), A.Fleet().Of(4).On("v1")).Until(Phase.AtPercentage),
            NotSent
        );
}
