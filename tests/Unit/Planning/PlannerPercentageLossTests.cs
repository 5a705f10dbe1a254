using EdgeRelease.Api;
using EdgeRelease.Planning;
using Xunit;

namespace EdgeRelease.Tests.Unit.Planning;

/// <summary>Rules 7 and 21: what the loss of devices means at a percentage, and when that is raised.</summary>
public sealed class PlannerPercentageLossTests
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    [Fact]
    public void Judges_nothing_anew_when_a_raised_percentage_is_held_by_a_freeze()
    {
        var world = A.Fleet().Of(40).On("v1");
        var release = A.Release().Watching(2 * Hour);
        var loop = A.Loop(release.At(10).Percent(), world).Until(Phase.AtPercentage);
        world.After(24 * Hour);
        var freeze = new FreezeSpec { Scope = FreezeScope.Forward, Reason = "inventory" };
        loop.Wanted = release.At(50).Percent().Asking(wanted => wanted with { Rails = new Rails { Frozen = freeze } });
        Cut(loop);

        loop.For(24 * Hour);

        Assert.Equal(4, world.Gateways.Count(gateway => gateway.Wants == "v2"));
        Assert.Equal((null, null), (loop.Memory.Latch, loop.Memory.Pause));
    }

    [Fact]
    public void Rolls_back_within_the_watch_when_only_devices_on_the_version_go_dark()
    {
        var world = A.Fleet().Of(40).On("v1");
        var loop = A.Loop(A.Release().Watching(24 * Hour).At(10).Percent(), world).Until(Phase.AtPercentage);
        Cut(loop);

        loop.Until(Phase.RollingBack);

        Assert.Contains("4 of 4 devices went dark", loop.Memory.Latch!.Reason, StringComparison.Ordinal);
        Assert.All(world.Gateways, gateway => Assert.Equal("v1", gateway.Wants));
    }

    [Fact]
    public void Sends_nobody_more_when_the_percentage_is_raised_after_its_devices_were_lost()
    {
        var world = A.Fleet().Of(40).On("v1");
        var release = A.Release().Watching(TimeSpan.Zero);
        var loop = A.Loop(release.At(10).Percent(), world).Until(Phase.AtPercentage);
        Cut(loop);
        loop.For(Hour);
        Assert.Equal(Phase.AtPercentage, loop.Phase);

        loop.Wanted = release.At(50).Percent();
        loop.Until(Phase.RollingBack);

        Assert.Equal(4, world.Tellings.Count(telling => telling.IsForward));
    }

    [Fact]
    public void Asks_a_person_when_the_percentage_is_raised_after_a_loss_that_says_nothing()
    {
        var world = A.Fleet().Of(10).On("v1");
        var release = A.Release().Watching(TimeSpan.Zero);
        var loop = A.Loop(release.At(10).Percent(), world).Until(Phase.AtPercentage);
        Cut(loop);
        loop.For(Hour);
        loop.Wanted = release.At(50).Percent();

        loop.Pass();

        Assert.Equal(Phase.Paused, loop.Phase);
        Assert.Equal(1, world.Tellings.Count(telling => telling.IsForward));
        loop.Wanted = release.At(50).Percent().Approving(loop.Memory.Pause!.Token);
        loop.Until(Phase.AtPercentage);
        Assert.Equal(5, world.Tellings.Count(telling => telling.IsForward));
    }

    /// <summary>All that run the version go dark.</summary>
    private static void Cut(PlannerLoop loop)
    {
        foreach (var gateway in loop.World.Gateways.Where(gateway => gateway.Runs == "v2"))
        {
            loop.World.Disconnect(gateway);
        }
    }
}
