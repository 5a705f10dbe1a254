using EdgeRelease.Api;
using EdgeRelease.Simulation;
using Xunit;

namespace EdgeRelease.Tests.Unit.Controller;

/// <summary>F089: devices that begin anew because somebody took them from the revision before, when Losant refuses the call.
/// </summary>
public sealed class RefusedCorrectionTests
{
    [Fact]
    public void Leaves_alone_what_somebody_changed_once_drift_is_only_reported()
    {
        using var bench = new Bench();
        bench.Flow.AddVersion("v9");
        bench.Add(4);
        var refuses = false;
        bench.Start(ports => ports with { Losant = new RefusingLosant(ports.Losant, _ => refuses ? 400 : null) });
        bench.Apply(
            "{'version': 'v2', 'rolloutPercentage': 100, 'policy': {'drift': 'Correct'}, 'limits': {'maxUnavailable': '100%'}}"
        );
        bench.Until(Phase.Complete);
        bench.Annotate(Annotations.Abort, "r1");
        bench.Until(Phase.RolledBack);
        foreach (var device in bench.Application.Devices)
        {
            bench.Application.ForeignWrite(device, bench.Flow, "v9");
        }

        bench.Run(TimeSpan.FromMinutes(10));
        refuses = true;
        bench.EditSpec(spec => spec["version"] = "v3");
        bench.Until(Phase.Blocked);

        bench.EditSpec(spec => spec["policy"]!["drift"] = "Report");
        refuses = false;
        bench.Run(TimeSpan.FromMinutes(30));

        Assert.Equal(4, bench.Desired("v9"));
    }
}
