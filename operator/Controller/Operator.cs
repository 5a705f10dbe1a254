using System.Text.Json;
using EdgeRelease.Kubernetes;

namespace EdgeRelease.Controller;

/// <summary>How the controller runs.</summary>
public sealed record OperatorOptions
{
    /// <summary>Namespaces to work in; empty for all.</summary>
    public IReadOnlyList<string> Namespaces { get; init; } = [];

    /// <summary>Passes at the same time, at most one an application; one that has taken a second waits for Losant and counts
    /// no longer. Default 4.</summary>
    public int Workers { get; init; } = 4;
}

/// <summary>One term of the controller: follows the objects and works on whatever is due until cancelled. A new term
/// needs a new object; nothing that could be stale is carried over.</summary>
public sealed class Operator : IDisposable
{
    private readonly Ports _ports;
    private readonly OperatorOptions _options;
    private readonly WorkQueue<WorkItem> _queue;
    private readonly Lanes<WorkItem> _lanes = new();
    private readonly LaneMap _map;
    private readonly SlowPasses _slow;
    private readonly Informer _releases;
    private readonly Informer _applications;
    private readonly Scans _scans;
    private readonly ReleaseReconciler _release;
    private readonly ApplicationReconciler _application;

    /// <summary>A term that has not begun.</summary>
    /// <param name="ports">Everything outside.</param>
    /// <param name="options">How to run.</param>
    public Operator(Ports ports, OperatorOptions options)
    {
        _ports = ports;
        _options = options;
        _queue = new WorkQueue<WorkItem>(ports.Time, ports.Random);
        _slow = new SlowPasses(ports.Time);
        _releases = Follow(Kinds.Release, ReleaseChanged);
        _applications = Follow(Kinds.Application, ApplicationChanged);
        _map = new LaneMap(_releases.Store, _applications.Store);
        _scans = new Scans { Changed = key => Add(new WorkItem(IsRelease: false, key)) };
        var pollers = new Pollers(ports);
        var accounts = new Accounts(ports, _applications.Store);
        _release = new ReleaseReconciler(ports, _releases.Store, accounts, _scans, pollers);
        _application = new ApplicationReconciler(ports, _applications.Store, accounts, _scans, pollers);
    }

    /// <summary>Whether both kinds have been listed completely once.</summary>
    public bool IsSynced => _releases.Synced && _applications.Synced;

    /// <summary>The releases as the last passes showed them.</summary>
    public IEnumerable<KeyValuePair<ResourceKey, Api.EdgeReleaseStatus>> Shown => _release.Shown;

    /// <summary>The applications, and why each is frozen; null: it is not.</summary>
    public IEnumerable<KeyValuePair<ResourceKey, string?>> Frozen => _application.Frozen;

    /// <summary>Objects that are due or being worked on.</summary>
    public int QueueDepth => _queue.Depth + _lanes.Waiting;

    /// <summary>Monotonic timestamp of the last believed scan of the application that has waited longest for one; null
    /// before the first.</summary>
    public long? ScannedAt => _scans.Oldest();

    /// <summary>Works until told to stop or cancelled.</summary>
    /// <param name="stop">Takes no more work; passes under way are finished.</param>
    /// <param name="cancel">Ends passes under way between two calls as well.</param>
    public async Task RunAsync(CancellationToken stop, CancellationToken cancel)
    {
        using var follow = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        using var take = CancellationTokenSource.CreateLinkedTokenSource(stop, cancel);
        var following = Task.WhenAll(_releases.RunAsync(follow.Token), _applications.RunAsync(follow.Token));
        try
        {
            var synced = Task.WhenAll(_releases.WhenSyncedAsync(), _applications.WhenSyncedAsync());
            await synced.WaitAsync(take.Token);
            var working = Task.WhenAll(
                Enumerable.Range(0, _options.Workers).Select(_ => WorkAsync(take.Token, cancel))
            );
            if (await Task.WhenAny(working, following) == following)
            {
                take.Cancel();
            }

            await working;
        }
        catch (OperationCanceledException) when (take.IsCancellationRequested) { }
        finally
        {
            await Ended(_slow.EndAsync());
            follow.Cancel();
            await Ended(following);
        }
    }

