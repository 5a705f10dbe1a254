using System.Text.Json;

namespace EdgeRelease.Kubernetes;

/// <summary>A Kubernetes API server, as far as an operator needs one. Knows nothing of EdgeRelease.
/// Every method throws <see cref="ClusterException"/> when the server refuses or cannot be reached, and
/// <see cref="OperationCanceledException"/> when its token is cancelled. Nothing is retried here.</summary>
public interface ICluster
{
    /// <summary>One page of a list, by namespace and name. All pages show the state at the first one's resourceVersion;
    /// a token that is too old is a 410. A page may have fewer objects than the limit, even when another follows.
    /// Items of a built-in kind come without apiVersion and kind.</summary>
    /// <param name="kind">What to list.</param>
    /// <param name="options">Where, how many, from where on.</param>
    /// <param name="cancel">Ends the call.</param>
    Task<ResourcePage> ListAsync(ResourceKind kind, ListOptions options, CancellationToken cancel);

    /// <summary>The changes after a resourceVersion, in its order, bookmarks included, until the server or the network
    /// ends the stream: a cut, a truncated line and a long silence end it as the server does, without an exception.
    /// What the server refuses is thrown, also when it comes as an ERROR event; 410 means to list again. The object
    /// of a deletion has the resourceVersion of the deletion; that of a bookmark has nothing but its resourceVersion.</summary>
    /// <param name="kind">What to watch.</param>
    /// <param name="ns">The namespace; null for all.</param>
    /// <param name="resourceVersion">The version after which to begin.</param>
    /// <param name="cancel">Ends the stream.</param>
    IAsyncEnumerable<WatchEvent> WatchAsync(
        ResourceKind kind,
        string? ns,
        string resourceVersion,
        CancellationToken cancel
    );

    /// <summary>One object; null when there is none. A kind that the server does not know is a 404.</summary>
    /// <param name="kind">Its kind.</param>
    /// <param name="key">Its namespace and name.</param>
    /// <param name="cancel">Ends the call.</param>
    Task<JsonElement?> FindAsync(ResourceKind kind, ResourceKey key, CancellationToken cancel);

    /// <summary>Creates an object (POST). 409 when the name is taken, 404 when the namespace is absent.</summary>
    /// <param name="kind">Its kind.</param>
    /// <param name="body">The whole object, with metadata.name and metadata.namespace.</param>
    /// <param name="cancel">Ends the call.</param>
    /// <returns>The object as stored.</returns>
    Task<JsonElement> CreateAsync(ResourceKind kind, JsonElement body, CancellationToken cancel);

    /// <summary>Replaces an object (PUT) under the resourceVersion in its metadata. 409 when that is stale or the object
    /// was re-created, 404 (or 409) when it is gone. Through <c>status</c> only the status changes, else all but that.
    /// A body without managedFields keeps those of the object. One that changes nothing writes nothing and keeps the
    /// resourceVersion. Without the last finalizer an object that is being deleted goes.</summary>
    /// <param name="kind">Its kind.</param>
    /// <param name="body">The whole object.</param>
    /// <param name="subresource">As <c>status</c>; null for the object itself.</param>
    /// <param name="cancel">Ends the call.</param>
    /// <returns>The object as stored.</returns>
    /// <exception cref="ArgumentException">The body has no name or no resourceVersion.</exception>
    Task<JsonElement> ReplaceAsync(ResourceKind kind, JsonElement body, string? subresource, CancellationToken cancel);

    /// <summary>Deletes an object; with finalizers it stays until they are gone. An absent object is no error.</summary>
    /// <param name="kind">Its kind.</param>
    /// <param name="key">Its namespace and name.</param>
    /// <param name="seen">The object as it must still be, by its uid and resourceVersion: 409 when it has changed or was
    /// re-created. Null to delete whatever has the name.</param>
    /// <param name="cancel">Ends the call.</param>
    Task DeleteAsync(ResourceKind kind, ResourceKey key, JsonElement? seen, CancellationToken cancel);
}

