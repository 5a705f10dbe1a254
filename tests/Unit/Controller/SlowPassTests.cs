using EdgeRelease.Simulation;
using Xunit;

namespace EdgeRelease.Tests.Unit.Controller;

/// <summary>Passes that wait for Losant for long.</summary>
public sealed class SlowPassTests
{
    [Fact]
    public void Ends_a_term_only_after_a_pass_that_takes_long()
    {
        using var bench = new Bench();
        bench.Add(2);
        bench.Losant.Faults.Add(new FaultRule(FaultKind.TimeoutBefore));
        bench.Apply("{'version': 'v2', 'rolloutPercentage': 100}");
        bench.Start();
        bench.Run(TimeSpan.FromSeconds(8));

        var end = bench.Stop();
        bench.Run(TimeSpan.FromMilliseconds(100));

        Assert.False(end.IsCompleted, "the lease was given up in the middle of a call");
        bench.Run(TimeSpan.FromMinutes(3));
        Assert.True(end.IsCompleted);
    }
}
