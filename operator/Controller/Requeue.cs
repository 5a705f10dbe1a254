namespace EdgeRelease.Controller;

/// <summary>When to come back to a key.</summary>
/// <param name="After">The wait; null to use the queue's growing backoff.</param>
public readonly record struct Requeue(TimeSpan? After)
{
    /// <summary>Nothing more to do until something happens.</summary>
    public static readonly Requeue Never = new(Timeout.InfiniteTimeSpan);

    /// <summary>The pace of a release without a LosantApplication that names one.</summary>
    internal static readonly TimeSpan IdleWithoutAccount = TimeSpan.FromMinutes(5);

    /// <summary>At a pace, give or take a fifth, so that releases made together do not poll together.</summary>
    /// <param name="pace">The mean wait.</param>
    /// <param name="random">The source of jitter.</param>
    public static Requeue Around(TimeSpan pace, Random random)
    {
        ArgumentNullException.ThrowIfNull(random);
        return new Requeue(pace * (0.8 + (0.4 * random.NextDouble())));
    }

    /// <summary>When to look again after a pass: with the next poll, or when the plan can change by itself.</summary>
    /// <param name="pass">The pass.</param>
    /// <param name="observed">What it saw.</param>
    /// <param name="poller">Who polls its application.</param>
    internal static Requeue Following(Pass pass, Observed observed, Poller poller)
    {
        if (pass.Stopped is { Obstacle: null } stop)
        {
            return new Requeue(stop.Error?.RetryAfter);
        }

        var api = pass.Wanted.Account!.Spec.Api;
        var isActive = pass.Stopped is null && (pass.Plan.IsActive || pass.Plan.Batches.Count > 0);
        var pace = isActive ? api.PollActive : api.PollIdle;
        var isDoubted = !observed.Snapshot.Believed && pace > ShrinkGuard.Again;
        var poll = poller.Until(isDoubted ? ShrinkGuard.Again : pace);
        var due = pass.Plan.WakeAt - observed.Now + TimeSpan.FromSeconds(1);
        return new Requeue(due > TimeSpan.Zero && due < poll ? due : poll);
    }
}
