using EdgeRelease.Api;
using EdgeRelease.Planning;
using Xunit;

namespace EdgeRelease.Tests.Unit.Planning;

/// <summary>Steps by rings and counts beside a ceiling, and steps that nobody belongs to (rule 14, F014).</summary>
public sealed class PlannerRingTests
{
    private static ReleaseBuilder Rings =>
        A.Release().In(A.Step("lab").Ring("ring", "lab").All(), A.Step("few").Count(1), A.Step("all").All());

    /// <summary>Another release that has the devices of the lab.</summary>
    private static Rival Lab => new("plant-a/lab", new Selection(A.Release().For("ring", "lab").Built.Spec));

    [Fact]
    public void Ends_at_the_percentage_that_a_ring_fills_exactly()
    {
        var world = A.Fleet().Of(10).On("v1").Tagged(..2, "ring", "lab");
        var loop = A.Loop(Rings.At(20).Percent(), world).Until(Phase.AtPercentage);

        Assert.Equal(2, loop.Running("v2"));
        Assert.Equal(["v2"], world[0].Told);
    }

    [Fact]
    public void Goes_on_with_the_next_step_once_the_percentage_is_raised()
    {
        var world = A.Fleet().Of(10).On("v1").Tagged(..2, "ring", "lab");
        var loop = A.Loop(Rings.At(20).Percent(), world).Until(Phase.AtPercentage);

        loop.Wanted = Rings.At(30).Percent();
        loop.Until(plan => plan.Verdict.Phase == Phase.AtPercentage && loop.Running("v2") == 3, "three of ten");
        loop.Wanted = Rings;
        loop.Until(Phase.Complete);

        Assert.Equal(10, loop.Running("v2"));
    }

    [Fact]
    public void Ends_at_the_percentage_that_leaves_nothing_to_a_second_ring()
    {
        var world = A.Fleet().Of(10).On("v1").Tagged(..2, "ring", "lab").Tagged(2..5, "ring", "pilot");
        var release = A.Release()
            .In(
                A.Step("lab").Ring("ring", "lab").All(),
                A.Step("pilot").Ring("ring", "pilot").All(),
                A.Step("all").All()
            );
        var loop = A.Loop(release.At(20).Percent(), world).Until(Phase.AtPercentage);

        Assert.Equal(2, loop.Running("v2"));
    }

    [Fact]
    public void Skips_a_count_of_others_when_every_device_is_in_a_ring()
    {
        var world = A.Fleet().Of(4).On("v1").Tagged(..4, "ring", "lab");
        var loop = A.Loop(Rings, world).Until(Phase.Complete);

        Assert.Equal(4, loop.Running("v2"));
        var skipped = Assert.Single(loop.Notices, notice => notice.Reason == "StepSkipped");
        Assert.Contains("few", skipped.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Asks_for_no_approval_after_a_ring_that_fills_the_percentage()
    {
        var world = A.Fleet().Of(10).On("v1").Tagged(..2, "ring", "lab");
        var release = A.Release()
            .In(A.Step("lab").Ring("ring", "lab").All().Gated(), A.Step("few").Count(1), A.Step("all").All());
        var loop = A.Loop(release.At(20).Percent(), world).Until(Phase.AtPercentage);

        Assert.Equal(2, loop.Running("v2"));
        loop.Wanted = release;
        loop.Until(plan => plan.Verdict.Reason == Reasons.WaitingForApproval, "the gate once there is a next step");
        Assert.Equal(2, loop.Running("v2"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Goes_past_no_ring_whose_devices_somebody_took_away_while_it_soaked(bool isGated)
    {
        var world = A.Fleet().Of(6).On("v1").Tagged(..2, "ring", "lab");
        var lab = A.Step("lab").Ring("ring", "lab").All().Soaking(TimeSpan.FromHours(2));
        var release = A.Release().In(isGated ? lab.Gated() : lab, A.Step("all").All());
        var loop = A.Loop(release, world).Until(Phase.Soaking);

        world.Schedule(world[0], "v1");
        world.Schedule(world[1], "v1");
        loop.For(TimeSpan.FromHours(4));

        Assert.Equal(0, loop.Running("v2"));
        Assert.Equal((Phase.Waiting, Reasons.NothingSucceeded), (loop.Phase, loop.Plan.Verdict.Reason));
        Assert.DoesNotContain(loop.Notices, notice => notice.Reason == "StepSkipped");
    }

    [Fact]
    public void Skips_a_ring_whose_devices_another_release_had_from_the_start()
    {
        var world = A.Fleet().Of(6).On("v1").Tagged(..2, "ring", "lab");
        var loop = A.Loop(Rings.Asking(wanted => wanted with { Rivals = [Lab] }), world).Until(Phase.Complete);

        Assert.Equal(4, loop.Running("v2"));
    }

    [Fact]
    public void Goes_past_no_ring_whose_devices_another_release_took_while_it_soaked()
    {
        var world = A.Fleet().Of(6).On("v1").Tagged(..2, "ring", "lab");
        var lab = A.Step("lab").Ring("ring", "lab").All().Soaking(TimeSpan.FromHours(2));
        var release = A.Release().In(lab, A.Step("all").All());
        var loop = A.Loop(release, world).Until(Phase.Soaking);

        loop.Wanted = release.Asking(wanted => wanted with { Rivals = [Lab] });
        loop.For(TimeSpan.FromHours(4));

        Assert.Equal(2, loop.Running("v2"));
    }
}
