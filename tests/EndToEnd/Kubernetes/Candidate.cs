using EdgeRelease.Kubernetes;

namespace EdgeRelease.Tests.EndToEnd.Kubernetes;

/// <summary>A running candidate for the lease <c>leader</c> of a namespace.</summary>
internal sealed class Candidate : IAsyncDisposable
{
    private readonly CancellationTokenSource stop = new();
    private readonly Task running;

    public Candidate(ICluster cluster, string ns, string identity, LeaseTiming timing)
    {
        Lease = new LeaderLease(
            cluster,
            new LeaseOptions
            {
                Key = new ResourceKey(ns, "leader"),
                Identity = identity,
                Timing = timing,
            },
            TimeProvider.System,
            Random.Shared
        );
        running = Lease.RunAsync(LeadAsync, stop.Token);
    }

    public LeaderLease Lease { get; }

    public volatile bool Leads;

    public Action Began { get; init; } = () => { };

    public Action Ended { get; init; } = () => { };

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await running;
        stop.Dispose();
    }

    private async Task LeadAsync(CancellationToken term)
    {
        Began();
        Leads = true;
        try
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, term);
        }
        finally
        {
            Leads = false;
            Ended();
        }
    }
}
