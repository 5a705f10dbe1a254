using EdgeRelease.Api;
using EdgeRelease.Planning;
using Xunit;

namespace EdgeRelease.Tests.Unit.Planning;

/// <summary>The spec names a version that Losant does not have: nothing is sent for it (F007).</summary>
public sealed class PlannerMissingVersionTests
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    [Theory]
    [InlineData(10)]
    [InlineData(0)]
    [InlineData(100)]
    public void Sends_nothing_while_the_next_version_is_missing_whatever_its_percentage(int percentage)
    {
        var world = A.Fleet().Of(10).On("v1");
        var loop = A.Loop(A.Release(), world).Until(Phase.Complete);
        loop.Wanted = Missing(A.Release().To("v3").At(percentage).Percent());

        loop.For(Hour);

        Assert.Equal((10, Reasons.VersionNotFound), (loop.Running("v2"), loop.Plan.Verdict.Reason));
        loop.Wanted = A.Release().To("v3").At(10).Percent();
        loop.Until(Phase.AtPercentage);
        Assert.Equal((1, 9), (loop.Running("v3"), loop.Running("v2")));
    }

    [Fact]
    public void Says_that_the_next_version_is_missing_after_a_rollback()
    {
        var world = A.Fleet().Of(3).On("v1").Refusing("v2", ..3);
        var loop = A.Loop(A.Release(), world).Until(Phase.RolledBack);
        loop.Wanted = Missing(A.Release().To("v3"));

        loop.Pass();

        Assert.Equal((Phase.Blocked, Reasons.VersionNotFound), (loop.Phase, loop.Plan.Verdict.Reason));
    }

    private static ReleaseBuilder Missing(ReleaseBuilder release) =>
        release.Asking(wanted =>
            wanted with
            {
                FlowVersionId = null,
                Problem = new Obstacle(Reasons.VersionNotFound, "publish it"),
            }
        );
}
