using EdgeRelease.Observation;
using EdgeRelease.Planning;

namespace EdgeRelease.Controller;

/// <summary>Which row stands in which shard. Of several rows of one device that of the highest revision counts. The others
/// stay in their shards: a revision that is written ahead and never committed takes nothing away.</summary>
internal sealed class Layout(string release)
{
    private readonly Dictionary<DeviceId, (LedgerRow Row, Shard Home)> _rows = [];
    private readonly List<Shard> _shards = [];

    /// <summary>The last revision whose rows count; null before <see cref="Read"/>.</summary>
    public int? ReadTo { get; private set; }

    public IReadOnlyList<Shard> Shards => _shards;

    public IEnumerable<LedgerRow> Rows => _rows.Values.Select(at => at.Row);

    public LedgerRow? Find(DeviceId device) => _rows.TryGetValue(device, out var at) ? at.Row : null;

    public void Add(Shard shard) => _shards.Add(shard);

    /// <summary>The shard that says how a revision stands; null when the revision has none.</summary>
    public Shard? First(int revision) => _shards.Where(shard => shard.Revision == revision).MinBy(shard => shard.Index);

    /// <summary>Reads the rows of the revisions up to one; those of later ones were never committed.</summary>
    public void Read(int revision)
    {
        _rows.Clear();
        foreach (var shard in _shards.Order(Shard.InOrder))
        {
            shard.Devices.Clear();
            shard.HoldsOlderRows = false;
            foreach (var row in shard.Revision <= revision ? shard.StoredRows() : [])
            {
                Put(row, shard);
            }
        }

        ReadTo = revision;
    }

    /// <summary>Takes over what a memory holds.</summary>
    /// <returns>The shards that differ from what is stored.</returns>
    public HashSet<Shard> Take(Memory memory)
    {
        // What a revision left that was never committed must not count once its number is used.
        var touched = _shards.Where(shard => shard.Revision > ReadTo && shard.Revision <= memory.Revision).ToHashSet();
        ReadTo = Math.Max(ReadTo ?? 0, memory.Revision);
        var gone = _rows.Where(pair => !memory.Rows.ContainsKey(pair.Key)).ToList();
        foreach (var (id, at) in gone)
        {
            at.Home.Devices.Remove(id);
            _rows.Remove(id);
            touched.Add(at.Home);
        }

        // An older row of the device would count again.
        touched.UnionWith(_shards.Where(shard => gone.Count > 0 && shard.HoldsOlderRows));
        foreach (var row in memory.Rows.Values.Where(row => !IsStored(row, memory.Batch)))
        {
            var isHome = _rows.TryGetValue(row.Device, out var at) && at.Home.Revision == row.Revision;
            var home = isHome ? at.Home : Roomy(row.Revision);
            Put(row, home);
            touched.Add(home);
        }

        return touched;
    }

    /// <summary>A new shard of a revision. Its number is above all others: one below may have been deleted by hand.</summary>
    public Shard Begin(int revision)
    {
        var others = _shards.Where(shard => shard.Revision == revision).Select(shard => shard.Index);
        var index = others.DefaultIfEmpty(-1).Max() + 1;
        var shard = new Shard(revision, index, $"{release}-r{revision}-{index}");
        _shards.Add(shard);
        return shard;
    }

    /// <summary>All that a shard is to hold: its own rows, and older ones of devices that moved on.</summary>
    public IReadOnlyList<LedgerRow> RowsOf(Shard shard)
    {
        var own = shard.Devices.Select(id => _rows[id].Row);
        var older = shard.HoldsOlderRows
            ? shard.StoredRows().Where(row => IsElsewhere(row.Device, shard.Revision))
            : [];
        return [.. own, .. older];
    }

    /// <summary>Moves the latter half of a shard's own rows to a new one.</summary>
    public Shard Halve(Shard shard)
    {
        var half = Begin(shard.Revision);
        foreach (var id in shard.Devices.Order().Skip(shard.Devices.Count / 2).ToList())
        {
            Put(_rows[id].Row, half);
        }

        return half;
    }

    /// <summary>Whether a shard has a row that still binds a device: such a row is never given up (rule 35).</summary>
    public bool IsNeeded(Shard shard) =>
        shard.Devices.Any(id => _rows[id].Row is { Closed: null } row && (row.Last ?? row.Next) is not null);

    public void Remove(Shard shard)
    {
        foreach (var id in shard.Devices)
        {
            _rows.Remove(id);
        }

        _shards.Remove(shard);
    }

    private void Put(LedgerRow row, Shard home)
    {
        if (_rows.TryGetValue(row.Device, out var at) && at.Home != home)
        {
            at.Home.Devices.Remove(row.Device);
            at.Home.HoldsOlderRows |= at.Home.Revision < home.Revision;
        }

        home.Devices.Add(row.Device);
        _rows[row.Device] = (row, home);
    }

    private Shard Roomy(int revision) =>
        _shards.Find(shard => shard.Revision == revision && shard.Devices.Count < LedgerBook.RowsPerShard)
        ?? Begin(revision);

    private bool IsElsewhere(DeviceId id, int revision) =>
        _rows.TryGetValue(id, out var at) && at.Home.Revision > revision;

    /// <summary>A row written ahead for a batch that was never committed must be written again before the next commit.</summary>
    private bool IsStored(LedgerRow row, long committed) =>
        _rows.TryGetValue(row.Device, out var stored)
        && (
            ReferenceEquals(stored.Row, row)
            || (stored.Row.AsOf(committed) == row && !(stored.Row.Next?.Batch > committed))
        );
}
