namespace EdgeRelease.Kubernetes;

/// <summary>Waiting times that double with each failure up to a largest one, with jitter, without an end.</summary>
/// <param name="First">The time after the first failure, before jitter.</param>
/// <param name="Largest">No time is longer.</param>
public sealed record Backoff(TimeSpan First, TimeSpan Largest)
{
    /// <summary>For work on objects: 1 s to 1 min, so that nobody waits long once an outage is over.</summary>
    public static readonly Backoff Work = new(TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(1));

    /// <summary>For lists and watches: 0.5 s to 30 s.</summary>
    public static readonly Backoff Stream = new(TimeSpan.FromSeconds(0.5), TimeSpan.FromSeconds(30));

    /// <summary>How long to wait: between half and all of the doubled time.</summary>
    /// <param name="failures">Failures in a row, from 1.</param>
    /// <param name="random">The source of jitter.</param>
    public TimeSpan After(int failures, Random random)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(failures, 1);
        ArgumentNullException.ThrowIfNull(random);
        var whole = Math.Min(Largest.Ticks, First.Ticks * Math.Pow(2, failures - 1));
        return TimeSpan.FromTicks((long)(whole * (0.5 + (0.5 * random.NextDouble()))));
    }
}
