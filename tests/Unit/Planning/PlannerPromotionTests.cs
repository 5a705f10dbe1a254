using EdgeRelease.Api;
using EdgeRelease.Planning;
using Xunit;
using static EdgeRelease.Tests.Unit.Planning.GatedRelease;

namespace EdgeRelease.Tests.Unit.Planning;

/// <summary>A promoted revision skips soaks and approvals, and keeps limits and failure policy.</summary>
public sealed class PlannerPromotionTests
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    private readonly PlannerWorld _world = A.Fleet().Of(20).On("v1");

    [Fact]
    public void Skips_soaks_and_approvals_once_the_revision_is_promoted_and_keeps_the_limits()
    {
        var release = Gated.Unavailable(2);
        var loop = A.Loop(release, _world).Until(Phase.Soaking);
        loop.Watch = (plan, _) => Assert.InRange(plan.Batches.Sum(batch => batch.Rows.Count), 0, 2);
        loop.Wanted = release.Promoting("r1");
        loop.Pass();
        loop.Wanted = release;

        loop.Until(Phase.Complete);

        Assert.True(_world.Now - PlannerWorld.Begin < Hour);
        Assert.Equal("promote", loop.Memory.History[0].ApprovedBy);
        Assert.Single(loop.Notices, notice => notice.Reason == "Promoted");
    }

    [Fact]
    public void Rolls_a_promoted_revision_back_when_it_breaches()
    {
        _world.Refusing("v2", 10..);

        A.Loop(Gated.Promoting("r1"), _world).Until(Phase.RolledBack);
    }

    [Fact]
    public void Ignores_and_names_the_promotion_of_another_revision()
    {
        var loop = A.Loop(Gated.Promoting("r7"), _world).Until(Phase.Soaking);

        Assert.Contains("edgerelease.dev/promote=r7 is ignored: this is r1", loop.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Does_not_promote_the_next_revision()
    {
        var loop = A.Loop(Gated.Promoting("r1"), _world).Until(Phase.Complete);
        loop.Wanted = Gated.Promoting("r1").To("v3");
        loop.Pass();

        loop.Until(Waits, "waiting for approval");

        Assert.StartsWith("r2-s1-", Token(loop), StringComparison.Ordinal);
        Assert.DoesNotContain("ignored", loop.Message, StringComparison.Ordinal);
    }
}
