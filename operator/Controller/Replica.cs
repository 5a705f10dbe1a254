using EdgeRelease.Api;
using EdgeRelease.Kubernetes;
using Microsoft.Extensions.Logging;

namespace EdgeRelease.Controller;

/// <summary>How a replica runs.</summary>
public sealed record ReplicaOptions
{
    /// <summary>This process, unlike any other: host name and a UUID.</summary>
    public required string Identity { get; init; }

    /// <summary>The Lease that replicas agree by; null when there is only ever one.</summary>
    public ResourceKey? Lease { get; init; }

    /// <summary>The times of the Lease.</summary>
    public LeaseTiming Timing { get; init; } = new();

    /// <summary>How the controller runs in each term.</summary>
    public OperatorOptions Operator { get; init; } = new();
}

/// <summary>One replica of the operator: waits to lead, and leads one term after the other.</summary>
/// <param name="ports">Everything outside; the lease's own guard replaces <see cref="Ports.MayStartWrite"/>.</param>
/// <param name="options">How to run.</param>
public sealed class Replica(Ports ports, ReplicaOptions options)
{
    private Operator? _term;

    /// <summary>Whether it leads now.</summary>
    public bool IsLeading => Volatile.Read(ref _term) is not null;

    /// <summary>Whether it does what it should: leading with all objects read, or waiting to lead.</summary>
    public bool IsReady => Volatile.Read(ref _term) is not { } term || term.IsSynced;

    /// <summary>What the last passes showed; empty while it does not lead.</summary>
    public IEnumerable<KeyValuePair<ResourceKey, EdgeReleaseStatus>> Shown => _term?.Shown ?? [];

    /// <summary>Runs until told to stop.</summary>
    /// <param name="stop">Finishes what is under way, then releases the lease.</param>
    /// <param name="kill">Ends that as well.</param>
    public async Task RunAsync(CancellationToken stop, CancellationToken kill)
    {
        ports.Metrics.Watch(() => Shown, () => _term?.QueueDepth ?? 0, () => IsLeading, () => _term?.ScannedAt);
        ports.Metrics.WatchFreezes(() => _term?.Frozen ?? []);
        if (options.Lease is not { } key)
        {
            await LeadAsync(ports, stop, kill);
            return;
        }

        using var campaign = CancellationTokenSource.CreateLinkedTokenSource(kill);
        using var stopping = stop.Register(() => StopCampaign(campaign));
        var election = new LeaseOptions
        {
            Key = key,
            Identity = options.Identity,
            Timing = options.Timing,
            Faulted = e => Lines.Lease(ports.Log, e.Message),
        };
        var lease = new LeaderLease(ports.Cluster, election, ports.Time, ports.Random);
        var guarded = ports with { MayStartWrite = () => lease.MayStartWrite };
        await lease.RunAsync(term => LeadAsync(guarded, stop, term), campaign.Token);
    }

    /// <summary>A replica that only waits has nothing to finish.</summary>
    private void StopCampaign(CancellationTokenSource campaign)
    {
        if (!IsLeading)
        {
            campaign.Cancel();
        }
    }

    private async Task LeadAsync(Ports guarded, CancellationToken stop, CancellationToken term)
    {
        using var controller = new Operator(guarded, options.Operator);
        Volatile.Write(ref _term, controller);
        Lines.Leading(ports.Log, options.Identity);
        try
        {
            await controller.RunAsync(stop, term);
        }
        finally
        {
            Volatile.Write(ref _term, null);
        }
    }
}
