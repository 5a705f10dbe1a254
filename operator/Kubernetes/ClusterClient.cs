using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace EdgeRelease.Kubernetes;

/// <summary>A real API server over HTTP. Every call but a watch ends within 10 s. Nothing is retried, but once
/// after a 401 when a newer credential is there: callers have a backoff.</summary>
public sealed class ClusterClient : ICluster, IDisposable
{
    private readonly ClusterTransport transport;
    private readonly TimeProvider time;

    /// <summary>A client; it connects at the first call.</summary>
    /// <param name="connection">Where and as whom.</param>
    /// <param name="time">The clock of all timeouts.</param>
    /// <param name="userAgent">How the client names itself to the server, as <c>name/version</c>.</param>
    public ClusterClient(ClusterConnection connection, TimeProvider time, string userAgent)
    {
        ArgumentNullException.ThrowIfNull(connection);
        this.time = time;
        transport = new ClusterTransport(connection, time) { UserAgent = userAgent };
    }

    /// <summary>How long a watch may be silent, bookmarks included, before it counts as cut. Default 5 min.
    /// The server is asked to end each watch 10 s earlier, so that only a dead one gets there.</summary>
    public TimeSpan WatchIdleLimit { get; init; } = TimeSpan.FromMinutes(5);

    /// <inheritdoc/>
    /// <remarks>A page larger than 16 MiB is asked for again with half the limit, down to one object.</remarks>
    public async Task<ResourcePage> ListAsync(ResourceKind kind, ListOptions options, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(options);
        for (var limit = options.Limit; ; limit /= 2)
        {
            var call = ClusterCall.OnCollection("list", kind, options.Namespace, Query(options, limit));
            var answer = await transport.SendAsync(call, cancel);
            if (!answer.TooLarge || limit <= 1)
            {
                return Page(call, Required(call, answer));
            }
        }
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<WatchEvent> WatchAsync(
        ResourceKind kind,
        string? ns,
        string resourceVersion,
        [EnumeratorCancellation] CancellationToken cancel
    )
    {
        var seconds = Math.Max(1, (int)WatchIdleLimit.TotalSeconds - 10);
        var call = ClusterCall.OnCollection(
            "watch",
            kind,
            ns,
            $"watch=true&allowWatchBookmarks=true&timeoutSeconds={seconds}&resourceVersion={Uri.EscapeDataString(resourceVersion)}"
        );
        using var response = await transport.OpenAsync(call, cancel);
        using var stream = await response.Content.ReadAsStreamAsync(cancel);
        var watch = new WatchStream(stream, WatchIdleLimit, time);
        while (await watch.NextAsync(call.Words, cancel) is { } next)
        {
            yield return next;
        }
    }

    /// <inheritdoc/>
    public async Task<JsonElement?> FindAsync(ResourceKind kind, ResourceKey key, CancellationToken cancel)
    {
        var call = ClusterCall.OnObject(HttpMethod.Get, "get", new ResourceTarget(kind, key));
        var answer = await transport.SendAsync(call, cancel);
        return IsAbsent(answer) ? null : Required(call, answer);
    }

    /// <inheritdoc/>
    public async Task<JsonElement> CreateAsync(ResourceKind kind, JsonElement body, CancellationToken cancel)
    {
        var key = ResourceJson.KeyOf(body) ?? throw new ArgumentException("has no metadata.name", nameof(body));
        var call = ClusterCall.Creation(kind, key) with { Body = body };
        return Required(call, await transport.SendAsync(call, cancel));
    }

    /// <summary>POSTs a question that is answered and not stored, such as a TokenReview.</summary>
    /// <param name="kind">Its kind, without a namespace.</param>
    /// <param name="body">The question.</param>
    /// <param name="cancel">Ends the call.</param>
    /// <returns>The question with its answer as status.</returns>
    /// <exception cref="ClusterException">The server refuses or does not answer.</exception>
    public async Task<JsonElement> AskAsync(ResourceKind kind, JsonElement body, CancellationToken cancel)
    {
        var call = ClusterCall.Creation(kind, new ResourceKey("", "of a caller")) with { Body = body };
        return Required(call, await transport.SendAsync(call, cancel));
    }

    /// <inheritdoc/>
    public async Task<JsonElement> ReplaceAsync(
        ResourceKind kind,
        JsonElement body,
        string? subresource,
        CancellationToken cancel
    )
    {
        var key = ResourceJson.KeyOf(body) ?? throw new ArgumentException("has no metadata.name", nameof(body));
        if (string.IsNullOrEmpty(ResourceJson.ResourceVersionOf(body)))
        {
            throw new ArgumentException("has no metadata.resourceVersion", nameof(body));
        }
        var target = new ResourceTarget(kind, key, subresource);
        var call = ClusterCall.OnObject(HttpMethod.Put, "replace", target) with { Body = body };
        return Required(call, await transport.SendAsync(call, cancel));
    }

    /// <inheritdoc/>
    public async Task DeleteAsync(ResourceKind kind, ResourceKey key, JsonElement? seen, CancellationToken cancel)
    {
        var call = ClusterCall.OnObject(HttpMethod.Delete, "delete", new ResourceTarget(kind, key)) with
        {
            Body = seen is { } known ? Only(known) : null,
        };
        var answer = await transport.SendAsync(call, cancel);
        if (!IsAbsent(answer))
        {
            Required(call, answer);
        }
    }

    /// <summary>Closes the connections; running calls fail.</summary>
    public void Dispose() => transport.Dispose();

    /// <summary>The options of a deletion that must not hit another object or version.</summary>
    private static JsonElement Only(JsonElement seen) =>
        ResourceJson.Element(
            new JsonObject
            {
                ["apiVersion"] = "v1",
                ["kind"] = "DeleteOptions",
                ["preconditions"] = new JsonObject
                {
                    ["uid"] = ResourceJson.UidOf(seen),
                    ["resourceVersion"] = ResourceJson.ResourceVersionOf(seen),
                },
            }
        );

    private static string Query(ListOptions options, int limit)
    {
        var query = $"limit={limit.ToString(CultureInfo.InvariantCulture)}";
        query += options.LabelSelector is { } selector ? $"&labelSelector={Uri.EscapeDataString(selector)}" : "";
        return query + (options.Continue is { } token ? $"&continue={Uri.EscapeDataString(token)}" : "");
    }

    private static JsonElement Required(ClusterCall call, ClusterAnswer answer)
    {
        if (answer.Status is < 200 or > 299)
        {
            throw ClusterErrors.Refused(call.Words, answer);
        }
        return ClusterErrors.Json(answer) ?? throw ClusterErrors.Unreadable(call.Words);
    }

    private static ResourcePage Page(ClusterCall call, JsonElement list)
    {
        if (
            ResourceJson.ResourceVersionOf(list) is not { } version
            || !list.TryGetProperty("items", out var items)
            || items.ValueKind != JsonValueKind.Array
        )
        {
            throw ClusterErrors.Unreadable(call.Words);
        }
        var next = ResourceJson.Text(list.GetProperty("metadata"), "continue");
        return new ResourcePage([.. items.EnumerateArray()], version, string.IsNullOrEmpty(next) ? null : next);
    }

    /// <summary>Whether a 404 means the object and not its kind: only then the server names it.</summary>
    private static bool IsAbsent(ClusterAnswer answer) =>
        answer.Status == 404
        && ClusterErrors.Json(answer) is { } status
        && status.TryGetProperty("details", out var details)
        && ResourceJson.Text(details, "name") is not null;
}
