using System.Text.Json.Nodes;
using EdgeRelease.Api;
using EdgeRelease.Controller;
using EdgeRelease.Kubernetes;
using EdgeRelease.Observation;
using EdgeRelease.Planning;
using EdgeRelease.Simulation;
using Xunit;
using Outcome = EdgeRelease.Planning.Outcome;

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

    [Fact]
    public void Keeps_the_rows_of_devices_that_later_revisions_did_not_move()
    {
        _bench.Add(10);
        _bench.Apply("{'version': 'v2', 'rolloutPercentage': 100, 'historyLimit': 1}");
        _bench.Start();
        _bench.Until(Phase.Complete);
        foreach (var version in new[] { "v3", "v4", "v3" })
        {
            _bench.EditSpec(spec => (spec["version"], spec["rolloutPercentage"]) = (version, 10));
            _bench.Until(Phase.AtPercentage);
            _bench.Run(TimeSpan.FromMinutes(5));
        }

        Assert.Equal(4, _bench.Status.Revision);
        Assert.Equal(10, _bench.Rows.Select(row => row.Device).Distinct().Count());
    }

    [Fact]
    public void Deletes_a_revision_whose_rows_all_stand_in_a_later_one()
    {
        _bench.Add(4);
        _bench.Apply("{'version': 'v2', 'rolloutPercentage': 100, 'historyLimit': 1}");
        _bench.Start();
        _bench.Until(Phase.Complete);
        foreach (var version in new[] { "v3", "v4", "v1" })
        {
            _bench.EditSpec(spec => spec["version"] = version);
            _bench.Until(Phase.Complete);
            _bench.Run(TimeSpan.FromMinutes(5));
        }

        Assert.Equal([3, 4], _bench.Shards.Select(shard => shard.Revision).Order());
    }

    [Fact]
    public void Says_how_a_superseded_revision_ended()
    {
        _bench.Add(10);
        _bench.Apply(
            "{'version': 'v2', 'rollout': {'steps': [{'name': 'a', 'percentage': 20, 'soak': '1h'}, {'name': 'b', 'percentage': 100}]}}"
        );
        _bench.Start();
        _bench.Until(Phase.Soaking);
        _bench.EditSpec(spec => spec["version"] = "v3");
        _bench.Until(Phase.Complete);
        Assert.Equal(
            [RevisionResult.Superseded, RevisionResult.Complete],
            _bench.Shards.OrderBy(shard => shard.Revision).Select(shard => shard.Result)
        );
    }

    [Fact]
    public void Leaves_the_ledger_of_another_leader_alone()
    {
        _bench.Add(2);
        _bench.Apply("{'version': 'v2', 'rolloutPercentage': 100}");
        _bench.Cluster.Plant(Shard("of an earlier release"));
        var others = _bench.Cluster.Fault;
        _bench.Cluster.Fault = call =>
        {
            if (call.Verb == ClusterVerb.Delete)
            {
                _bench.Cluster.Fault = others;
                _bench.Cluster.Remove(Kinds.Revision, new ResourceKey(Bench.Namespace, "line-monitor-r1-0"));
                _bench.Cluster.Apply(Shard(_bench.Release!.Uid));
            }

            return null;
        };
        _bench.Start();
        _bench.Run(TimeSpan.FromSeconds(1));
        Assert.DoesNotContain(
            _bench.Cluster.Record,
            write => write is { Verb: ClusterVerb.Delete, Who: "operator-1" } && write.Kind == Kinds.Revision
        );
        _bench.Until(Phase.Complete);
    }

    [Fact]
    public void Splits_what_one_object_could_not_hold()
    {
        var random = new Random(1);
        var rows = Rows(
            4000,
            _ => string.Concat(Enumerable.Range(0, 256).Select(_ => (char)random.Next(0x100, 0x2000)))
        );
        _bench.Cluster.Register(new KindRules(Kinds.Revision) { Admission = Limited });
        InBook(book => book.StoreAsync(new Memory { Revision = 1, Rows = rows }, null, CancellationToken.None));
        Assert.True(_bench.Shards.Count > 2);
        InBook(book =>
        {
            book.Read(1);
            Assert.Equal(rows.OrderBy(row => row.Key), book.Rows(0).OrderBy(row => row.Key));
            return Task.CompletedTask;
        });
    }

    [Fact]
    public void Begins_a_shard_after_an_earlier_one_was_deleted()
    {
        InBook(book => book.StoreAsync(new Memory { Revision = 1, Rows = Rows(4001) }, null, CancellationToken.None));
        _bench.Cluster.Remove(Kinds.Revision, new ResourceKey(Bench.Namespace, "line-monitor-r1-0"));
        InBook(book =>
        {
            book.Read(1);
            return book.StoreAsync(new Memory { Revision = 1, Rows = Rows(4001) }, null, CancellationToken.None);
        });
        Assert.Equal(4001, _bench.Rows.Count);
    }

    [Fact]
    public void Forgets_a_returned_device_in_earlier_revisions_too()
    {
        var rows = Rows(2);
        InBook(book => book.StoreAsync(new Memory { Revision = 1, Rows = rows }, null, CancellationToken.None));
        var moved = rows.ToDictionary(pair => pair.Key, pair => pair.Value with { Revision = 2 });
        InBook(book =>
        {
            book.Read(1);
            return book.StoreAsync(new Memory { Revision = 2, Rows = moved }, null, CancellationToken.None);
        });
        moved.Remove(moved.Keys.First());
        InBook(book =>
        {
            book.Read(2);
            return book.StoreAsync(new Memory { Revision = 2, Rows = moved }, null, CancellationToken.None);
        });
        InBook(book =>
        {
            book.Read(2);
            Assert.Equal(moved.Values, book.Rows(0).Values);
            return Task.CompletedTask;
        });
    }

    private static Dictionary<DeviceId, LedgerRow> Rows(int count, Func<int, string>? error = null) =>
        Enumerable
            .Range(1, count)
            .Select(i => new LedgerRow
            {
                Device = DeviceId.Parse($"{i:x24}"),
                Revision = 1,
                Previous = "v1",
                Error = error?.Invoke(i),
            })
            .ToDictionary(row => row.Device);

    private static string? Limited(JsonObject candidate, System.Text.Json.JsonElement? stored) =>
        candidate["ledger"]?.GetValue<string>().Length > 349_528 ? "ledger: too long" : null;

    private static JsonObject Shard(string uid) =>
        new()
        {
            ["apiVersion"] = ApiGroup.ApiVersion,
            ["kind"] = Kinds.Revision.Kind,
            ["metadata"] = new JsonObject
            {
                ["name"] = "line-monitor-r1-0",
                ["namespace"] = Bench.Namespace,
                ["labels"] = new JsonObject { [ApiGroup.ReleaseUidLabel] = uid },
            },
            ["revision"] = 1,
            ["shard"] = 0,
            ["rows"] = 0,
        };

    /// <summary>Loads the ledger as it is stored now and works with it.</summary>
    private void InBook(Func<LedgerBook, Task> work)
    {
        var client = _bench.Cluster.Client("test");
        var release = new ObjectMeta
        {
            Name = Bench.Name,
            Namespace = Bench.Namespace,
            Uid = "uid",
        };
        _bench.Time.Run(async () => await work(await LedgerBook.LoadAsync(client, release, CancellationToken.None)));
    }
}
