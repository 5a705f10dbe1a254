using EdgeRelease.Api;
using EdgeRelease.Planning;
using Xunit;

namespace EdgeRelease.Tests.Unit.Planning;

/// <summary>F077: a request for another revision does nothing and is named.</summary>
public sealed class PlannerStaleTests
{
    [Fact]
    public void Names_an_abort_of_another_revision_and_does_nothing()
    {
        var loop = Complete(A.Release().Aborting("r3"));

        Assert.Equal(Phase.Complete, loop.Phase);
        Assert.EndsWith(
            "; edgerelease.dev/abort=r3 is ignored: the revision is r1",
            loop.Message,
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData("r0")]
    [InlineData("yes")]
    [InlineData("")]
    public void Names_a_retry_that_means_no_present_revision(string value)
    {
        var loop = Complete(A.Release().Retrying(value));

        Assert.Equal(1, loop.Memory.Revision);
        Assert.EndsWith($"retry={value} is ignored: the revision is r1", loop.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Says_nothing_of_a_request_that_was_carried_out_once()
    {
        var world = A.Fleet().Of(2).On("v1");
        var loop = A.Loop(A.Release(), world).Until(Phase.Complete);
        loop.Wanted = A.Release().Retrying("r1");
        loop.Until(plan => plan.Memory.Revision == 2 && plan.Verdict.Phase == Phase.Complete, "r2 complete");
        loop.For(TimeSpan.FromHours(1));

        Assert.Equal(2, loop.Memory.Revision);
        Assert.DoesNotContain("ignored", loop.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Carries_out_an_abort_once_and_never_for_the_next_revision()
    {
        var world = A.Fleet().Of(2).On("v1");
        var loop = A.Loop(A.Release(), world).Until(Phase.Complete);
        loop.Wanted = A.Release().Aborting("r1");
        loop.Until(Phase.RolledBack);
        loop.Wanted = A.Release().To("v3").Aborting("r1");

        loop.Until(Phase.Complete);

        Assert.DoesNotContain("ignored", loop.Message, StringComparison.Ordinal);
        Assert.All(world.Gateways, gateway => Assert.Equal("v3", gateway.Runs));
    }

    [Fact]
    public void Says_so_before_there_is_a_revision()
    {
        var missing = new Obstacle(Reasons.VersionNotFound, "there is no v2");
        var loop = A.Loop(
            A.Release().Aborting("r1").Asking(wanted => wanted with { Problem = missing }),
            A.Fleet().Of(2).On("v1")
        );
        loop.Pass();

        Assert.EndsWith("abort=r1 is ignored: there is no revision yet", loop.Message, StringComparison.Ordinal);
    }

    private static PlannerLoop Complete(Release release) =>
        A.Loop(release, A.Fleet().Of(2).On("v1")).Until(Phase.Complete);
}
