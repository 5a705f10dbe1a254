using System.Text.Json;

namespace EdgeRelease.Kubernetes;

/// <summary>How an attempt to renew ended.</summary>
internal enum Renewal
{
    /// <summary>The server stored it.</summary>
    Confirmed,

    /// <summary>No usable answer.</summary>
    Failed,

    /// <summary>Still ours, but newer than we knew: try again at once.</summary>
    Stale,

    /// <summary>Another's, or gone.</summary>
    Lost,
}

/// <summary>Our hold on one Lease: single attempts to take, renew and give it back, and what was confirmed.</summary>
internal sealed class LeaseHold(ICluster cluster, LeaseOptions options, TimeProvider time)
{
    private readonly LeaseTiming timing = options.Timing;

    /// <summary>What the lease was when last seen changed, and when that was.</summary>
    private (string? Version, long At) seen;

    /// <summary>The lease as we last stored or read it; only while it is ours.</summary>
    private JsonElement held;

    /// <summary>When the last confirmed take or renewal was sent; null when it is not ours.</summary>
    private volatile Confirmation? confirmed;

    /// <summary>How long ago the last confirmed take or renewal was sent; null when it is not ours.</summary>
    public TimeSpan? Age => confirmed is { } sent ? time.GetElapsedTime(sent.At) : null;

    /// <summary>One attempt; false while another holds it or was faster.</summary>
    public async Task<bool> TakeAsync(CancellationToken cancel)
    {
        try
        {
            var found = await cluster.FindAsync(ResourceKind.Lease, options.Key, cancel);
            if (found is { } other && !IsFree(other))
            {
                return false;
            }
            var sent = new Confirmation(time.GetTimestamp());
            held = await WriteAsync(found, cancel);
            confirmed = sent;
            return true;
        }
        catch (ClusterException e)
        {
            if (!e.IsConflict)
            {
                options.Faulted(e);
            }
            return false;
        }
    }

    /// <summary>One attempt, given up after the time between two renewals.</summary>
    public async Task<Renewal> RenewAsync(CancellationToken cancel)
    {
        using var patience = new CancellationTokenSource(timing.RenewEvery, time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancel, patience.Token);
        try
        {
            return await RenewOrReadAsync(linked.Token);
        }
        catch (ClusterException e)
        {
            options.Faulted(e);
            return Renewal.Failed;
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return Renewal.Failed;
        }
    }

    /// <summary>Forgets a lost lease.</summary>
    public void Forget() => confirmed = null;

    /// <summary>Empties the holder if that is still us, so that another takes over at once.</summary>
    public async Task ReleaseAsync()
    {
        var wasOurs = Age < timing.Duration;
        Forget();
        if (!wasOurs)
        {
            return;
        }
        using var patience = new CancellationTokenSource(timing.RenewEvery, time);
        try
        {
            if (await FindAsync(patience.Token) is { } lease && IsOurs(lease))
            {
                await ReplaceAsync(LeaseJson.Released(lease, time.GetUtcNow()), patience.Token);
            }
        }
        catch (ClusterException e)
        {
            options.Faulted(e);
        }
        catch (OperationCanceledException) { } // Others find out by the lease's expiry.
    }

    private Task<JsonElement> WriteAsync(JsonElement? found, CancellationToken cancel) =>
        found is { } free
            ? ReplaceAsync(LeaseJson.Taken(free, options.Identity, timing, time.GetUtcNow()), cancel)
            : cluster.CreateAsync(
                ResourceKind.Lease,
                LeaseJson.Created(options.Key, options.Identity, timing, time.GetUtcNow()),
                cancel
            );

    private async Task<Renewal> RenewOrReadAsync(CancellationToken cancel)
    {
        var sent = new Confirmation(time.GetTimestamp());
        try
        {
            held = await ReplaceAsync(LeaseJson.Renewed(held, time.GetUtcNow()), cancel);
            confirmed = sent;
            return Renewal.Confirmed;
        }
        catch (ClusterException e) when (e.IsConflict || e.Status == 404)
        {
            // Our own renewal may have come through while its answer was lost.
            if (await FindAsync(cancel) is not { } found || !IsOurs(found))
            {
                return Renewal.Lost;
            }
            held = found;
            return Renewal.Stale;
        }
    }

    private bool IsFree(JsonElement lease)
    {
        var version = ResourceJson.ResourceVersionOf(lease);
        if (!string.Equals(seen.Version, version, StringComparison.Ordinal))
        {
            seen = (version, time.GetTimestamp());
        }
        var patience = LeaseJson.Duration(lease) ?? timing.Duration;
        return LeaseJson.Holder(lease) is null || IsOurs(lease) || time.GetElapsedTime(seen.At) >= patience;
    }

    private bool IsOurs(JsonElement lease) =>
        string.Equals(LeaseJson.Holder(lease), options.Identity, StringComparison.Ordinal);

    private Task<JsonElement?> FindAsync(CancellationToken cancel) =>
        cluster.FindAsync(ResourceKind.Lease, options.Key, cancel);

    private Task<JsonElement> ReplaceAsync(JsonElement lease, CancellationToken cancel) =>
        cluster.ReplaceAsync(ResourceKind.Lease, lease, null, cancel);

    /// <summary>A monotonic timestamp that threads exchange at once.</summary>
    private sealed record Confirmation(long At);
}
