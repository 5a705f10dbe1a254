using System.Text.Json;
using EdgeRelease.Api;
using EdgeRelease.Kubernetes;
using EdgeRelease.Observation;
using EdgeRelease.Planning;

namespace EdgeRelease.Controller;

/// <summary>The ledger of one release as it is stored: rows in shards of EdgeReleaseRevision objects. Written only by
/// PUT with the resourceVersion last seen, so that a former leader or a stale copy loses.</summary>
public sealed class LedgerBook
{
    /// <summary>Rows of one shard: about 120 KiB of text, below the limit of 256.</summary>
    public const int RowsPerShard = 4000;

    private readonly ICluster _cluster;
    private readonly ReleaseObject _release;
    private readonly Dictionary<DeviceId, (LedgerRow Row, Shard Home)> _stored = [];
    private readonly List<Shard> _shards = [];

    private LedgerBook(ICluster cluster, ReleaseObject release)
    {
        _cluster = cluster;
        _release = release;
    }

    /// <summary>The highest revision that an object stands for; 0 when there is none.</summary>
    public int Revision => _shards.Count == 0 ? 0 : _shards.Max(shard => shard.Revision);

    /// <summary>The facts of the highest revision, for a release whose status was lost; null when there is none.</summary>
    public EdgeReleaseRevision? Head { get; private set; }

    /// <summary>The names of the objects, for the status.</summary>
    public string? Name => _shards.LastOrDefault()?.Name;

    /// <summary>Reads all shards of a release.</summary>
    /// <param name="cluster">The API server.</param>
    /// <param name="release">The release; only objects labelled with its uid count (I13).</param>
    /// <param name="cancel">Ends the calls.</param>
    public static async Task<LedgerBook> LoadAsync(ICluster cluster, ReleaseObject release, CancellationToken cancel)
    {
        var book = new LedgerBook(cluster, release);
        var options = new ListOptions
        {
            Namespace = release.Key.Namespace,
            LabelSelector = $"{ApiGroup.ReleaseUidLabel}={release.Uid}",
            Limit = 50,
        };
        do
        {
            var page = await cluster.ListAsync(Kinds.Revision, options, cancel);
            foreach (var item in page.Items)
            {
                book.Read(item);
            }

            options = options with { Continue = page.Continue };
        } while (options.Continue is not null);
        return book;
    }

    /// <summary>The rows as they stand once the given batch was committed.</summary>
    /// <param name="committed">The last batch whose intent the status stored.</param>
    public Dictionary<DeviceId, LedgerRow> Rows(long committed) =>
        _stored.ToDictionary(pair => pair.Key, pair => pair.Value.Row.AsOf(committed));

    /// <summary>Stores every row that differs from what is stored, one write a touched shard.</summary>
    /// <param name="memory">The rows as they should be, and the facts of the revision.</param>
    /// <param name="cancel">Ends the calls.</param>
    /// <exception cref="ClusterException">A shard was not written; the book must be loaded again.</exception>
    public async Task StoreAsync(Memory memory, CancellationToken cancel)
    {
        var touched = new HashSet<Shard>();
        foreach (var (id, home) in _stored)
        {
            if (!memory.Rows.ContainsKey(id))
            {
                touched.Add(home.Home);
            }
        }

        foreach (var shard in touched)
        {
            foreach (var id in shard.Devices.Where(id => !memory.Rows.ContainsKey(id)).ToList())
            {
                shard.Devices.Remove(id);
                _stored.Remove(id);
            }
        }

        foreach (var row in memory.Rows.Values)
        {
            if (!IsStored(row, memory.Batch))
            {
                touched.Add(Place(row));
            }
        }

        Touch(touched, memory);
        foreach (var shard in touched.OrderBy(shard => shard.Revision).ThenBy(shard => shard.Index))
        {
            await WriteAsync(shard, memory, cancel);
        }
    }

    /// <summary>Deletes the objects of revisions that are no longer kept; a row that only they hold moves on first.</summary>
    /// <param name="oldest">The oldest revision to keep.</param>
    /// <param name="cancel">Ends the calls.</param>
    public async Task PruneAsync(int oldest, CancellationToken cancel)
    {
        foreach (var shard in _shards.Where(shard => shard.Revision < oldest).ToList())
        {
            if (shard.Devices.Exists(id => _stored[id].Row is { Closed: null, Outcome: not Outcome.Confirmed }))
            {
                continue;
            }

            await _cluster.DeleteAsync(Kinds.Revision, new ResourceKey(_release.Key.Namespace, shard.Name), cancel);
            shard.Devices.ForEach(id => _stored.Remove(id));
            _shards.Remove(shard);
        }
    }

