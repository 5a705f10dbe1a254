using EdgeRelease.Api;
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
}
