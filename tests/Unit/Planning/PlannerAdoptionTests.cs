using EdgeRelease.Api;
using EdgeRelease.Planning;
using Xunit;

namespace EdgeRelease.Tests.Unit.Planning;

/// <summary>F089: somebody takes away a device that ran the version before the release began.</summary>
public sealed class PlannerAdoptionTests
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    [Fact]
    public void Leaves_a_device_alone_that_ran_the_version_before_the_release_and_that_somebody_took_away()
    {
        var loop = Adopted(A.Release(), out var world);
        world.Schedule(world[0], "v9");

        loop.For(2 * Hour);

        Assert.Empty(world[0].Told);
        Assert.Equal((DeviceState.Drifted, Phase.Complete), (loop.Of(world[0]).Standing.State, loop.Phase));
        Assert.StartsWith("1 device left alone: 1 by user", Told(loop), StringComparison.Ordinal);
    }

    [Fact]
    public void Moves_a_device_that_somebody_took_from_the_version_when_it_is_told_to_correct()
    {
        var loop = Adopted(A.Release().CorrectingDrift(), out var world);
        world.Schedule(world[0], "v9");

        loop.Until(_ => world[0].Runs == "v2", "the correction");

        Assert.Equal(("v9", 1), (loop.RowOf(world[0])!.Previous, world[0].Told.Count));
    }

    [Theory]
    [InlineData("apiToken")]
    [InlineData("user")]
    public void Moves_a_device_that_a_token_or_somebody_before_the_release_took_from_the_version(string source)
    {
        var world = A.Fleet().Of(4).On("v2");
        if (source == "user")
        {
            world.Schedule(world[0], "v1", source);
            world.Advance(TimeSpan.FromMinutes(1));
        }

        var loop = A.Loop(A.Release(), world);
        loop.Pass();
        if (source != "user")
        {
            world.Advance(TimeSpan.FromMinutes(1));
            world.Schedule(world[0], "v1", source);
        }

        loop.Until(_ => world[0].Told.Count > 0 && world[0].Runs == "v2", "the version");
    }

    private static string Told(PlannerLoop loop) =>
        Summaries.Of(loop).Conditions.Single(condition => condition.Type == "DriftDetected").Message;

    private static PlannerLoop Adopted(Release release, out PlannerWorld world)
    {
        world = A.Fleet().Of(4).On("v2");
        var loop = A.Loop(release, world).Until(Phase.Complete);
        world.Advance(TimeSpan.FromMinutes(1));
        return loop;
    }
}
