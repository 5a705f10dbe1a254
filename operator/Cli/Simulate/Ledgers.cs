using System.Text.Json;
using EdgeRelease.Api;
using EdgeRelease.Controller;
using EdgeRelease.Kubernetes;
using EdgeRelease.Observation;
using EdgeRelease.Planning;

namespace EdgeRelease.Cli;

/// <summary>The ledger rows as the API server stores them, read past the operator.</summary>
internal sealed class Ledgers(World world)
{
    private readonly Dictionary<string, (string? Version, IReadOnlyList<LedgerRow> Rows)> _known = [];

    /// <summary>The rows of a release: of several for one device that of the highest revision. Rows of a revision that
    /// the status does not name yet count for nothing: no call was made for them.</summary>
    public Dictionary<DeviceId, LedgerRow> Of(string uid)
    {
        var begun = world
            .Cluster.All(Kinds.Release)
            .Select(ReleaseObject.Of)
            .FirstOrDefault(release => release.Uid == uid)
            ?.Status?.Revision;
        var rows = new Dictionary<DeviceId, LedgerRow>();
        foreach (var shard in world.Cluster.All(Kinds.Revision))
        {
            if (Uid(shard) != uid)
            {
                continue;
            }

            foreach (var row in Rows(shard).Where(row => !(row.Revision > begun)))
            {
                if (!rows.TryGetValue(row.Device, out var other) || other.Revision <= row.Revision)
                {
                    rows[row.Device] = row;
                }
            }
        }

        return rows;
    }

    private IReadOnlyList<LedgerRow> Rows(JsonElement shard)
    {
        var uid = ResourceJson.UidOf(shard)!;
        var version = ResourceJson.ResourceVersionOf(shard);
        if (_known.TryGetValue(uid, out var known) && known.Version == version)
        {
            return known.Rows;
        }

        var text = shard.TryGetProperty("ledger", out var ledger) ? ledger.GetString() : null;
        var rows = LedgerText.Rows(text);
        _known[uid] = (version, rows);
        return rows;
    }

    /// <summary>The uid of the release that a shard belongs to.</summary>
    public static string? Uid(JsonElement shard) =>
        shard.GetProperty("metadata").GetProperty("labels").GetProperty(ApiGroup.ReleaseUidLabel).GetString();
}
