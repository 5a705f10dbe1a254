using System.Runtime.CompilerServices;
using System.Text.Json;
using EdgeRelease.Kubernetes;

namespace EdgeRelease.Simulation;

/// <summary>One client of a simulated API server: a process, and the network between it and the server.
/// Every call waits for the network once before it takes effect and once before its answer is there.</summary>
public sealed class SimulatedClient : ICluster
{
    private readonly SimulatedCluster _cluster;
    private DateTimeOffset _partitionedUntil;

    /// <summary>A client of a cluster.</summary>
    /// <param name="cluster">The cluster.</param>
    /// <param name="process">The process that calls; its name is the client's.</param>
    internal SimulatedClient(SimulatedCluster cluster, VirtualProcess process)
    {
        _cluster = cluster;
        Process = process;
    }

    /// <summary>The process that calls: to pause it, kill it, and set its clock wrong.</summary>
    public VirtualProcess Process { get; }

    /// <summary>Whether nothing gets through to the server or back.</summary>
    public bool IsPartitioned => _partitionedUntil > Process.Time.Now;

    /// <summary>Why a call that arrives now gets no answer; null when it gets one.</summary>
    internal ClusterFaultKind? Obstacle =>
        IsPartitioned ? ClusterFaultKind.Partitioned
        : _cluster.IsDown ? ClusterFaultKind.ServerDown
        : null;

    /// <summary>Cuts this client off: calls and answers are lost, watches are silent and break when it is over, or
    /// after 5 min, the silence that the real client takes for an end.</summary>
    /// <param name="length">From now on.</param>
    public void PartitionFor(TimeSpan length)
    {
        var until = Process.Time.Now + length;
        _partitionedUntil = until > _partitionedUntil ? until : _partitionedUntil;
        var notice = TimeSpan.FromMinutes(5);
        foreach (var watch in _cluster.WatchesOf(this))
        {
            Suffer(ClusterFaultKind.Partitioned);
            watch.Break(length < notice ? length : notice);
        }
    }

    /// <inheritdoc/>
    public Task<ResourcePage> ListAsync(ResourceKind kind, ListOptions options, CancellationToken cancel)
    {
        var call = _cluster.Number(this, ClusterVerb.List, kind) with { IsContinued = options.Continue is not null };
        return Send(call, () => ObjectLists.Page(_cluster.Store, _cluster.Kinds.RulesOf(kind), options), cancel);
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<WatchEvent> WatchAsync(
        ResourceKind kind,
        string? ns,
        string resourceVersion,
        [EnumeratorCancellation] CancellationToken cancel
    )
    {
        var call = _cluster.Number(this, ClusterVerb.Watch, kind);
        using var watch = await Send(
            call,
            () => _cluster.Open(this, new WatchScope(kind, ns), resourceVersion),
            cancel
        );
        while (await watch.Inbox.NextAsync(cancel) is { } happened)
        {
            yield return happened;
        }
    }

    /// <inheritdoc/>
    public Task<JsonElement?> FindAsync(ResourceKind kind, ResourceKey key, CancellationToken cancel)
    {
        var call = _cluster.Number(this, ClusterVerb.Get, kind) with { Key = key };
        return Send(call, () => _cluster.Store.Find(_cluster.Kinds.RulesOf(kind).Kind, key), cancel);
    }

    /// <inheritdoc/>
    public Task<JsonElement> CreateAsync(ResourceKind kind, JsonElement body, CancellationToken cancel)
    {
        var call = _cluster.Number(this, ClusterVerb.Create, kind) with { Key = ObjectJson.KeyOf(body) };
        return Send(call, () => _cluster.Writes.Create(new(Process.Name, ClusterVerb.Create, kind), body), cancel);
    }

    /// <inheritdoc/>
    public Task<JsonElement> ReplaceAsync(
        ResourceKind kind,
        JsonElement body,
        string? subresource,
        CancellationToken cancel
    )
    {
        if (ObjectJson.Metadata(body, "resourceVersion") is null)
        {
            throw new ArgumentException("has no metadata.resourceVersion", nameof(body));
        }

        var call = _cluster.Number(this, ClusterVerb.Replace, kind) with
        {
            Key = ObjectJson.KeyOf(body),
            Subresource = subresource,
        };
        var origin = new WriteOrigin(Process.Name, ClusterVerb.Replace, kind, subresource);
        return Send(call, () => _cluster.Writes.Replace(origin, body), cancel);
    }

    /// <inheritdoc/>
    public async Task DeleteAsync(ResourceKind kind, ResourceKey key, JsonElement? seen, CancellationToken cancel)
    {
        var call = _cluster.Number(this, ClusterVerb.Delete, kind) with { Key = key };
        var origin = new WriteOrigin(Process.Name, ClusterVerb.Delete, kind);
        await Send(call, () => _cluster.Writes.Delete(origin, key, seen), cancel);
    }

    /// <summary>The time of one way through the network.</summary>
    internal TimeSpan Latency() => _cluster.Latency();

    /// <summary>Counts a fault that has befallen something.</summary>
    /// <param name="kind">Which.</param>
    internal void Suffer(ClusterFaultKind kind) => _cluster.Faults.Count(kind);

    /// <summary>Asks the test what befalls a call; what befalls more than the call begins at once.</summary>
    /// <param name="call">The call or watch event.</param>
    /// <returns>The fault of the call alone; null for none.</returns>
    internal ClusterFault? Draw(ClusterCall call)
    {
        if (_cluster.Fault(call) is not { } fault || !fault.Befalls(call))
        {
            return null;
        }

        switch (fault.Kind)
        {
            case ClusterFaultKind.ServerDown:
                _cluster.StopFor(fault.Duration);
                return null;
            case ClusterFaultKind.Partitioned:
                PartitionFor(fault.Duration);
                return null;
            default:
                return fault;
        }
    }

    private Task<T> Send<T>(ClusterCall call, Func<T> effect, CancellationToken cancel)
    {
        if (Process.IsDead)
        {
            return new TaskCompletionSource<T>().Task;
        }

        return cancel.IsCancellationRequested
            ? Task.FromCanceled<T>(cancel)
            : new Exchange<T>(this, call, effect).Start(cancel);
    }
}
