using System.Text.Json;

namespace EdgeRelease.Kubernetes;

/// <summary>One request to the API server.</summary>
/// <param name="Method">The HTTP method.</param>
/// <param name="Path">Path and query, escaped.</param>
/// <param name="Words">For messages: verb, kind, namespace and name.</param>
internal sealed record ClusterCall(HttpMethod Method, string Path, string Words)
{
    /// <summary>The object to send; null for none.</summary>
    public JsonElement? Body { get; init; }

    /// <summary>A call on one object, or on its subresource.</summary>
    public static ClusterCall OnObject(HttpMethod method, string verb, ResourceTarget target)
    {
        var words = $"{verb} {target.Kind.Kind}{(target.Subresource is { } sub ? $"/{sub}" : "")} {Named(target.Key)}";
        var path = $"{Collection(target.Kind, target.Key.Namespace, words)}/{Segment(target.Key.Name, words)}";
        return new ClusterCall(method, target.Subresource is { } part ? $"{path}/{Segment(part, words)}" : path, words);
    }

    /// <summary>A POST to the collection that the object goes into.</summary>
    public static ClusterCall Creation(ResourceKind kind, ResourceKey key)
    {
        var words = $"create {kind.Kind} {Named(key)}";
        return new ClusterCall(HttpMethod.Post, Collection(kind, key.Namespace, words), words);
    }

    /// <summary>A GET of a collection, with a query.</summary>
    public static ClusterCall OnCollection(string verb, ResourceKind kind, string? ns, string query)
    {
        var words = $"{verb} {kind.Kind} {(string.IsNullOrEmpty(ns) ? "in all namespaces" : $"in {ns}")}";
        return new ClusterCall(HttpMethod.Get, $"{Collection(kind, ns, words)}?{query}", words);
    }

    private static string Named(ResourceKey key) => key.Namespace.Length == 0 ? key.Name : key.ToString();

    private static string Collection(ResourceKind kind, string? ns, string words)
    {
        var root = kind.Group.Length == 0 ? "/api" : $"/apis/{Segment(kind.Group, words)}";
        var scope = string.IsNullOrEmpty(ns) ? "" : $"/namespaces/{Segment(ns, words)}";
        return $"{root}/{Segment(kind.Version, words)}{scope}/{Segment(kind.Plural, words)}";
    }

    /// <summary>Escaped. Nothing, dots and slashes would make the path mean another object, a part of one, or a list;
    /// Kubernetes has no such names.</summary>
    private static string Segment(string text, string words) =>
        text is "" or "." or ".." || text.AsSpan().ContainsAny('/', '%')
            ? throw new ClusterException(400, $"cannot {ClusterErrors.Cleaned(words)}: not a name: '{text}'")
            : Uri.EscapeDataString(text);
}

/// <summary>An object or a part of it.</summary>
internal sealed record ResourceTarget(ResourceKind Kind, ResourceKey Key, string? Subresource = null);
