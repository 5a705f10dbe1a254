using EdgeRelease.Api;
using EdgeRelease.Observation;
using EdgeRelease.Planning;
using Xunit;
using static EdgeRelease.Tests.Unit.Planning.Boards;

namespace EdgeRelease.Tests.Unit.Planning;

/// <summary>Microcontrollers: the same rules, and what only a bundle makes different.</summary>
public sealed class PlannerEmbeddedTests
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    [Fact]
    public void Rolls_a_flow_out_over_microcontrollers()
    {
        var loop = A.Loop(Pump, Pumps(30)).Until(Phase.Complete);

        Assert.Equal(30, loop.Running("v2"));
        Assert.Equal("embedded", loop.Memory.Version!.FlowClass);
    }

    [Fact]
    public void Rolls_back_a_bundle_that_fails()
    {
        var world = Pumps(6).Refusing("v2", ..);

        var loop = A.Loop(Pump, world).Until(Phase.RolledBack);

        Assert.Equal(6, loop.Running("v1"));
        Assert.All(world.Gateways, gateway => Assert.False(gateway.Row!.Value.Bundle!.IsPending));
    }

    [Fact]
    public void Leaves_gateways_out_of_a_release_of_an_embedded_flow()
    {
        var world = Pumps(2);
        world.Join("v1");

        var plan = A.Loop(Pump, world).Pass();

        Assert.Equal(1, plan.Fleet!.Excluded["WrongClass"]);
    }

    [Fact]
    public void Takes_no_device_for_updated_before_its_bundle_is_the_one_that_was_built()
    {
        var world = Pumps(1);
        var loop = A.Loop(Pump, world);
        loop.Pass();
        var row = world[0].Row!.Value;
        world[0].AppliesAt = null;
        world[0].Row = row with { Current = "v2" };

        loop.For(3 * Minute);

        Assert.Equal("Applying", loop.Of(world[0]).Standing.Reason);
    }

    [Fact]
    public void Wishes_for_the_bundle_of_no_device_that_goes_back_in_the_same_pass()
    {
        var wanted = Pump.Asking(release =>
            release with
            {
                Spec = release.Spec with
                {
                    Embedded = new EmbeddedSpec
                    {
                        ExportCanary = new ExportCanarySpec { CallbackUrl = "https://bench.example/hook" },
                    },
                    FailurePolicy = release.Spec.FailurePolicy with { MaxFailures = IntOrPercent.Count(6) },
                },
            }
        );
        var loop = A.Loop(wanted, Pumps(6).Refusing("v2", ..));
        var (wishes, back) = (0, 0);
        loop.Watch = (plan, _) =>
        {
            wishes += plan.Export is null ? 0 : 1;
            back += plan.Batches.Count(batch => batch.Kind == CommandKind.Back);
            Assert.DoesNotContain(plan.Batches, batch => batch.Devices.Contains(plan.Export?.Device ?? default));
        };

        loop.For(20 * Minute);

        Assert.True(wishes > 0 && back > 0, $"{wishes} wishes, {back} back");
    }

    [Fact]
    public void Removes_a_flow_from_the_bundles()
    {
        var loop = A.Loop(Pump.Removing(), Pumps(3)).Until(Phase.Complete);

        Assert.Equal(3, loop.Running(null));
    }
}
