namespace EdgeRelease.Kubernetes;

/// <summary>Leader election on a Lease. The expiry of others is judged by how long this process has seen the lease
/// unchanged on its monotonic clock, never by the times written in it.</summary>
/// <remarks>
/// A term whose server falls silent after the renewal sent at 10 s:
/// <code>
/// 0    5    10                  30        40
/// |----|----|--------------------|---------|----
/// acquire,  last confirmed       term      another may
/// renew     renewal              cancelled lead
///           MayStartWrite = true | false
/// </code>
/// </remarks>
public sealed class LeaderLease
{
    private readonly LeaseHold hold;
    private readonly LeaseTiming timing;
    private readonly TimeProvider time;
    private readonly Random random;

    /// <summary>A candidate that is not yet running.</summary>
    /// <param name="cluster">The server.</param>
    /// <param name="options">Which lease, and by whom.</param>
    /// <param name="time">The clock: monotonic for all decisions, wall for the times written.</param>
    /// <param name="random">Jitter of the attempts.</param>
    public LeaderLease(ICluster cluster, LeaseOptions options, TimeProvider time, Random random)
    {
        ArgumentNullException.ThrowIfNull(options);
        hold = new LeaseHold(cluster, options, time);
        timing = options.Timing;
        this.time = time;
        this.random = random;
    }

    /// <summary>How long the lease is ours for sure: start of the last confirmed renewal + duration − now.
    /// Zero when it is not.</summary>
    public TimeSpan TimeLeft => Left(timing.Duration);

    /// <summary>Whether a write that takes up to <see cref="LeaseTiming.WriteTimeout"/> ends before another can lead.</summary>
    public bool MayStartWrite => TimeLeft > timing.WriteTimeout;

    /// <summary>Campaigns and leads, term after term, until cancelled; then releases the lease, so that another takes
    /// over at once, and returns.</summary>
    /// <param name="lead">The work of one term. Its token is cancelled when the term ends; the next campaign waits for
    /// it to return. When it returns by itself the lease is released and this call ends; so with what it throws.</param>
    /// <param name="cancel">Ends everything.</param>
    public async Task RunAsync(Func<CancellationToken, Task> lead, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(lead);
        try
        {
            do
            {
                await CampaignAsync(cancel);
            } while (!await LeadAsync(lead, cancel));
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested) { }
    }

    private async Task CampaignAsync(CancellationToken cancel)
    {
        while (true)
        {
            cancel.ThrowIfCancellationRequested();
            if (await hold.TakeAsync(cancel))
            {
                return;
            }
            await Pause.ForAsync(timing.RetryEvery * (0.5 + (0.5 * random.NextDouble())), time, cancel);
        }
    }

    /// <summary>One term. True when the work returned by itself.</summary>
    private async Task<bool> LeadAsync(Func<CancellationToken, Task> lead, CancellationToken cancel)
    {
        using var deadline = new CancellationTokenSource(Left(timing.RenewDeadline), time);
        using var term = CancellationTokenSource.CreateLinkedTokenSource(cancel, deadline.Token);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(term.Token);
        var work = WorkAsync(lead, ended);
        try
        {
            await RenewAsync(deadline, ended.Token);
        }
        finally
        {
            ended.Cancel();
            await FinishAsync(work);
        }
        return !term.IsCancellationRequested;
    }

    /// <summary>Does the work, and ends the renewals with it.</summary>
    private static async Task WorkAsync(Func<CancellationToken, Task> lead, CancellationTokenSource ended)
    {
        try
        {
            await lead(ended.Token);
        }
        catch (OperationCanceledException) when (ended.IsCancellationRequested) { }
        finally
        {
            ended.Cancel();
        }
    }

    /// <summary>Renews until the term has ended, and ends it when the lease is lost.</summary>
    private async Task RenewAsync(CancellationTokenSource deadline, CancellationToken ended)
    {
        var wait = timing.RenewEvery;
        try
        {
            while (true)
            {
                await Pause.ForAsync(wait, time, ended);
                var renewal = await hold.RenewAsync(ended);
                wait = renewal switch
                {
                    Renewal.Confirmed => timing.RenewEvery,
                    Renewal.Stale => TimeSpan.Zero,
                    _ => timing.RetryEvery,
                };
                if (renewal == Renewal.Confirmed)
                {
                    deadline.CancelAfter(Left(timing.RenewDeadline));
                }
                else if (renewal == Renewal.Lost)
                {
                    hold.Forget();
                    deadline.Cancel();
                }
            }
        }
        catch (OperationCanceledException) when (ended.IsCancellationRequested) { }
    }

    /// <summary>Releases the lease only after the work has returned.</summary>
    private async Task FinishAsync(Task work)
    {
        try
        {
            await work;
        }
        finally
        {
            await hold.ReleaseAsync();
        }
    }

    private TimeSpan Left(TimeSpan of) => hold.Age is { } age && of - age is { Ticks: > 0 } left ? left : TimeSpan.Zero;
}
