using System.Text.RegularExpressions;
using EdgeRelease.Api;
using EdgeRelease.Simulation;
using Xunit;

namespace EdgeRelease.Tests.Unit.Controller;

/// <summary>Applications that do not answer, beside one that does (I16).</summary>
public sealed class LaneTests
{
    [Theory]
    [InlineData(1, 16)]
    [InlineData(49, 2)]
    public void Moves_devices_while_applications_with_releases_do_not_answer(int applications, int releases)
    {
        var alone = Time(0, 0);
        var beside = Time(applications, releases);
        Assert.InRange(beside, TimeSpan.Zero, alone * 2);
    }

    /// <summary>How long a release takes beside others of dead applications.</summary>
    private static TimeSpan Time(int applications, int releases)
    {
        using var bench = new Bench();
        bench.Add(6);
        for (var i = 0; i < applications; i++)
        {
            var name = $"dead-{i}";
            var dead = bench.Losant.AddApplication(name);
            dead.AddToken(new TokenSetup(name));
            dead.AddFlow(new FlowSetup(Bench.Name)).AddVersion("v2");
            bench.Connect(name, dead.Id);
            bench.Losant.Faults.Add(
                new FaultRule(FaultKind.TimeoutBefore) { Path = new Regex(dead.Id, RegexOptions.NonBacktracking) }
            );
            for (var j = 0; j < releases; j++)
            {
                bench.Apply($"{{'version': 'v2', 'rolloutPercentage': 100, 'application': '{name}'}}", $"{name}-{j}");
            }
        }

        bench.Start();
        bench.Run(TimeSpan.FromSeconds(30));
        var began = bench.Time.Now;
        bench.Apply("{'version': 'v2', 'rolloutPercentage': 100, 'application': 'plant-a'}");
        bench.Until(Phase.Complete);
        return bench.Time.Now - began;
    }
}
