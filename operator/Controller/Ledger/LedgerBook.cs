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
    private readonly ObjectMeta _release;
    private readonly Layout _layout;

    private LedgerBook(ICluster cluster, ObjectMeta release)
    {
        _cluster = cluster;
        _release = release;
        _layout = new Layout(release.Name);
    }

    /// <summary>The highest revision that an object stands for; 0 when there is none.</summary>
    public int Revision => _layout.Shards.Select(shard => shard.Revision).DefaultIfEmpty(0).Max();

    /// <summary>The last revision whose rows count; null before <see cref="Read"/>.</summary>
    public int? ReadTo => _layout.ReadTo;

    /// <summary>The objects that hold the ledger of a revision.</summary>
    /// <param name="revision">The revision.</param>
    public int ObjectsOf(int revision) => _layout.Shards.Count(shard => shard.Revision == revision);

    /// <summary>The facts of the highest revision, for a release whose status was lost; null when there is none.</summary>
    public EdgeReleaseRevision? Head => _layout.First(Revision)?.Head;

    /// <summary>The name of the newest object, for the status.</summary>
    public string? Name => _layout.Shards.Count == 0 ? null : _layout.Shards[^1].Name;

    /// <summary>The last batch of which a row says that it was sent; 0 when none does. A status that names an earlier
    /// one is older than the ledger.</summary>
    public long LastSent => _layout.Rows.Select(row => row.Last?.Batch ?? 0).DefaultIfEmpty(0).Max();

    /// <summary>Reads all shards of a release; their rows count once <see cref="Read"/> has said how many.</summary>
    /// <param name="cluster">The API server.</param>
    /// <param name="release">The release; only objects labelled with its uid count (I13).</param>
    /// <param name="cancel">Ends the calls.</param>
    /// <exception cref="LedgerException">A shard is not of the contract.</exception>
    public static async Task<LedgerBook> LoadAsync(ICluster cluster, ObjectMeta release, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(cluster);
        ArgumentNullException.ThrowIfNull(release);
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
                book._layout.Add(Shard.Of(item));
            }

            options = options with { Continue = page.Continue };
        } while (options.Continue is not null);
        return book;
    }

    /// <summary>Reads the rows of the revisions up to one; what later ones have was never committed.</summary>
    /// <param name="revision">The last revision that the status stored; <see cref="Revision"/> when it was lost.</param>
    /// <exception cref="LedgerException">A shard cannot be read.</exception>
    public void Read(int revision) => _layout.Read(revision);

    /// <summary>The rows as they stand once the given batch was committed.</summary>
    /// <param name="committed">The last batch whose intent the status stored.</param>
    public Dictionary<DeviceId, LedgerRow> Rows(long committed) =>
        _layout.Rows.ToDictionary(row => row.Device, row => row.AsOf(committed));

    /// <summary>The row of a device as stored last; null when it has none.</summary>
    /// <param name="device">The device.</param>
    public LedgerRow? Find(DeviceId device) => _layout.Find(device);

    /// <summary>Stores every row that differs from what is stored, one write a touched shard.</summary>
    /// <param name="memory">The rows as they should be, and the facts of the revision.</param>
    /// <param name="releaseVersion">The release's resourceVersion as known: objects that somebody deleted are made again
    /// only where nobody has written the release since.</param>
    /// <param name="cancel">Ends the calls.</param>
    /// <exception cref="ClusterException">A shard was not written; the book must be loaded again.</exception>
    public async Task StoreAsync(Memory memory, string? releaseVersion, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(memory);
        var touched = _layout.Take(memory);
        Touch(touched, memory);
        if (await WriteAsync(touched, memory, releaseVersion, cancel))
        {
            // Whoever deleted one object deleted others too, as a rule.
            await WriteAsync([.. _layout.Shards.Except(touched)], memory, releaseVersion, cancel);
        }
    }

    /// <summary>Deletes the objects of revisions that are no longer kept, but for those that have a row which still
    /// binds a device.</summary>
    /// <param name="oldest">The oldest revision to keep.</param>
    /// <param name="cancel">Ends the calls.</param>
    public async Task PruneAsync(int oldest, CancellationToken cancel)
    {
        foreach (var shard in _layout.Shards.Where(shard => shard.Revision < oldest).ToList())
        {
            if (_layout.IsNeeded(shard))
            {
                continue;
            }

            var key = new ResourceKey(_release.Key.Namespace, shard.Name);
            await _cluster.DeleteAsync(Kinds.Revision, key, shard.Stored, cancel);
            _layout.Remove(shard);
        }
    }

    /// <summary>The first shard of a revision also says how the revision stands. A release that has sent has one, be it empty:
    /// none at all means that somebody deleted them.</summary>
    private void Touch(HashSet<Shard> touched, Memory memory)
    {
        if (memory.Revision == 0)
        {
            return;
        }

        var first = _layout.First(memory.Revision);
        var isBare = memory.Batch > 0 && _layout.Shards.Count == 0;
        var isDue = first?.Head is null ? memory.Latch is not null || touched.Count > 0 || isBare : !first.Says(memory);
        if (isDue)
        {
            touched.Add(first ?? _layout.Begin(memory.Revision));
        }

        // A revision that another one superseded hears of its end only here.
        var ended = memory.History.Where(past => past.Revision < memory.Revision);
        touched.UnionWith(
            ended
                .Select(past => _layout.First(past.Revision))
                .OfType<Shard>()
                .Where(shard => shard.Head?.Result is null)
        );
    }

    /// <summary>What the shards are to hold, in their order; one that would be too long is halved.</summary>
    private SortedDictionary<Shard, EdgeReleaseRevision> Contents(IEnumerable<Shard> touched, Memory memory)
    {
        var contents = new SortedDictionary<Shard, EdgeReleaseRevision>(Shard.InOrder);
        var open = new Queue<Shard>(touched);
        while (open.TryDequeue(out var shard))
        {
            var rows = _layout.RowsOf(shard);
            var text = LedgerText.Of(rows);
            if (text.Length <= EdgeReleaseRevision.LongestLedger || shard.Devices.Count < 2)
            {
                contents[shard] = FactsOf(shard, memory) with { Rows = rows.Count, Ledger = text };
                continue;
            }

            open.Enqueue(_layout.Halve(shard));
            open.Enqueue(shard);
        }

        return contents;
    }

    /// <summary>How the shard's revision stands; an earlier one as it ended.</summary>
    private EdgeReleaseRevision FactsOf(Shard shard, Memory memory)
    {
        var isCurrent = shard.Revision == memory.Revision;
        var known = shard.Head ?? _layout.First(shard.Revision)?.Head;
        return new EdgeReleaseRevision
        {
            Revision = shard.Revision,
            Shard = shard.Index,
            Version = isCurrent ? VersionOf(memory) : known?.Version,
            Result = isCurrent ? memory.Result : known?.Result ?? EndOf(shard.Revision, memory),
            Abort = isCurrent ? memory.Latch : known?.Abort,
        };
    }

    /// <returns>Whether somebody had deleted any of them: it is made again, all that it held is known here.</returns>
    private async Task<bool> WriteAsync(
        IEnumerable<Shard> shards,
        Memory memory,
        string? releaseVersion,
        CancellationToken cancel
    )
    {
        var wasDeleted = false; // The highest first: a row stands in its new shard before it leaves the old one.
        foreach (var (shard, content) in Contents(shards, memory).Reverse())
        {
            var stored = shard.Stored is null
                ? null
                : await Shards.ReplaceAsync(_cluster, ShardJson.Of(shard, content, _release, isNew: false), cancel);
            if (shard.Stored is not null && stored is null)
            {
                wasDeleted = true;
                await RequireAsync(releaseVersion, cancel);
            }

            shard.Keep(stored ?? await CreateAsync(shard, content, cancel), content);
        }

        return wasDeleted;
    }

    /// <summary>Whoever is behind must not bring back what the leader took away, nor the ledger of a release that is
    /// gone.</summary>
    private async Task RequireAsync(string? releaseVersion, CancellationToken cancel)
    {
        var isSame =
            await _cluster.FindAsync(Kinds.Release, _release.Key, cancel) is { } json
            && ResourceJson.UidOf(json) == _release.Uid
            && ResourceJson.ResourceVersionOf(json) == releaseVersion;
        if (!isSame)
        {
            throw new ClusterException(409, "the release was written since its ledger was read");
        }
    }

    private Task<JsonElement> CreateAsync(Shard shard, EdgeReleaseRevision content, CancellationToken cancel) =>
        Shards.CreateAsync(_cluster, ShardJson.Of(shard, content, _release, isNew: true), cancel);

    private static RevisionResult? EndOf(int revision, Memory memory) =>
        memory.History.FirstOrDefault(past => past.Revision == revision)?.Result;

    private static RevisionVersion VersionOf(Memory memory) =>
        new()
        {
            Name = memory.Version?.Name,
            Etag = memory.Version?.Etag,
            FlowVersionId = memory.Version?.FlowVersionId,
        };
}
