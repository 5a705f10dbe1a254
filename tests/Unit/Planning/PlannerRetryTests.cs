using EdgeRelease.Api;
using EdgeRelease.Planning;
using Xunit;

namespace EdgeRelease.Tests.Unit.Planning;

public sealed class PlannerRetryTests
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    [Fact]
    public void Refuses_a_version_that_was_rolled_back_until_it_is_retried()
    {
        var world = A.Fleet().Of(5).On("v1").Refusing("v2", ..1);
        var loop = A.Loop(A.Release(), world).Until(Phase.RolledBack);
        loop.Wanted = A.Release().To("v3");
        loop.Until(Phase.Complete);
        loop.Wanted = A.Release();

        loop.For(Hour);

        Assert.Equal(Reasons.KnownBad, loop.Plan.Verdict.Reason);
        Assert.Equal(5, loop.Running("v3"));
        loop.Wanted = A.Release().Retrying("r3");
        world[0].Refuses.Clear();
        loop.Until(Phase.Complete);
        Assert.Equal(5, loop.Running("v2"));
    }

    [Fact]
    public void Accepts_a_version_again_that_was_published_anew()
    {
        var world = A.Fleet().Of(5).On("v1").Refusing("v2", ..1);
        var loop = A.Loop(A.Release(), world).Until(Phase.RolledBack);
        loop.Wanted = A.Release().To("v3");
        loop.Until(Phase.Complete);
        world[0].Refuses.Clear();
        loop.Wanted = A.Release().Asking(release => release with { FlowVersionId = "another-id" });

        loop.Until(Phase.Complete);

        Assert.Equal(5, loop.Running("v2"));
    }

    [Fact]
    public void Stays_rolled_back_however_often_it_looks()
    {
        var world = A.Fleet().Of(5).On("v1").Refusing("v2", ..1);
        var loop = A.Loop(A.Release(), world).Until(Phase.RolledBack);
        var memory = loop.Memory;

        loop.Watch = (plan, _) => Assert.Empty(plan.Batches);
        loop.For(Hour);

        Assert.Equal(memory.Revision, loop.Memory.Revision);
        Assert.Equal(memory.History, loop.Memory.History);
    }

    [Fact]
    public void Retries_with_clean_evidence_and_the_same_way_back()
    {
        var world = A.Fleet().Of(5).On("v1").Refusing("v2", ..1);
        var loop = A.Loop(A.Release(), world).Until(Phase.RolledBack);
        loop.Wanted = A.Release().Retrying("r1");
        loop.Pass();
        Assert.Equal(2, loop.Memory.Revision);
        Assert.Equal(0, loop.Plan.Evidence.Failed);

        loop.Until(Phase.RolledBack);

        Assert.Equal(2, loop.Memory.Revision);
        Assert.Equal(5, loop.Running("v1"));
    }

    [Fact]
    public void Handles_a_retry_once()
    {
        var loop = A.Loop(A.Release().Retrying("r1"), A.Fleet().Of(5).On("v1"));

        loop.For(Hour);

        Assert.Equal(2, loop.Memory.Revision);
    }

    [Fact]
    public void Keeps_the_mark_of_the_older_version_when_a_retry_comes_with_a_new_one()
    {
        var world = A.Fleet().Of(5).On("v1").Refusing("v2", ..1);
        var loop = A.Loop(A.Release(), world).Until(Phase.RolledBack);
        loop.Wanted = A.Release().To("v3").Retrying("r1");

        loop.Until(Phase.Complete);

        Assert.Equal("v2", Assert.Single(loop.Memory.KnownBad).Version);
    }

    [Fact]
    public void Tells_in_the_history_how_far_a_superseded_revision_got()
    {
        var steps = A.Release().In(A.Step().Of(50).Soaking(Hour), A.Step().Of(100));
        var loop = A.Loop(steps, A.Fleet().Of(10).On("v1")).Until(Phase.Soaking);
        loop.Wanted = A.Release().To("v3");

        loop.Pass();

        Assert.Equal(
            (RevisionResult.Superseded, 5, "v2-etag"),
            (loop.Memory.History[0].Result, loop.Memory.History[0].Updated, loop.Memory.History[0].Etag)
        );
    }
}
