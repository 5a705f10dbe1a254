using EdgeRelease.Api;
using Xunit;

namespace EdgeRelease.Tests.Unit.Planning;

/// <summary>Which step counts, and which ones have a gate, does not turn on who is connected at the moment (F012, F084,
/// rules 14, 27).</summary>
public sealed class PlannerDarkFleetTests
{
    private static ReleaseBuilder Canary =>
        A.Release().In(A.Step("canary").Count(1), A.Step("half").Of(50), A.Step("all").All());

    [Theory]
    [InlineData(OfflinePolicy.Defer)]
    [InlineData(OfflinePolicy.ArmWhenProven)]
    public void Begins_with_the_first_step_after_an_edit_while_every_device_is_offline(OfflinePolicy offline)
    {
        var world = A.Fleet().Of(10).On("v1").Offline(..10);
        var release = A.Release().In(A.Step("first").Of(30), A.Step("all").All()).Offline(offline);
        var loop = A.Loop(release, world).For(TimeSpan.FromMinutes(2));

        loop.Wanted = Canary.Offline(offline);
        loop.For(TimeSpan.FromMinutes(2));
        world.Gateways.ForEach(world.Connect);
        loop.Until(plan => plan.Batches.Count > 0, "the first command");

        Assert.Equal(0, loop.Memory.Step.Index);
        Assert.Single(world.Gateways, gateway => gateway.Told.Count > 0);
        loop.Until(plan => plan.Memory.Step.Index == 1, "the step after the canary");
        Assert.Equal(1, loop.Running("v2"));
    }

    [Fact]
    public void Goes_on_with_the_step_that_the_percentage_cut_though_few_were_connected()
    {
        var world = A.Fleet().Of(10).On("v1").Offline(1..10);
        var release = A.Release()
            .In(A.Step("canary").Count(1), A.Step("half").Of(50).Soaking(TimeSpan.FromHours(1)), A.Step("all").All())
            .Offline(OfflinePolicy.Defer);
        var loop = A.Loop(release.At(20).Percent(), world).Until(Phase.AtPercentage);

        loop.Wanted = release;
        loop.For(TimeSpan.FromMinutes(1));
        world.Gateways.ForEach(world.Connect);
        loop.Until(Phase.Soaking);

        Assert.Equal(5, loop.Running("v2"));
        Assert.Equal(1, loop.Memory.Step.Index);
    }

    [Fact]
    public void Asks_for_no_approval_after_a_step_that_the_percentage_cuts_though_few_are_connected()
    {
        var world = A.Fleet().Of(10).On("v1").Offline(2..10);
        var release = A.Release()
            .In(A.Step("canary").Count(1), A.Step("half").Of(50).Gated(), A.Step("all").All())
            .Offline(OfflinePolicy.Defer);
        var loop = A.Loop(release.At(30).Percent(), world).Until(Phase.AtPercentage);

        Assert.Equal(2, loop.Running("v2"));
        world.Connect(world[2]);
        loop.Until(_ => loop.Running("v2") == 3, "a third device, up to 30 %").For(TimeSpan.FromMinutes(5));
        Assert.Equal(Phase.AtPercentage, loop.Phase);
    }

    [Fact]
    public void Waits_for_no_offline_device_that_goes_back_first_while_others_are_connected()
    {
        var world = A.Fleet().Of(6).On("v1");
        var release = A.Release().In(A.Step("canary").Count(1), A.Step("all").All()).Offline(OfflinePolicy.Arm);
        var loop = A.Loop(release, world);
        loop.Until(_ => loop.Running("v2") == 1, "the canary");
        var canary = world.Gateways.Single(gateway => gateway.Told.Count > 0);
        world.Disconnect(canary);

        loop.Wanted = release.To("v3");
        loop.For(TimeSpan.FromHours(1));

        Assert.Equal(["v2", "v1"], canary.Told);
        Assert.Equal(5, loop.Running("v3"));
    }
}
