using System.Text.Json;

namespace EdgeRelease.Kubernetes;

/// <summary>What one reflector follows: a kind in one namespace, or in all when that is null.</summary>
internal sealed record ReflectorScope(ICluster Cluster, InformerOptions Options, string? Namespace)
{
    public required ResourceStore Store { get; init; }

    /// <summary>Called at the end of each complete list.</summary>
    public required Action<Reflector> Listed { get; init; }
}

/// <summary>The loop of list and watch for one scope; it alone writes the scope's keys in the store.</summary>
internal sealed class Reflector(ReflectorScope scope, TimeProvider time, Random random)
{
    /// <summary>A watch that ends sooner counts as a failure.</summary>
    private static readonly TimeSpan ShortWatch = TimeSpan.FromSeconds(5);

    private InformerOptions Options => scope.Options;

    /// <summary>The versions of deletions since the last list.</summary>
    private readonly Dictionary<ResourceKey, string?> deletions = [];

    /// <summary>Where the watch goes on; null to list first.</summary>
    private string? position;
    private long listedAt;

    public async Task RunAsync(CancellationToken cancel)
    {
        var failures = 0;
        while (true)
        {
            failures = await FollowAsync(cancel) ? 0 : failures + 1;
            if (failures > 0)
            {
                await Pause.ForAsync(Backoff.Stream.After(failures, random), time, cancel);
            }
        }
    }

    /// <summary>Lists if needed and watches once. False when that failed or was cut at once.</summary>
    private async Task<bool> FollowAsync(CancellationToken cancel)
    {
        try
        {
            position ??= await ListAsync(cancel);
            return await WatchAsync(position, cancel);
        }
        catch (ClusterException e)
        {
            Options.Faulted(null, e);
            position = e.IsGone ? null : position;
            return false;
        }
    }

    private async Task<string> ListAsync(CancellationToken cancel)
    {
        var missing = scope.Store.Keys(scope.Namespace).ToHashSet();
        var options = new ListOptions { Namespace = scope.Namespace, Limit = Options.PageLimit };
        while (true)
        {
            var page = await scope.Cluster.ListAsync(Options.Kind, options, cancel);
            foreach (var item in page.Items)
            {
                if (ResourceJson.KeyOf(item) is { } key)
                {
                    missing.Remove(key);
                    Take(key, item);
                }
            }
            if (page.Continue is null)
            {
                // The order of a set is no order; that of the store is.
                foreach (var key in scope.Store.Keys(scope.Namespace).Where(missing.Contains).ToList())
                {
                    Drop(key);
                }
                deletions.Clear();
                listedAt = time.GetTimestamp();
                scope.Listed(this);
                return page.ResourceVersion;
            }
            options = options with { Continue = page.Continue };
        }
    }

    /// <summary>Applies events until the watch ends or a resync is due. False when it was cut at once.</summary>
    private async Task<bool> WatchAsync(string from, CancellationToken cancel)
    {
        var began = time.GetTimestamp();
        var left = (Options.Resync * (1 - (0.1 * random.NextDouble()))) - time.GetElapsedTime(listedAt);
        using var due = new CancellationTokenSource(left > TimeSpan.Zero ? left : TimeSpan.Zero, time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancel, due.Token);
        try
        {
            await foreach (var next in scope.Cluster.WatchAsync(Options.Kind, scope.Namespace, from, linked.Token))
            {
                Apply(next);
            }
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested) { }
        cancel.ThrowIfCancellationRequested();
        if (due.IsCancellationRequested)
        {
            position = null;
            return true;
        }
        return time.GetElapsedTime(began) >= ShortWatch;
    }

    private void Apply(WatchEvent next)
    {
        var version = ResourceJson.ResourceVersionOf(next.Object);
        position = ResourceStore.IsLater(version, position) ? version : position;
        if (next.Kind == WatchEventKind.Bookmark || ResourceJson.KeyOf(next.Object) is not { } key)
        {
            return;
        }
        // A repeated or late line must not bring back what a later one has changed.
        var known = scope.Store.Find(key) is { } old
            ? ResourceJson.ResourceVersionOf(old)
            : deletions.GetValueOrDefault(key);
        if (known is not null && !ResourceStore.IsLater(version, known))
        {
            return;
        }
        if (next.Kind == WatchEventKind.Deleted)
        {
            deletions[key] = version;
            Drop(key);
        }
        else
        {
            Take(key, next.Object);
        }
    }

    private void Take(ResourceKey key, JsonElement received)
    {
        var old = scope.Store.Find(key);
        var version = ResourceJson.ResourceVersionOf(received);
        if (old is { } known && string.Equals(ResourceJson.ResourceVersionOf(known), version, StringComparison.Ordinal))
        {
            return;
        }
        var kept = ResourceJson.Kept(received);
        scope.Store.Put(key, kept);
        Tell(key, old, kept);
    }

    private void Drop(ResourceKey key)
    {
        if (scope.Store.Find(key) is { } old)
        {
            scope.Store.Remove(key);
            Tell(key, old, null);
        }
    }

    private void Tell(ResourceKey key, JsonElement? old, JsonElement? now)
    {
        try
        {
            Options.Changed(key, old, now);
        }
#pragma warning disable CA1031 // One object that its reader cannot take must not stop the others.
        catch (Exception e)
#pragma warning restore CA1031
        {
            Options.Faulted(key, e);
        }
    }
}
