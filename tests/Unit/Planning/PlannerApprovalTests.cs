using EdgeRelease.Api;
using EdgeRelease.Planning;
using Xunit;
using static EdgeRelease.Tests.Unit.Planning.GatedRelease;

namespace EdgeRelease.Tests.Unit.Planning;

/// <summary>A step with an approval waits for the token of its gate.</summary>
public sealed class PlannerApprovalTests
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    private readonly PlannerWorld _world = A.Fleet().Of(20).On("v1");

    private PlannerLoop AtTheGate(ReleaseBuilder? release = null) =>
        A.Loop(release ?? Gated, _world).Until(Waits, "waiting for approval");

    [Fact]
    public void Waits_after_the_soak_and_moves_nobody_before_the_approval()
    {
        var loop = AtTheGate();

        Assert.True(_world.Now - PlannerWorld.Begin > Hour);
        loop.For(Hour);

        Assert.Equal((Phase.Waiting, 2), (loop.Phase, loop.Running("v2")));
        Assert.StartsWith("r1-s1-", Token(loop), StringComparison.Ordinal);
    }

    [Fact]
    public void Passes_one_gate_with_a_token_in_the_spec()
    {
        var loop = AtTheGate();
        loop.Wanted = Gated.Approving(Token(loop));
        loop.Pass();

        loop.Until(Waits, "waiting for approval");

        Assert.Equal(10, loop.Running("v2"));
        Assert.StartsWith("r1-s2-", Token(loop), StringComparison.Ordinal);
        Assert.Equal(("spec.approve", 20), (loop.Memory.Approvals[^1].By, loop.Memory.Approvals[^1].Eligible));
    }

    [Fact]
    public void Passes_with_an_annotation_and_says_so_once_and_in_the_history()
    {
        var loop = AtTheGate();
        var first = Token(loop);
        loop.Wanted = Gated.Annotating(first);
        loop.Pass();
        loop.Until(Waits, "waiting for approval");
        loop.Wanted = Gated.Annotating(Token(loop));

        loop.Until(Phase.Complete);

        Assert.Equal("annotation", loop.Memory.History[0].ApprovedBy);
        Assert.Equal(
            $"{first} was approved by annotation",
            Assert.Single(loop.Notices, notice => notice.Message.StartsWith(first, StringComparison.Ordinal)).Message
        );
    }

    [Fact]
    public void Keeps_every_way_that_opened_a_gate_in_the_history_and_no_resume()
    {
        var release = Gated.Tolerating(1).Policy(policy => policy with { OnBreach = BreachAction.Pause });
        var loop = AtTheGate(release.By("alice"));
        loop.Wanted = release.Approving(Token(loop)).By("alice");
        loop.Pass();
        loop.Until(Waits, "waiting for approval");
        var second = Token(loop);
        loop.Wanted = release.Annotating(second).By("alice");
        _world.Refusing("v2", ..20);
        loop.Until(Phase.Paused);
        loop.Wanted = release.Annotating(Token(loop)).By("bob");
        loop.Until(plan => plan.Memory.Pause is null, "resumed");
        loop.Wanted = release.Aborting("r1");

        loop.Until(Phase.RolledBack);

        Assert.Equal(3, loop.Memory.Approvals.Count);
        Assert.Equal("spec.approve, annotation (alice)", loop.Memory.History[0].ApprovedBy);
    }

    [Fact]
    public void Passes_the_present_gate_only_when_the_percentage_is_raised()
    {
        var loop = AtTheGate(Gated.At(80).Percent());
        loop.Wanted = Gated.At(90).Percent();
        loop.Pass();

        loop.Until(Waits, "waiting for approval");

        Assert.StartsWith("r1-s2-", Token(loop), StringComparison.Ordinal);
        Assert.Equal("rolloutPercentage", loop.Memory.Approvals[^1].By);
    }

    [Fact]
    public void Does_not_take_a_percentage_raised_before_the_gate_for_an_approval()
    {
        var loop = A.Loop(Gated.At(80).Percent(), _world).Until(Phase.Soaking);
        loop.Wanted = Gated.At(90).Percent();

        loop.Until(Waits, "waiting for approval");

        Assert.StartsWith("r1-s1-", Token(loop), StringComparison.Ordinal);
    }

    [Fact]
    public void Waits_again_when_the_tags_change_after_the_approval()
    {
        _world.Tagged(.., "line", "a").Tagged(..20, "plant", "b");
        var release = Gated.For("line", "a").Unavailable(2);
        var loop = AtTheGate(release);
        var first = Token(loop);
        loop.Wanted = release.Approving(first);
        loop.Pass();
        Assert.False(Waits(loop.Plan));
        var other = release.For("plant", "b");
        loop.Wanted = other.Approving(first);

        loop.Until(Waits, "waiting for approval");

        Assert.StartsWith("r1-s1-", Token(loop), StringComparison.Ordinal);
        Assert.NotEqual(first, Token(loop));
        loop.Wanted = other.Approving(Token(loop));
        loop.Pass();
        loop.Until(Waits, "the second gate");
        Assert.Equal(10, loop.Running("v2"));
    }

    [Fact]
    public void Waits_again_when_the_fleet_grew_by_more_than_a_tenth()
    {
        var loop = AtTheGate();
        var first = Token(loop);
        loop.Wanted = Gated.Approving(first);
        loop.Pass();
        _world.Of(2).On("v1");
        loop.For(TimeSpan.FromMinutes(1));
        Assert.False(Waits(loop.Plan));
        _world.Of(1).On("v1");

        loop.Until(Waits, "waiting for approval");

        Assert.NotEqual(first, Token(loop));
        Assert.Empty(loop.Plan.Batches);
        loop.Wanted = Gated.Approving(Token(loop));
        loop.Pass();
        Assert.False(Waits(loop.Plan));
    }

    [Fact]
    public void Keeps_the_token_when_percentage_limits_pause_and_approvals_change()
    {
        var loop = AtTheGate(Gated.At(90).Percent());
        var token = Token(loop);
        loop.Wanted = Gated.At(80).Percent().Unavailable(3).Approving("something");
        loop.Pass();
        Assert.Equal(token, Token(loop));
        loop.Wanted = Gated.At(80).Percent().With(spec => spec with { Paused = true });
        loop.Pass();
        loop.Wanted = Gated.At(80).Percent();
        loop.Pass();

        Assert.Equal(token, Token(loop));
    }

    [Fact]
    public void Ignores_and_names_a_token_of_another_gate()
    {
        var loop = AtTheGate();
        loop.Wanted = Gated.Annotating("r1-s9-abcdef");
        loop.Pass();

        Assert.True(Waits(loop.Plan));
        Assert.Contains("edgerelease.dev/approve=r1-s9-abcdef is ignored", loop.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Asks_for_no_approval_on_the_last_step_and_warns_of_it()
    {
        Release release = A.Release().In(A.Step("all").All().Gated());
        var loop = A.Loop(release, _world).Until(Phase.Complete);

        var input = new SummaryInput
        {
            Before = null,
            Generation = 1,
            Wanted = release,
            Plan = loop.Plan,
            WallNow = _world.Now,
        };
        Assert.Contains("approval says nothing on all", Summary.Of(input).Plan!.Warnings[0], StringComparison.Ordinal);
    }

    [Fact]
    public void Asks_for_no_approval_of_a_step_that_the_ceiling_makes_the_last() =>
        A.Loop(Gated.At(30).Percent().Promoting("r1"), _world).Until(Phase.AtPercentage);

    [Fact]
    public void Asks_for_no_approval_of_a_ring_without_devices()
    {
        var release = A.Release().In(A.Step("lab").Ring("ring", "lab").All().Gated(), A.Step("all").All());

        A.Loop(release, _world).Until(Phase.Complete);
    }

    [Fact]
    public void Rolls_back_while_it_waits_for_an_approval()
    {
        var loop = AtTheGate();
        loop.Wanted = Gated.Aborting("r1");

        loop.Until(Phase.RolledBack);
    }
}
