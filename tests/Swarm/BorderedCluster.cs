using System.Runtime.CompilerServices;
using System.Text.Json;
using EdgeRelease.Kubernetes;
using EdgeRelease.Simulation;

namespace EdgeRelease.Tests.Swarm;

/// <summary>A client of the simulated API server whose calls cross a border.</summary>
internal sealed class BorderedCluster(SimulatedClient client, Border border) : ICluster
{
    public Task<ResourcePage> ListAsync(ResourceKind kind, ListOptions options, CancellationToken cancel) =>
        Cross(() => client.ListAsync(kind, options, cancel));

    /// <summary>The call is the opening of the watch: until the first event, or for ever.</summary>
    public async IAsyncEnumerable<WatchEvent> WatchAsync(
        ResourceKind kind,
        string? ns,
        string resourceVersion,
        [EnumeratorCancellation] CancellationToken cancel
    )
    {
        await using var events = client.WatchAsync(kind, ns, resourceVersion, cancel).GetAsyncEnumerator(cancel);
        var isNext = await Cross(() => events.MoveNextAsync().AsTask());
        while (isNext)
        {
            yield return events.Current;
            isNext = await events.MoveNextAsync();
        }
    }

    public Task<JsonElement?> FindAsync(ResourceKind kind, ResourceKey key, CancellationToken cancel) =>
        Cross(() => client.FindAsync(kind, key, cancel));

    public Task<JsonElement> CreateAsync(ResourceKind kind, JsonElement body, CancellationToken cancel) =>
        Cross(() => client.CreateAsync(kind, body, cancel));

    public Task<JsonElement> ReplaceAsync(
        ResourceKind kind,
        JsonElement body,
        string? subresource,
        CancellationToken cancel
    ) => Cross(() => client.ReplaceAsync(kind, body, subresource, cancel));

    public Task DeleteAsync(ResourceKind kind, ResourceKey key, JsonElement? seen, CancellationToken cancel) =>
        Cross(async () =>
        {
            await client.DeleteAsync(kind, key, seen, cancel);
            return true;
        });

    private Task<T> Cross<T>(Func<Task<T>> call) => border.CrossAsync(client.Process, call);
}

/// <summary>The way to the simulated Losant, across a border.</summary>
internal sealed class BorderedTransport(HttpMessageHandler inner, VirtualProcess process, Border border)
    : DelegatingHandler(inner)
{
    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancel) =>
        border.CrossAsync(process, () => base.SendAsync(request, cancel));
}