    private void Read(JsonElement item)
    {
        var content = item.Deserialize(ControllerJson.Default.EdgeReleaseRevision)!;
        var shard = new Shard(content.Revision, content.Shard, ResourceJson.KeyOf(item)!.Name)
        {
            Stored = item,
            Head = content,
        };
        _shards.Add(shard);
        if (content.Shard == 0 && content.Revision >= (Head?.Revision ?? 0))
        {
            Head = content;
        }

        foreach (var row in LedgerText.Rows(content.Ledger))
        {
            if (_stored.TryGetValue(row.Device, out var other))
            {
                if (other.Row.Revision > row.Revision)
                {
                    continue;
                }

                other.Home.Devices.Remove(row.Device);
            }

            _stored[row.Device] = (row, shard);
            shard.Devices.Add(row.Device);
        }
    }

    /// <summary>A row written ahead for a batch that was never committed must be written again before the next commit.</summary>
    private bool IsStored(LedgerRow row, long committed) =>
        _stored.TryGetValue(row.Device, out var stored)
        && (
            ReferenceEquals(stored.Row, row)
            || (stored.Row.AsOf(committed) == row && !(stored.Row.Next?.Batch > committed))
        );

    private Shard Place(LedgerRow row)
    {
        if (_stored.TryGetValue(row.Device, out var stored))
        {
            if (stored.Home.Revision == row.Revision)
            {
                _stored[row.Device] = (row, stored.Home);
                return stored.Home;
            }

            stored.Home.Devices.Remove(row.Device);
        }

        var home = _shards.Find(shard => shard.Revision == row.Revision && shard.Devices.Count < RowsPerShard);
        if (home is null)
        {
            home = NewShard(row.Revision);
        }

        home.Devices.Add(row.Device);
        _stored[row.Device] = (row, home);
        return home;
    }

    private Shard NewShard(int revision)
    {
        var index = _shards.Count(shard => shard.Revision == revision);
        var shard = new Shard(revision, index, $"{_release.Key.Name}-r{revision}-{index}");
        _shards.Add(shard);
        return shard;
    }

    /// <summary>The first shard of the revision also says how the revision stands.</summary>
    private void Touch(HashSet<Shard> touched, Memory memory)
    {
        if (memory.Revision == 0)
        {
            return;
        }

        var head = _shards.Find(shard => shard.Revision == memory.Revision && shard.Index == 0);
        var isDue = head is null ? memory.Latch is not null || touched.Count > 0 : !Says(head, memory);
        if (isDue)
        {
            touched.Add(head ?? NewShard(memory.Revision));
        }
    }

    private static bool Says(Shard shard, Memory memory) =>
        shard.Head is { } head
        && head.Result == memory.Result
        && head.Abort == memory.Latch
        && head.Version?.FlowVersionId == memory.Version?.FlowVersionId
        && head.Version?.Name == memory.Version?.Name
        && head.Version?.Etag == memory.Version?.Etag;

    private async Task WriteAsync(Shard shard, Memory memory, CancellationToken cancel)
    {
        var isCurrent = shard.Revision == memory.Revision;
        var content = new EdgeReleaseRevision
        {
            Revision = shard.Revision,
            Shard = shard.Index,
            Version = isCurrent ? VersionOf(memory) : shard.Head?.Version,
            Result = isCurrent ? memory.Result : shard.Head?.Result,
            Abort = isCurrent ? memory.Latch : shard.Head?.Abort,
            Rows = shard.Devices.Count,
            Ledger = LedgerText.Of(shard.Devices.Select(id => _stored[id].Row)),
        };
        var json = ShardJson.Of(shard, content, _release);
        shard.Stored = shard.Stored is null
            ? await Shards.CreateAsync(_cluster, shard, json, cancel)
            : await _cluster.ReplaceAsync(Kinds.Revision, json, null, cancel);
        shard.Head = content;
    }

    private static RevisionVersion VersionOf(Memory memory) =>
        new()
        {
            Name = memory.Version?.Name,
            Etag = memory.Version?.Etag,
            FlowVersionId = memory.Version?.FlowVersionId,
        };
}
