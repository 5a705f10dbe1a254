using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using EdgeRelease.Kubernetes;
using Xunit;

namespace EdgeRelease.Tests.Conversations;

/// <summary>Where a conversation takes place: a server, and a namespace that is its own.</summary>
/// <param name="Cluster">The server, by a client.</param>
/// <param name="Namespace">Exists and is empty.</param>
/// <param name="Time">The client's time, for deadlines.</param>
public sealed record Place(ICluster Cluster, string Namespace, TimeProvider Time)
{
    /// <summary>The kind that is talked about: see <see cref="Talks"/>.</summary>
    public static ResourceKind Kind => Talks.Kind;

    private CancellationToken Cancel => CancellationToken.None;

    public ResourceKey Key(string name) => new(Namespace, name);

    public Task<JsonElement> CreateAsync(string name, Action<JsonObject>? edit = null) =>
        Cluster.CreateAsync(Kind, Edited(Talks.Talk(Key(name)), edit), Cancel);

    public Task<JsonElement> ReplaceAsync(JsonElement stored, Action<JsonObject> edit) =>
        Cluster.ReplaceAsync(Kind, Edited(stored, edit), null, Cancel);

    public Task<JsonElement> ReplaceStatusAsync(JsonElement stored, Action<JsonObject> edit) =>
        Cluster.ReplaceAsync(Kind, Edited(stored, edit), "status", Cancel);

    public Task<JsonElement?> FindAsync(string name) => Cluster.FindAsync(Kind, Key(name), Cancel);

    public Task DeleteAsync(string name, JsonElement? seen = null) =>
        Cluster.DeleteAsync(Kind, Key(name), seen, Cancel);

    public Task<ResourcePage> ListAsync(string? selector = null, int limit = 500, string? next = null) =>
        Cluster.ListAsync(
            Kind,
            new ListOptions
            {
                Namespace = Namespace,
                LabelSelector = selector,
                Limit = limit,
                Continue = next,
            },
            Cancel
        );

    /// <summary>Watches until an event is the last one wanted; fails when none is within two minutes.</summary>
    /// <param name="version">After which version.</param>
    /// <param name="isLast">Whether to stop at it.</param>
    public async Task<List<WatchEvent>> WatchAsync(string version, Func<WatchEvent, bool> isLast)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromMinutes(2), Time);
        var seen = new List<WatchEvent>();
        await foreach (var happened in Cluster.WatchAsync(Kind, Namespace, version, deadline.Token))
        {
            seen.Add(happened);
            if (isLast(happened))
            {
                return seen;
            }
        }

        throw new InvalidOperationException($"the watch ended after {seen.Count} events without the last one");
    }

    /// <summary>The call is refused with a status.</summary>
    public static async Task RefusedAsync(int status, Func<Task> call) =>
        Assert.Equal(status, (await Assert.ThrowsAsync<ClusterException>(call)).Status);

    public static JsonElement Edited(JsonElement item, Action<JsonObject>? edit)
    {
        var node = JsonObject.Create(item)!;
        edit?.Invoke(node);
        return JsonElement.Parse(node.ToJsonString());
    }
}

/// <summary>Short names for what conversations look at.</summary>
public static class Looks
{
    public static string? Meta(this JsonElement item, string name) =>
        item.GetProperty("metadata").TryGetProperty(name, out var value) ? value.ToString() : null;

    public static string Version(this JsonElement item) => item.Meta("resourceVersion")!;

    public static long VersionNumber(this JsonElement item) => long.Parse(item.Version(), CultureInfo.InvariantCulture);

    public static string Name(this JsonElement item) => item.Meta("name")!;

    public static string? At(this JsonElement item, string part, string name) =>
        item.TryGetProperty(part, out var whole) && whole.TryGetProperty(name, out var value) ? value.ToString() : null;

    public static string Words(this IEnumerable<WatchEvent> events) =>
        string.Join(
            ", ",
            events
                .Where(happened => happened.Kind != WatchEventKind.Bookmark)
                .Select(happened => $"{happened.Kind} {happened.Object.Name()}")
        );
}
