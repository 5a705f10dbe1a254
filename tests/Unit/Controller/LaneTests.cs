using System.Text.RegularExpressions;
using EdgeRelease.Api;
using EdgeRelease.Simulation;
using Xunit;

namespace EdgeRelease.Tests.Unit.Controller;

/// <summary>One application that does not answer, beside one that does (I16).</summary>
public sealed class LaneTests
{
    [Fact]
    public void Moves_devices_while_an_application_with_many_releases_does_not_answer()
    {
        var alone = Time(others: 0);
        var beside = Time(others: 16);
        Assert.InRange(beside, TimeSpan.Zero, alone * 2);
    }

    /// <summary>How long a release takes beside others of a dead application.</summary>
    private static TimeSpan Time(int others)
    {
        using var bench = new Bench();
        bench.Add(6);
        var dead = bench.Losant.AddApplication("dead");
        dead.AddToken(new TokenSetup("dead"));
        dead.AddFlow(new FlowSetup(Bench.Name)).AddVersion("v2");
        bench.Connect("dead", dead.Id);
        bench.Losant.Faults.Add(
            new FaultRule(FaultKind.TimeoutBefore) { Path = new Regex(dead.Id, RegexOptions.NonBacktracking) }
        );
        for (var i = 0; i < others; i++)
        {
            bench.Apply("{'version': 'v2', 'rolloutPercentage': 100, 'application': 'dead'}", $"dead-{i}");
        }

        bench.Start();
        bench.Run(TimeSpan.FromSeconds(30));
        var began = bench.Time.Now;
        bench.Apply("{'version': 'v2', 'rolloutPercentage': 100}");
        bench.Until(Phase.Complete);
        return bench.Time.Now - began;
    }
}
