using System.Collections.Concurrent;
using System.Text.Json;
using EdgeRelease.Kubernetes;
using Xunit;

namespace EdgeRelease.Tests.EndToEnd.Kubernetes;

/// <summary>A running informer and what it told.</summary>
internal sealed class Follower : IAsyncDisposable
{
    private readonly CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(
        TestContext.Current.CancellationToken
    );
    private readonly Task running;

    /// <param name="cluster">The server.</param>
    /// <param name="options">What to follow; its callbacks are replaced.</param>
    /// <param name="changed">Called beside the record of changes; null for nothing.</param>
    public Follower(ICluster cluster, InformerOptions options, Action<JsonElement?>? changed = null)
    {
        Informer = new Informer(
            cluster,
            options with
            {
                Changed = (key, old, now) =>
                {
                    changed?.Invoke(now);
                    Told.Enqueue($"{(old is null ? "new" : now is null ? "gone" : "changed")} {key.Name}");
                },
                Faulted = (key, e) => Faults.Enqueue((key, e)),
            },
            TimeProvider.System,
            Random.Shared
        );
        running = Informer.RunAsync(stop.Token);
    }

    public Informer Informer { get; }

    /// <summary>As <c>new a</c>, <c>changed a</c>, <c>gone a</c>.</summary>
    public ConcurrentQueue<string> Told { get; } = [];

    public ConcurrentQueue<(ResourceKey? Key, Exception Cause)> Faults { get; } = [];

    public static InformerOptions Options(ResourceKind kind, params string[] namespaces) =>
        new()
        {
            Kind = kind,
            Namespaces = namespaces,
            Changed = (_, _, _) => { },
        };

    public Task SyncedAsync() => Informer.WhenSyncedAsync().WaitAsync(TimeSpan.FromMinutes(1), TimeProvider.System);

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
        stop.Dispose();
    }
}
