using System.Text.Json;
using System.Text.Json.Nodes;
using EdgeRelease.Api;
using EdgeRelease.Kubernetes;
using EdgeRelease.Observation;

namespace EdgeRelease.Controller;

/// <summary>One EdgeReleaseRevision object.</summary>
internal sealed class Shard(int revision, int index, string name)
{
    public int Revision => revision;

    public int Index => index;

    public string Name => name;

    public List<DeviceId> Devices { get; } = [];

    /// <summary>The object as last seen; null before it was created.</summary>
    public JsonElement? Stored { get; set; }

    /// <summary>Its content as last seen; null before it was created.</summary>
    public EdgeReleaseRevision? Head { get; set; }
}

/// <summary>The JSON of a shard, with label and owner.</summary>
internal static class ShardJson
{
    public static JsonElement Of(Shard shard, EdgeReleaseRevision content, ReleaseObject release)
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
        if (shard.Stored is { } stored)
        {
            metadata["resourceVersion"] = ResourceJson.ResourceVersionOf(stored);
        }

        root["metadata"] = metadata;
        return ResourceJson.Element(root);
    }
}

/// <summary>Makes the object of a new shard.</summary>
internal static class Shards
{
    /// <summary>A release of the same name before this one may have left its objects behind: they go (I13).</summary>
    public static async Task<JsonElement> CreateAsync(
        ICluster cluster,
        Shard shard,
        JsonElement json,
        CancellationToken cancel
    )
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

            await cluster.DeleteAsync(Kinds.Revision, key, cancel);
            return await cluster.CreateAsync(Kinds.Revision, json, cancel);
        }
    }

    private static string? UidOf(JsonElement json) =>
        json.GetProperty("metadata").TryGetProperty("labels", out var labels)
        && labels.TryGetProperty(ApiGroup.ReleaseUidLabel, out var uid)
            ? uid.GetString()
            : null;
}
