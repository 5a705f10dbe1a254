using System.Buffers;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace EdgeRelease.Kubernetes;

/// <summary>Reads and edits objects as the JSON they came in, so that members unknown here survive a replace.</summary>
public static class ResourceJson
{
    /// <summary>Namespace and name; the namespace is empty for a cluster-scoped object.
    /// Null when there is no readable name.</summary>
    /// <param name="resource">The object.</param>
    public static ResourceKey? KeyOf(JsonElement resource) =>
        MetadataText(resource, "name") is { Length: > 0 } name
            ? new ResourceKey(MetadataText(resource, "namespace") ?? "", name)
            : null;

    /// <summary>The uid; null when there is none.</summary>
    /// <param name="resource">The object.</param>
    public static string? UidOf(JsonElement resource) => MetadataText(resource, "uid");

    /// <summary>The resourceVersion; null when there is none.</summary>
    /// <param name="resource">The object, or a list or bookmark.</param>
    public static string? ResourceVersionOf(JsonElement resource) => MetadataText(resource, "resourceVersion");

    /// <summary>A copy with another status.</summary>
    /// <param name="resource">The object as received.</param>
    /// <param name="status">The whole new status, a JSON object.</param>
    public static JsonElement WithStatus(JsonElement resource, JsonElement status) =>
        Edited(resource, root => root["status"] = JsonObject.Create(status));

    /// <summary>A copy with other finalizers.</summary>
    /// <param name="resource">The object as received.</param>
    /// <param name="finalizers">All finalizers it then has.</param>
    public static JsonElement WithFinalizers(JsonElement resource, IEnumerable<string> finalizers) =>
        Edited(
            resource,
            root => Metadata(root)["finalizers"] = new JsonArray([.. finalizers.Select(name => JsonValue.Create(name))])
        );

    /// <summary>A copy on its own memory without metadata.managedFields, to be kept for long. The server keeps its
    /// managedFields when a replace comes without.</summary>
    /// <param name="resource">The object as received, perhaps part of a larger document.</param>
    public static JsonElement Kept(JsonElement resource) =>
        MetadataOf(resource) is { } metadata && metadata.TryGetProperty("managedFields", out _)
            ? Edited(resource, root => Metadata(root).Remove("managedFields"))
            : resource.Clone();

    /// <summary>A copy, changed.</summary>
    /// <param name="resource">A JSON object.</param>
    /// <param name="edit">Changes the copy in place.</param>
    public static JsonElement Edited(JsonElement resource, Action<JsonObject> edit)
    {
        ArgumentNullException.ThrowIfNull(edit);
        var root = JsonObject.Create(resource) ?? throw new ArgumentException("not a JSON object", nameof(resource));
        edit(root);
        return Element(root);
    }

    /// <summary>A node as an element on its own memory.</summary>
    /// <param name="node">What to convert.</param>
    public static JsonElement Element(JsonNode node)
    {
        ArgumentNullException.ThrowIfNull(node);
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            node.WriteTo(writer);
        }
        return JsonElement.Parse(buffer.WrittenSpan);
    }

    private static JsonObject Metadata(JsonObject root)
    {
        if (root["metadata"] is JsonObject metadata)
        {
            return metadata;
        }
        var created = new JsonObject();
        root["metadata"] = created;
        return created;
    }

    private static JsonElement? MetadataOf(JsonElement resource) =>
        resource.ValueKind == JsonValueKind.Object
        && resource.TryGetProperty("metadata", out var metadata)
        && metadata.ValueKind == JsonValueKind.Object
            ? metadata
            : null;

    private static string? MetadataText(JsonElement resource, string member) =>
        MetadataOf(resource) is { } metadata ? Text(metadata, member) : null;

    internal static string? Text(JsonElement parent, string member) =>
        parent.ValueKind == JsonValueKind.Object
        && parent.TryGetProperty(member, out var value)
        && value.ValueKind == JsonValueKind.String
            ? value.GetString()
            : null;
}
