using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace EdgeRelease.Simulation;

/// <summary>The metadata of stored objects: what a client may say, and what only the server says.</summary>
internal static class ObjectMetadata
{
    private static readonly string[] OfTheClient =
    [
        "name",
        "namespace",
        "labels",
        "annotations",
        "finalizers",
        "ownerReferences",
    ];

    private static readonly string[] OfTheServer =
    [
        "uid",
        "creationTimestamp",
        "generation",
        "resourceVersion",
        "deletionTimestamp",
        "deletionGracePeriodSeconds",
    ];

    /// <summary>The metadata of an object that is new.</summary>
    /// <param name="body">What the client sent.</param>
    /// <param name="serial">Makes the uid; unique in the cluster.</param>
    /// <param name="now">The server's clock.</param>
    public static JsonObject Created(JsonElement body, long serial, DateTimeOffset now)
    {
        var metadata = new JsonObject();
        Copy(body, OfTheClient, metadata);
        metadata["uid"] = $"00000000-0000-4000-8000-{serial.ToString("x12", CultureInfo.InvariantCulture)}";
        metadata["creationTimestamp"] = Timestamp(now);
        return metadata;
    }

    /// <summary>The metadata of an object that is replaced: the client's part is new, the server's stays.</summary>
    /// <param name="body">What the client sent.</param>
    /// <param name="stored">What is replaced.</param>
    public static JsonObject Replaced(JsonElement body, JsonElement stored)
    {
        var metadata = new JsonObject();
        Copy(body, OfTheClient, metadata);
        Copy(stored, OfTheServer, metadata);
        return metadata;
    }

    /// <summary>Marks an object as being deleted, which is a change of generation where there is one.</summary>
    /// <param name="item">The object.</param>
    /// <param name="now">The server's clock.</param>
    public static void MarkDeleted(JsonObject item, DateTimeOffset now)
    {
        Advance(item);
        item["metadata"]!["deletionTimestamp"] = Timestamp(now);
        item["metadata"]!["deletionGracePeriodSeconds"] = 0;
    }

    /// <summary>Moves an object's generation on; one without stays without.</summary>
    /// <param name="item">The object.</param>
    public static void Advance(JsonObject item)
    {
        var metadata = item["metadata"]!;
        if (metadata["generation"] is { } generation)
        {
            metadata["generation"] = generation.GetValue<long>() + 1;
        }
    }

    private static void Copy(JsonElement from, string[] names, JsonObject to)
    {
        foreach (var name in names)
        {
            if (ObjectJson.Metadata(from, name) is { } member && !IsEmpty(member))
            {
                to[name] = ObjectJson.Node(member);
            }
        }
    }

    private static bool IsEmpty(JsonElement member) =>
        member.ValueKind switch
        {
            JsonValueKind.Array => member.GetArrayLength() == 0,
            JsonValueKind.Object => member.GetPropertyCount() == 0,
            JsonValueKind.String => member.ValueEquals(""),
            _ => false,
        };

    private static string Timestamp(DateTimeOffset at) =>
        at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
