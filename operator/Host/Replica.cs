using EdgeRelease.Controller;
using EdgeRelease.Kubernetes;
using EdgeRelease.Losant;

namespace EdgeRelease.Host;

/// <summary>One replica of the operator: waits to lead, and leads one term after the other.</summary>
internal sealed class Replica(
    HostSettings settings,
    ICluster cluster,
    string ns,
    ILosantConnector losant,
    ReleaseMetrics metrics,
    ILogger log
)
{
    private readonly string _identity = $"{Environment.MachineName}_{Guid.NewGuid()}";
    private Operator? _term;

    /// <summary>Whether it leads now.</summary>
    public bool IsLeading => Volatile.Read(ref _term) is not null;

    /// <summary>Whether it does what it should: leading with all objects read, or waiting to lead.</summary>
    public bool IsReady => Volatile.Read(ref _term) is not { } term || term.IsSynced;

    /// <summary>Runs until told to stop.</summary>
    /// <param name="stop">Finishes what is under way.</param>
    /// <param name="kill">Ends that as well.</param>
    public async Task RunAsync(CancellationToken stop, CancellationToken kill)
    {
        metrics.Watch(() => _term?.Shown ?? [], () => _term?.QueueDepth ?? 0, () => IsLeading);
        if (!settings.LeaderElect)
        {
            await LeadAsync(() => true, stop, kill);
            return;
        }

        using var campaign = CancellationTokenSource.CreateLinkedTokenSource(kill);
        await using var _ = stop.Register(() => StopCampaign(campaign)).ConfigureAwait(false);
        var options = new LeaseOptions
        {
            Key = new ResourceKey(settings.LeaseNamespace ?? ns, "edgerelease"),
            Identity = _identity,
            Faulted = e => HostLines.Lease(log, e.Message),
        };
        var lease = new LeaderLease(cluster, options, TimeProvider.System, Random.Shared);
        await lease.RunAsync(term => LeadAsync(() => lease.MayStartWrite, stop, term), campaign.Token);
    }

    /// <summary>A replica that only waits has nothing to finish.</summary>
    private void StopCampaign(CancellationTokenSource campaign)
    {
        if (!IsLeading)
        {
            campaign.Cancel();
        }
    }

    private async Task LeadAsync(Func<bool> mayStartWrite, CancellationToken stop, CancellationToken term)
    {
        var ports = new Ports
        {
            Cluster = cluster,
            Losant = losant,
            Time = TimeProvider.System,
            Random = Random.Shared,
            Log = log,
            Metrics = metrics,
            MayStartWrite = mayStartWrite,
            Instance = _identity,
        };
        using var controller = new Operator(ports, new OperatorOptions { Namespaces = settings.Namespaces, Workers = settings.Workers });
        Volatile.Write(ref _term, controller);
        HostLines.Leading(log, _identity);
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
