using EdgeRelease.Api;
using EdgeRelease.Controller;
using EdgeRelease.Planning;
using Xunit;
using static EdgeRelease.Tests.Unit.Controller.BatchScene;

namespace EdgeRelease.Tests.Unit.Controller;

/// <summary>I7: nothing passes the guard outside the windows, in a freeze, or once anything stops it.</summary>
public sealed class BatchGuardFreezeTests
{
    [Fact]
    public void I7_refuses_the_way_forward_outside_the_windows()
    {
        var (early, late) = (Window("00:00", "01:00"), Window("01:00", "02:00"));

        Assert.Null(Forward(Railed(new Rails { Windows = [early] }), Begun));
        Assert.StartsWith("I7", Forward(Railed(new Rails { Windows = [late] }), Begun), StringComparison.Ordinal);
        Assert.Null(Forward(Railed(new Rails { Windows = [late] }), Begun with { FastLane = true }));
    }

    [Theory]
    [InlineData(FreezeScope.Forward)]
    [InlineData(FreezeScope.Everything)]
    public void I7_refuses_what_is_frozen(FreezeScope scope)
    {
        var frozen = Railed(
            new Rails
            {
                Frozen = new FreezeSpec { Scope = scope, Reason = "inventory week" },
            }
        );

        Assert.StartsWith("I7", Forward(frozen, Begun), StringComparison.Ordinal);
        Assert.Equal(scope == FreezeScope.Everything, Back(frozen, Told(First), "v1") is not null);
    }

    [Fact]
    public void I7_refuses_to_go_forward_once_anything_stops_it()
    {
        var paused = ToV2 with { Spec = ToV2.Spec with { Paused = true } };
        Assert.StartsWith("I7", Forward(paused, Begun), StringComparison.Ordinal);
        Assert.StartsWith("I7", Forward(ToV2 with { PausedBecause = "lunch" }, Begun), StringComparison.Ordinal);
        Assert.StartsWith("I7", Forward(ToV2 with { DeletedAt = At }, Begun), StringComparison.Ordinal);
        Assert.StartsWith(
            "I7",
            Forward(ToV2 with { Problem = new Obstacle("X", "x") }, Begun),
            StringComparison.Ordinal
        );
        Assert.StartsWith("I7", Forward(ToV2, Begun with { Latch = new RollbackLatch() }), StringComparison.Ordinal);
        Assert.StartsWith("I7", Forward(ToV2, Begun with { Pause = new PolicyPause() }), StringComparison.Ordinal);
        var doubted = new BatchGuard(PassOf(ToV2, Begun, isBelieved: false));
        Assert.StartsWith(
            "I7",
            doubted.Violation(Begun, Batch(CommandKind.Forward, "v2", Row(First))),
            StringComparison.Ordinal
        );
    }

    private static WindowSpec Window(string from, string to) =>
        new()
        {
            From = from,
            To = to,
            TimeZone = "UTC",
        };
}
