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
}
