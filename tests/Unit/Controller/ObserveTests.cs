using EdgeRelease.Api;
using EdgeRelease.Controller;
using EdgeRelease.Simulation;
using Xunit;

namespace EdgeRelease.Tests.Unit.Controller;

/// <summary>F091 on the wire.</summary>
public sealed class ObserveTests
{
    [Fact]
    public void Sends_no_call_in_24_hours_whatever_happens_in_the_field()
    {
        using var bench = new Bench();
        bench.Add(8);
        bench.Start();
        bench.Apply(
            "{'version': 'v2', 'rolloutPercentage': 100, 'policy': {'mode': 'Observe', 'onDelete': 'Restore'}}"
        );
        bench.Until(Phase.Observing);
        for (var hour = 0; hour < 24; hour++)
        {
            var device = bench.Application.Devices[hour % 8];
            bench.Application.ForeignWrite(device, bench.Flow, hour % 3 == 0 ? "v2" : "v3");
            bench.Run(TimeSpan.FromHours(1));
        }

        Assert.Empty(bench.Posts);
        Assert.Equal(Phase.Observing, bench.Status.Phase);
        Assert.Equal(
            ConditionStatus.True,
            bench.Status.Conditions.Single(each => each.Type == ConditionTypes.Ready).Status
        );
        Assert.Equal(8, bench.Status.Plan!.Steps.Single().Devices);
        Assert.Equal(bench.Application.Devices.Count(Runs), bench.Status.Devices!.Updated);
        bench.Delete();
        bench.Until(() => bench.IsGone);
        Assert.Empty(bench.Posts);

        bool Runs(SimulatedDevice device) => device.FindRow(bench.Flow)?.State.Current == "v2";
    }

    [Fact]
    public void Asks_the_API_server_nothing_about_a_pause_while_it_only_observes()
    {
        using var bench = new Bench();
        bench.Add(4);
        bench.Start();
        bench.Apply("{'version': 'v2', 'rolloutPercentage': 100, 'policy': {'mode': 'Observe'}}");
        bench.Until(Phase.Observing);
        bench.Annotate(Annotations.Paused, "inventory week");
        var reads = 0;
        bench.Cluster.Fault = call =>
        {
            reads += call is { Verb: ClusterVerb.Get } && call.Kind == Kinds.Release ? 1 : 0;
            return null;
        };

        bench.Run(TimeSpan.FromHours(1));

        Assert.Equal((Phase.Observing, 0), (bench.Status.Phase, reads));
    }
}
