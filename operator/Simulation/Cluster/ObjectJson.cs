using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using EdgeRelease.Kubernetes;

namespace EdgeRelease.Simulation;

/// <summary>The JSON of Kubernetes objects: immutable elements outside, nodes while one is being made.</summary>
internal static class ObjectJson
{
    private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Namespace and name of an object.</summary>
    /// <param name="item">The object.</param>
    /// <exception cref="ClusterException">400 when its metadata is none, 422 when it has no name.</exception>
    public static ResourceKey KeyOf(JsonElement item)
    {
        if (Member(item, "metadata") is not { ValueKind: JsonValueKind.Object } metadata)
        {
            throw Refusal.Invalid("metadata is missing or no object");
        }

        var name = Text(metadata, "name");
        return string.IsNullOrEmpty(name)
            ? throw Refusal.Unprocessable("metadata.name: Required value: name or generateName is required")
            : new ResourceKey(Text(metadata, "namespace") ?? "", name);
    }

    /// <summary>A member; null when it is absent, null, or the parent is no object.</summary>
    /// <param name="parent">The parent.</param>
    /// <param name="name">The member's name.</param>
    public static JsonElement? Member(JsonElement parent, string name) =>
        parent.ValueKind == JsonValueKind.Object
        && parent.TryGetProperty(name, out var member)
        && member.ValueKind != JsonValueKind.Null
            ? member
            : null;

    /// <summary>A text member; null when it is absent or no text.</summary>
    /// <param name="parent">The parent.</param>
    /// <param name="name">The member's name.</param>
    public static string? Text(JsonElement parent, string name) =>
        Member(parent, name) is { ValueKind: JsonValueKind.String } text ? text.GetString() : null;

    /// <summary>A member of an object's metadata; null when absent.</summary>
    /// <param name="item">The object.</param>
    /// <param name="name">The member's name.</param>
    public static JsonElement? Metadata(JsonElement item, string name) =>
        Member(item, "metadata") is { } metadata ? Member(metadata, name) : null;

    /// <summary>The texts of an array in an object's metadata, as its finalizers; empty when absent.</summary>
    /// <param name="item">The object.</param>
    /// <param name="name">The array's name.</param>
    public static IReadOnlyList<string> MetadataTexts(JsonElement item, string name) =>
        Metadata(item, name) is { ValueKind: JsonValueKind.Array } array
            ? [.. array.EnumerateArray().Select(static text => text.ToString())]
            : [];

    /// <summary>A node that may be changed; the element stays as it is.</summary>
    /// <param name="element">The element.</param>
    public static JsonNode? Node(JsonElement element) =>
        element.ValueKind switch
        {
            JsonValueKind.Object => JsonObject.Create(element),
            JsonValueKind.Array => JsonArray.Create(element),
            _ => JsonValue.Create(element),
        };

    /// <summary>The element of a node.</summary>
    /// <param name="node">The node.</param>
    public static JsonElement Element(JsonObject node)
    {
        var bytes = new ArrayBufferWriter<byte>(1024);
        using (var writer = new Utf8JsonWriter(bytes, Plain))
        {
            node.WriteTo(writer);
        }

        return JsonElement.Parse(bytes.WrittenSpan);
    }

    /// <summary>Whether two objects are equal in all but their metadata and, if so wished, their status.</summary>
    /// <param name="one">The one.</param>
    /// <param name="other">The other.</param>
    /// <param name="withStatus">Compare the status too.</param>
    public static bool HasSameContent(JsonElement one, JsonElement other, bool withStatus) =>
        Counts(one, withStatus) == Counts(other, withStatus)
        && one.EnumerateObject()
            .Where(member => IsContent(member, withStatus))
            .All(member =>
                other.TryGetProperty(member.Name, out var same) && JsonElement.DeepEquals(member.Value, same)
            );

    /// <summary>Whether two objects are equal in all but their resourceVersion.</summary>
    /// <param name="one">The one.</param>
    /// <param name="other">The other.</param>
    public static bool IsSameButVersion(JsonElement one, JsonElement other) =>
        HasSameContent(one, other, withStatus: true)
        && Member(one, "metadata") is { } mine
        && Member(other, "metadata") is { } theirs
        && mine.GetPropertyCount() == theirs.GetPropertyCount()
        && mine.EnumerateObject()
            .All(member =>
                member.NameEquals("resourceVersion")
                || (theirs.TryGetProperty(member.Name, out var same) && JsonElement.DeepEquals(member.Value, same))
            );

    private static int Counts(JsonElement item, bool withStatus) =>
        item.EnumerateObject().Count(member => IsContent(member, withStatus));

    private static bool IsContent(JsonProperty member, bool withStatus) =>
        !member.NameEquals("metadata") && (withStatus || !member.NameEquals("status"));
}
