using System.Text.Json;
using System.Text.Json.Nodes;
using EdgeRelease.Api;
using EdgeRelease.Kubernetes;
using EdgeRelease.Observation;
using EdgeRelease.Planning;

namespace EdgeRelease.Controller;

/// <summary>One EdgeReleaseRevision object.</summary>
internal sealed class Shard(int revision, int index, string name)
{
    /// <summary>By revision and number.</summary>
    public static readonly Comparer<Shard> InOrder = Comparer<Shard>.Create(
        (a, b) => (a.Revision, a.Index).CompareTo((b.Revision, b.Index))
    );

    public int Revision => revision;

    public int Index => index;

    public string Name => name;

    /// <summary>The devices whose row that counts stands here.</summary>
    public HashSet<DeviceId> Devices { get; } = [];

    /// <summary>Whether it also stores rows of devices whose row of a later revision counts.</summary>
    public bool HoldsOlderRows { get; set; }

    /// <summary>The object as last seen; null before it was created.</summary>
    public JsonElement? Stored { get; private set; }

    /// <summary>Its content as last seen, without the ledger; null before it was created.</summary>
    public EdgeReleaseRevision? Head { get; private set; }

    /// <exception cref="LedgerException">The object is not of the contract.</exception>
    public static Shard Of(JsonElement stored)
    {
        var name = ResourceJson.KeyOf(stored)!.Name;
        try
        {
            var content = stored.Deserialize(ControllerJson.Default.EdgeReleaseRevision)!;
            var shard = new Shard(content.Revision, content.Shard, name);
            shard.Keep(stored, content);
            return shard;
        }
        catch (JsonException e)
        {
            throw new LedgerException(name, e);
        }
    }

    /// <summary>Remembers the object as the server has it.</summary>
    public void Keep(JsonElement stored, EdgeReleaseRevision content)
    {
        Stored = stored;
        Head = content with { Ledger = null };
    }

    /// <summary>Whether it tells of its revision what is remembered now.</summary>
    public bool Says(Memory memory) =>
        Head is { } head
        && head.Result == memory.Result
        && head.Abort == memory.Latch
        && head.Version?.FlowVersionId == memory.Version?.FlowVersionId
        && head.Version?.Name == memory.Version?.Name
        && head.Version?.Etag == memory.Version?.Etag;

    /// <summary>The rows as last stored.</summary>
    /// <exception cref="LedgerException">The text is not a ledger.</exception>
    public IReadOnlyList<LedgerRow> StoredRows()
    {
        if (Stored is not { } stored || !stored.TryGetProperty("ledger", out var text))
        {
            return [];
        }

        try
        {
            return LedgerText.Rows(text.GetString());
        }
        catch (JsonException e)
        {
            throw new LedgerException(name, e);
        }
    }
}

/// <summary>The JSON of a shard, with label and owner.</summary>
internal static class ShardJson
{
    /// <param name="shard">The shard.</param>
    /// <param name="content">Its content.</param>
    /// <param name="release">The release that it belongs to.</param>
    /// <param name="isNew">Whether the object is to be created.</param>
    public static JsonElement Of(Shard shard, EdgeReleaseRevision content, ObjectMeta release, bool isNew)
    {
        var root = JsonObject.Create(
            JsonSerializer.SerializeToElement(content, ControllerJson.Default.EdgeReleaseRevision)
        )!;
        root["apiVersion"] = ApiGroup.ApiVersion;
        root["kind"] = Kinds.Revision.Kind;
        var metadata = new JsonObject
        {
            ["name"] = shard.Name,
            ["namespace"] = release.Key.Namespace,
            ["labels"] = new JsonObject { [ApiGroup.ReleaseUidLabel] = release.Uid },
            ["ownerReferences"] = new JsonArray(
                new JsonObject
                {
                    ["apiVersion"] = ApiGroup.ApiVersion,
                    ["kind"] = Kinds.Release.Kind,
                    ["name"] = release.Key.Name,
                    ["uid"] = release.Uid,
                    ["controller"] = true,
                }
            ),
        };
        if (!isNew)
        {
            metadata["resourceVersion"] = ResourceJson.ResourceVersionOf(shard.Stored!.Value);
        }

        root["metadata"] = metadata;
        return ResourceJson.Element(root);
    }
}

/// <summary>Stores the object of a shard.</summary>
internal static class Shards
{
    /// <summary>Stores the object under the version last seen.</summary>
    /// <returns>Null when it is not there.</returns>
    public static async Task<JsonElement?> ReplaceAsync(ICluster cluster, JsonElement json, CancellationToken cancel)
    {
        try
        {
            return await cluster.ReplaceAsync(Kinds.Revision, json, null, cancel);
        }
        catch (ClusterException e) when (e.IsNotFound)
        {
            return null;
        }
    }

    /// <summary>A release of the same name before this one may have left its objects behind: they go (I13).</summary>
    public static async Task<JsonElement> CreateAsync(ICluster cluster, JsonElement json, CancellationToken cancel)
    {
        try
        {
            return await cluster.CreateAsync(Kinds.Revision, json, cancel);
        }
        catch (ClusterException e) when (e.IsConflict)
        {
            var key = ResourceJson.KeyOf(json)!;
            if (await cluster.FindAsync(Kinds.Revision, key, cancel) is not { } found || UidOf(found) == UidOf(json))
            {
                throw;
            }

            await cluster.DeleteAsync(Kinds.Revision, key, found, cancel);
            return await cluster.CreateAsync(Kinds.Revision, json, cancel);
        }
    }

    private static string? UidOf(JsonElement json) =>
        json.GetProperty("metadata").TryGetProperty("labels", out var labels)
        && labels.TryGetProperty(ApiGroup.ReleaseUidLabel, out var uid)
            ? uid.GetString()
            : null;
}
