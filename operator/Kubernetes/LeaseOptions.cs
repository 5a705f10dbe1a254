namespace EdgeRelease.Kubernetes;

/// <summary>The times of a <see cref="LeaderLease"/>.</summary>
public sealed record LeaseTiming
{
    /// <summary>How long others leave a silent holder alone, in whole seconds. Default 30 s.</summary>
    public TimeSpan Duration { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>From one renewal to the next. Default 5 s.</summary>
    public TimeSpan RenewEvery { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Without a confirmed renewal for this long the term ends. Default 20 s.</summary>
    public TimeSpan RenewDeadline { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>From one attempt to the next, to acquire or after a failed renewal; up to half less as jitter.
    /// Default 2 s.</summary>
    public TimeSpan RetryEvery { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>The longest that a write may take; none starts unless that much and more is left. Default 10 s.</summary>
    public TimeSpan WriteTimeout { get; init; } = TimeSpan.FromSeconds(10);
}

/// <summary>Which lease, and by whom.</summary>
public sealed record LeaseOptions
{
    /// <summary>The Lease object; it is created when absent.</summary>
    public required ResourceKey Key { get; init; }

    /// <summary>Unique for this process: host name, <c>_</c> and a UUID.</summary>
    public required string Identity { get; init; }

    /// <summary>The times. Default 30 s, renewed every 5 s.</summary>
    public LeaseTiming Timing { get; init; } = new();

    /// <summary>Called with each failed attempt to acquire, renew or release. Default nothing.</summary>
    public Action<ClusterException> Faulted { get; init; } = _ => { };
}
