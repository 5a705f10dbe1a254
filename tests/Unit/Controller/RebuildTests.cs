using EdgeRelease.Api;
using EdgeRelease.Controller;
using EdgeRelease.Kubernetes;
using Xunit;

namespace EdgeRelease.Tests.Unit.Controller;

/// <summary>F115 on the servers: somebody deletes every EdgeReleaseRevision.</summary>
public sealed class RebuildTests : IDisposable
{
    private const string Half =
        "'version': 'v2', 'rollout': {'steps': [{'name': 'half', 'percentage': 50, 'soak': '1h'}, {'name': 'all', 'percentage': 100}]}, 'limits': {'maxUnavailable': 8}";

    private readonly Bench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Fact]
    public void Restores_all_moved_devices_after_every_revision_object_was_deleted_in_mid_rollout()
    {
        Lost();
        _bench.Annotate(Annotations.Abort, "r1");
        _bench.Start();
        _bench.Until(Phase.RolledBack);

        Assert.Equal(8, _bench.Desired("v1"));
        Assert.Contains(_bench.Events, each => each.StartsWith("LedgerRebuilt: ", StringComparison.Ordinal));
        Assert.Equal(4, _bench.Rows.Count(row => row.Previous == "v1"));
    }

    [Fact]
    public void Tells_it_once_and_goes_on()
    {
        Lost();
        _bench.Start();
        _bench.Until(Phase.Complete);
        _bench.Kill();
        _bench.Start();
        _bench.Run(TimeSpan.FromHours(1));

        Assert.Equal(8, _bench.Desired("v2"));
        Assert.Single(_bench.Events, each => each.StartsWith("LedgerRebuilt: ", StringComparison.Ordinal));
        Assert.All(_bench.Rows, row => Assert.Equal(1, row.Attempts));
    }

    [Fact]
    public void Stores_deleted_revision_objects_again_while_it_still_knows_what_they_held()
    {
        _bench.Add(8);
        _bench.Start();
        _bench.Apply("{" + Half + "}");
        _bench.Until(Phase.Complete);
        _bench.EditSpec(spec => spec["version"] = "v3");
        _bench.Until(Phase.Soaking);
        Delete();
        _bench.Until(Phase.Complete);

        Assert.Equal(8, _bench.Desired("v3"));
        Assert.Equal([1, 2], _bench.Shards.Select(shard => shard.Revision).Order());
        Assert.Equal(8, _bench.Rows.Count(row => row is { Previous: "v2", Revision: 2 }));
        Assert.DoesNotContain(_bench.Events, each => each.StartsWith("LedgerRebuilt: ", StringComparison.Ordinal));
    }

    private void Lost()
    {
        _bench.Add(8);
        _bench.Start();
        _bench.Apply("{" + Half + "}");
        _bench.Until(Phase.Soaking);
        Assert.Equal(4, _bench.Desired("v2"));
        _bench.Kill();
        Delete();
    }

    private void Delete()
    {
        foreach (var json in _bench.Cluster.All(Kinds.Revision).ToList())
        {
            _bench.Cluster.Remove(Kinds.Revision, ResourceJson.KeyOf(json)!);
        }

        Assert.Empty(_bench.Shards);
    }
}
