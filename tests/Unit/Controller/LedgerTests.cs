using EdgeRelease.Api;
using EdgeRelease.Planning;
using Xunit;

namespace EdgeRelease.Tests.Unit.Controller;

/// <summary>What the ledger holds of the devices that a release moved.</summary>
public sealed class LedgerTests : IDisposable
{
    private readonly Bench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Fact]
    public void Keeps_what_each_moved_device_ran_before()
    {
        _bench.Add(6);
        _bench.Apply("{'version': 'v2', 'rolloutPercentage': 50}");
        _bench.Start();
        _bench.Until(Phase.AtPercentage);
        Assert.Equal(3, _bench.Desired("v2"));
        Assert.Equal(3, _bench.Rows.Count);
        Assert.All(_bench.Rows, row => Assert.Equal(("v1", Outcome.Confirmed), (row.Previous, row.Outcome)));
    }
}