/// <summary>A kind of resource and where the API server serves it.</summary>
/// <param name="Group">The API group; empty for the core group.</param>
/// <param name="Version">The API version.</param>
/// <param name="Plural">The lower-case plural in the path.</param>
/// <param name="Kind">The kind's name.</param>
public sealed record ResourceKind(string Group, string Version, string Plural, string Kind)
{
    /// <summary>Secrets of the core group.</summary>
    public static readonly ResourceKind Secret = new("", "v1", "secrets", "Secret");

    /// <summary>ConfigMaps of the core group.</summary>
    public static readonly ResourceKind ConfigMap = new("", "v1", "configmaps", "ConfigMap");

    /// <summary>Leases, for leader election.</summary>
    public static readonly ResourceKind Lease = new("coordination.k8s.io", "v1", "leases", "Lease");

    /// <summary>Events of the events.k8s.io group.</summary>
    public static readonly ResourceKind Event = new("events.k8s.io", "v1", "events", "Event");

    /// <summary>Group and version as an object writes them.</summary>
    public string ApiVersion => Group.Length == 0 ? Version : $"{Group}/{Version}";
}

/// <summary>The namespace and name of an object.</summary>
/// <param name="Namespace">The namespace; empty for a cluster-scoped object.</param>
/// <param name="Name">The name.</param>
public sealed record ResourceKey(string Namespace, string Name)
{
    /// <summary>As people write it: <c>namespace/name</c>.</summary>
    public override string ToString() => $"{Namespace}/{Name}";
}

/// <summary>What to list.</summary>
public sealed record ListOptions
{
    /// <summary>The namespace; null for all.</summary>
    public string? Namespace { get; init; }

    /// <summary>An equality selector as <c>key=value,key2=value2</c>; null for none.</summary>
    public string? LabelSelector { get; init; }

    /// <summary>Objects a page. Default 500.</summary>
    public int Limit { get; init; } = 500;

    /// <summary>The token of the page before; null for the first page.</summary>
    public string? Continue { get; init; }
}

/// <summary>One page of a list; items are parsed one by one later, so that a bad one stops nothing.</summary>
/// <param name="Items">The objects.</param>
/// <param name="ResourceVersion">The version of the list, to begin a watch.</param>
/// <param name="Continue">The token of the next page; null on the last.</param>
public sealed record ResourcePage(IReadOnlyList<JsonElement> Items, string ResourceVersion, string? Continue);

/// <summary>What happened to an object.</summary>
public enum WatchEventKind
{
    /// <summary>It is new.</summary>
    Added,

    /// <summary>It changed.</summary>
    Modified,

    /// <summary>It is gone.</summary>
    Deleted,

    /// <summary>Nothing happened; only the resourceVersion moved on.</summary>
    Bookmark,
}

/// <summary>One line of a watch.</summary>
/// <param name="Kind">What happened.</param>
/// <param name="Object">The object after it (before it, for a deletion).</param>
public sealed record WatchEvent(WatchEventKind Kind, JsonElement Object);

/// <summary>The API server refused, or could not be reached.</summary>
public sealed class ClusterException : Exception
{
    /// <summary>An error with the server's status.</summary>
    /// <param name="status">The HTTP status; 0 when there was no answer.</param>
    /// <param name="message">One line: <c>cannot {verb} {object}: {cause}</c>.</param>
    /// <param name="inner">What the network said; null when the server answered.</param>
    public ClusterException(int status, string message, Exception? inner = null)
        : base(message, inner) => Status = status;

    /// <summary>The HTTP status; 0 when there was no answer.</summary>
    public int Status { get; }

    /// <summary>Somebody else wrote first, or the name is taken (409).</summary>
    public bool IsConflict => Status == 409;

    /// <summary>Whether the object is not there.</summary>
    public bool IsNotFound => Status == 404;

    /// <summary>The server does not take what the object says (422), and will not the next time.</summary>
    public bool IsInvalid => Status == 422;

    /// <summary>The version asked for is too old (410): list again.</summary>
    public bool IsGone => Status == 410;
}
