using System.Text.Json;
using System.Text.Json.Nodes;
using EdgeRelease.Api;
using EdgeRelease.Controller;
using EdgeRelease.Kubernetes;
using EdgeRelease.Planning;
using EdgeRelease.Simulation;
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
        Begin(8);
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

    [Fact]
    public void Loses_nothing_when_the_first_status_after_the_rebuild_is_not_stored()
    {
        Lost();
        _bench.Befall(
            call =>
                call is { Subresource: "status" }
                && call.Kind == Kinds.Release
                && _bench.Shards.Any(shard => shard.Revision == 2),
            ClusterFaultKind.Conflict
        );
        _bench.EditSpec(spec => spec["version"] = "v3");
        _bench.Start();
        _bench.Until(Phase.Complete);

        Assert.Equal(1, _bench.Cluster.Faults[ClusterFaultKind.Conflict]);
        Assert.Equal(8, _bench.Desired("v3"));
        Assert.Equal(8, _bench.Rows.Count(row => row is { Previous: "v1", Revision: 2 }));
    }

    [Fact]
    public void Still_misses_a_deleted_object_after_it_could_not_even_ask_losant()
    {
        Begin(8);
        _bench.Until(Phase.Complete);
        _bench.EditSpec(spec => spec["version"] = "v3");
        _bench.Until(() => _bench.Status is { Phase: Phase.Soaking, Revision: 2 });
        _bench.Kill();
        Delete(shard => shard.Revision == 2);
        _bench.Cluster.Remove(ResourceKind.Secret, new ResourceKey(Bench.Namespace, "losant"));
        _bench.Start();
        _bench.Until(Phase.Blocked);
        _bench.Run(TimeSpan.FromMinutes(5));
        _bench.GiveToken("token");
        _bench.Annotate(Annotations.Abort, "r2");
        _bench.Until(Phase.RolledBack);

        Assert.Equal(8, _bench.Desired("v2"));
        Assert.Null(_bench.Status.LedgerLost);
    }

    [Fact]
    public void Rolls_back_everybody_whose_ledger_was_deleted_between_two_batches_of_the_rollback()
    {
        _bench.Add(8);
        _bench.Start();
        _bench.Apply(
            "{'version': 'v2', 'rolloutPercentage': 100, 'limits': {'perGroup': {'tag': 'line', 'maxUnavailable': 1}}}"
        );
        _bench.Until(Phase.Complete);
        _bench.Annotate(Annotations.Abort, "r1");
        _bench.Until(() => _bench.Desired("v1") > 0);
        _bench.Kill();
        Delete();
        _bench.Start();
        _bench.Until(Phase.RolledBack);

        Assert.Equal(8, _bench.Desired("v1"));
    }

    [Fact]
    public void Asks_about_who_cannot_go_back_though_the_first_status_after_the_rebuild_is_not_stored()
    {
        Lost();
        var moved = _bench.Application.Devices.First(device => device.FindRow(_bench.Flow)!.State.Desired == "v2");
        _bench.Application.ForeignWrite(moved, _bench.Flow, "v1");
        _bench.Befall(
            call => call is { Subresource: "status" } && call.Kind == Kinds.Release && _bench.Shards.Count > 0,
            ClusterFaultKind.Conflict
        );
        _bench.Start();
        _bench.Until(Phase.Paused);

        Assert.Equal(1, _bench.Cluster.Faults[ClusterFaultKind.Conflict]);
        Assert.Contains(
            _bench.Events,
            each => each.StartsWith("LedgerRebuilt: ", StringComparison.Ordinal) && each.Contains(moved.Id)
        );
    }

    [Fact]
    public void Is_at_rest_after_a_ledger_was_deleted_that_held_nobody()
    {
        Begin(4);
        _bench.Until(Phase.Complete);
        foreach (var device in _bench.Application.Devices.ToList())
        {
            _bench.Application.ForeignWrite(device, _bench.Flow, "v1", new LogSource("apiToken", "another"));
        }

        _bench.Run(TimeSpan.FromMinutes(30));
        _bench.Kill();
        Delete();
        _bench.EditSpec(spec => spec["deviceTags"] = new JsonObject { ["line"] = "none" });
        _bench.Start();
        _bench.Run(TimeSpan.FromMinutes(30));
        var version = _bench.Release!.Meta.ResourceVersion;
        _bench.Run(TimeSpan.FromHours(2));

        Assert.Equal(version, _bench.Release!.Meta.ResourceVersion);
        Assert.Null(_bench.Status.LedgerLost);
    }

    [Fact]
    public void Makes_no_deleted_object_again_once_somebody_else_has_written_the_release()
    {
        Begin(4);
        _bench.Until(Phase.Soaking);
        var release = _bench.Release!;
        _bench.Kill();
        var client = _bench.Cluster.Client("a former leader");
        _bench.Time.Run(async () =>
        {
            var book = await LedgerBook.LoadAsync(client, release.Meta, CancellationToken.None);
            book.Read(1);
            Delete();
            _bench.Annotate("somebody", "else");
            var rows = book.Rows(long.MaxValue).ToDictionary(pair => pair.Key, pair => pair.Value with { Step = 1 });
            var refused = await Assert.ThrowsAsync<ClusterException>(() =>
                book.StoreAsync(
                    new Memory { Revision = 1, Rows = rows },
                    release.Meta.ResourceVersion,
                    CancellationToken.None
                )
            );
            Assert.True(refused.IsConflict);
        });
        Assert.Empty(_bench.Shards);
    }

    private void Begin(int devices)
    {
        _bench.Add(devices);
        _bench.Start();
        _bench.Apply("{" + Half + "}");
    }

    private void Lost()
    {
        Begin(8);
        _bench.Until(Phase.Soaking);
        Assert.Equal(4, _bench.Desired("v2"));
        _bench.Kill();
        Delete();
    }

    private void Delete()
    {
        Delete(_ => true);
        Assert.Empty(_bench.Shards);
    }

    private void Delete(Func<EdgeReleaseRevision, bool> which)
    {
        foreach (
            var json in _bench
                .Cluster.All(Kinds.Revision)
                .Where(json => which(json.Deserialize(ApiJson.Default.EdgeReleaseRevision)!))
                .ToList()
        )
        {
            _bench.Cluster.Remove(Kinds.Revision, ResourceJson.KeyOf(json)!);
        }
    }
}