    private static async Task Ended(Task work)
    {
        try
        {
            await work;
        }
        catch (OperationCanceledException)
        {
            // It was told to end.
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _queue.Dispose();

    private Informer Follow(ResourceKind kind, Action<ResourceKey, JsonElement?, JsonElement?> changed) =>
        new(
            _ports.Cluster,
            new InformerOptions
            {
                Kind = kind,
                Namespaces = _options.Namespaces,
                Changed = changed,
                Faulted = (key, e) => Lines.Retry(_ports.Log, key?.ToString() ?? kind.Plural, e.Message),
            },
            _ports.Time,
            _ports.Random
        );

    /// <summary>Only what a person changes is work: our own status writes come back by the watch as well.</summary>
    private void ReleaseChanged(ResourceKey key, JsonElement? old, JsonElement? now)
    {
        if (old is { } before && now is { } after && Wish.Of(before) == Wish.Of(after))
        {
            return;
        }

        Add(new WorkItem(IsRelease: true, key));
        if (old is null || now is null)
        {
            AddReleases(key.Namespace);
        }

        AddRivals(key, [.. new[] { old, now }.OfType<JsonElement>().SelectMany(FlowWords.Of)]);
    }

    /// <summary>Whose device it is may depend on the change: releases of the same flow look again.</summary>
    private void AddRivals(ResourceKey changed, HashSet<string> words)
    {
        foreach (var (key, release) in _releases.Store.All)
        {
            if (key != changed && FlowWords.Of(release).Any(words.Contains))
            {
                Add(new WorkItem(IsRelease: true, key));
            }
        }
    }

    private void ApplicationChanged(ResourceKey key, JsonElement? old, JsonElement? now)
    {
        if (old is { } before && now is { } after && Wish.Of(before) == Wish.Of(after))
        {
            return;
        }

        Add(new WorkItem(IsRelease: false, key));
        AddReleases(key.Namespace);
    }

    private void AddReleases(string ns)
    {
        foreach (var key in _releases.Store.All.Keys.Where(key => key.Namespace == ns))
        {
            Add(new WorkItem(IsRelease: true, key));
        }
    }

    private void Add(WorkItem item) => _queue.Add(item);

    private async Task WorkAsync(CancellationToken take, CancellationToken cancel)
    {
        while (!take.IsCancellationRequested)
        {
            var item = await _queue.TakeAsync(take);
            var lane = _map.Of(item.IsRelease, item.Key);
            if (!_lanes.IsEntered(lane, item))
            {
                _queue.Done(item);
                continue;
            }

            await _slow.BeginAsync(WorkAsync(item, lane, cancel));
        }
    }

    private async Task WorkAsync(WorkItem item, ResourceKey lane, CancellationToken cancel)
    {
        try
        {
            await PassAsync(item, _ports.Time.GetTimestamp(), cancel);
        }
        finally
        {
            _queue.Done(item);
            foreach (var next in _lanes.Leave(lane))
            {
                Add(next);
            }
        }
    }

    private async Task PassAsync(WorkItem item, long began, CancellationToken cancel)
    {
        var result = "ok";
        try
        {
            var requeue = item.IsRelease
                ? await _release.ReconcileAsync(item.Key, cancel)
                : await _application.ReconcileAsync(item.Key, cancel);
            result = requeue.After is null ? "retry" : "ok";
            Again(item, requeue);
        }
        catch (Exception e) when (e is not OperationCanceledException || !cancel.IsCancellationRequested)
        {
            // A defect of one object must not end the others: it is told and tried again ever more slowly.
            result = "error";
            Lines.Fault(_ports.Log, item.Key.ToString(), e.Message, e);
            _queue.Retry(item);
        }
        finally
        {
            _ports.Metrics.Reconciled(result, _ports.Time.GetElapsedTime(began));
        }
    }

    private void Again(WorkItem item, Requeue requeue)
    {
        if (requeue.After is not { } after)
        {
            _queue.Retry(item);
            return;
        }

        _queue.Forget(item);
        if (after != Timeout.InfiniteTimeSpan)
        {
            _queue.AddAfter(item, after);
        }
    }

    private sealed record WorkItem(bool IsRelease, ResourceKey Key);
}
