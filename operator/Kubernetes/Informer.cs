using System.Text.Json;

namespace EdgeRelease.Kubernetes;

/// <summary>What an <see cref="Informer"/> follows, and whom it tells.</summary>
public sealed record InformerOptions
{
    /// <summary>The kind to follow.</summary>
    public required ResourceKind Kind { get; init; }

    /// <summary>The namespaces to follow, each with a list and a watch of its own; empty for the whole cluster.
    /// Default empty.</summary>
    public IReadOnlyList<string> Namespaces { get; init; } = [];

    /// <summary>Objects a page of a list. Default 500.</summary>
    public int PageLimit { get; init; } = 500;

    /// <summary>How often everything is listed again, which repairs a lost event. Default 10 min, with up to a
    /// tenth less as jitter.</summary>
    public TimeSpan Resync { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Called after each change of an object: its key, what it was (null when new) and what it is (null
    /// when gone). What it throws goes to <see cref="Faulted"/> and stops nothing.</summary>
    public required Action<ResourceKey, JsonElement?, JsonElement?> Changed { get; init; }

    /// <summary>Called with what went wrong: an object that <see cref="Changed"/> could not take (with its key), or a
    /// list or watch that will be tried again (key null). Default nothing.</summary>
    public Action<ResourceKey?, Exception> Faulted { get; init; } = (_, _) => { };
}

/// <summary>Keeps a <see cref="ResourceStore"/> equal to the server: lists in pages, then watches; after a 410 lists
/// again, and what is no longer there is told as gone.</summary>
/// <remarks>Starts no thread: all calls to <see cref="InformerOptions.Changed"/> come from <see cref="RunAsync"/>, for
/// one namespace one after the other.</remarks>
public sealed class Informer
{
    private readonly Lock gate = new();
    private readonly IReadOnlyList<Reflector> reflectors;
    private readonly HashSet<Reflector> unlisted;

    /// <summary>One for each waiter: of several on the same task all but one would continue on another thread.</summary>
    private readonly List<TaskCompletionSource> waiters = [];

    /// <summary>An informer with an empty store.</summary>
    /// <param name="cluster">The server.</param>
    /// <param name="options">What to follow.</param>
    /// <param name="time">The clock of waits and resyncs.</param>
    /// <param name="random">Jitter; must be safe for several threads when several namespaces are followed.</param>
    public Informer(ICluster cluster, InformerOptions options, TimeProvider time, Random random)
    {
        ArgumentNullException.ThrowIfNull(options);
        var scopes = options.Namespaces.Count == 0 ? [null] : options.Namespaces.ToList<string?>();
        reflectors =
        [
            .. scopes.Select(ns => new Reflector(
                new ReflectorScope(cluster, options, ns) { Store = Store, Listed = OnListed },
                time,
                random
            )),
        ];
        unlisted = [.. reflectors];
    }

    /// <summary>The objects.</summary>
    public ResourceStore Store { get; } = new();

    /// <summary>Whether every namespace has been listed completely once. Before that an absent object may exist.</summary>
    public bool Synced
    {
        get
        {
            lock (gate)
            {
                return unlisted.Count == 0;
            }
        }
    }

    /// <summary>Ends when <see cref="Synced"/> becomes true.</summary>
    public Task WhenSyncedAsync()
    {
        lock (gate)
        {
            if (unlisted.Count == 0)
            {
                return Task.CompletedTask;
            }
            var waiter = new TaskCompletionSource();
            waiters.Add(waiter);
            return waiter.Task;
        }
    }

    /// <summary>Follows the server until cancelled, then throws <see cref="OperationCanceledException"/>. Errors of the
    /// server end nothing; any other exception ends all namespaces.</summary>
    /// <param name="cancel">Ends it.</param>
    public async Task RunAsync(CancellationToken cancel)
    {
        using var all = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        await Task.WhenAll(reflectors.Select(reflector => FollowAsync(reflector, all)));
    }

    private static async Task FollowAsync(Reflector reflector, CancellationTokenSource all)
    {
        try
        {
            await reflector.RunAsync(all.Token);
        }
        finally
        {
            all.Cancel();
        }
    }

    private void OnListed(Reflector reflector)
    {
        List<TaskCompletionSource> ended;
        lock (gate)
        {
            if (!unlisted.Remove(reflector) || unlisted.Count > 0)
            {
                return;
            }
            ended = [.. waiters];
            waiters.Clear();
        }
        ended.ForEach(waiter => waiter.SetResult());
    }
}
