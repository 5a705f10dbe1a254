using EdgeRelease.Api;
using Xunit;

namespace EdgeRelease.Tests.Unit.Controller;

/// <summary>The log has a line for each decision, not for each pass.</summary>
public sealed class DecisionLogTests : IDisposable
{
    private readonly Bench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Fact]
    public void Says_a_decision_once()
    {
        _bench.Add(4);
        _bench.Start();
        _bench.Apply("{'version': 'v2', 'rolloutPercentage': 100}");
        _bench.Until(Phase.Complete);
        _bench.Run(TimeSpan.FromHours(3));

        var decisions = Decisions;
        Assert.Equal(decisions.Distinct(), decisions);
        Assert.Contains("Complete", decisions[^1], StringComparison.Ordinal);
    }

    [Fact]
    public void Says_it_again_after_a_restart()
    {
        _bench.Add(4);
        _bench.Start();
        _bench.Apply("{'version': 'v2', 'rolloutPercentage': 100}");
        _bench.Until(Phase.Complete);
        var before = Decisions.Count;
        _bench.Kill();
        _bench.Start();
        _bench.Run(TimeSpan.FromHours(1));

        Assert.Equal(before + 1, Decisions.Count);
        Assert.Equal(Decisions[^2], Decisions[^1]);
    }

    private List<string> Decisions =>
        [.. _bench.Log.Lines.Where(line => line.StartsWith("decision: ", StringComparison.Ordinal))];
}
