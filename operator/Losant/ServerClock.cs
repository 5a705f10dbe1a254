namespace EdgeRelease.Losant;

/// <summary>Losant's clock as its answers show it: the newest HTTP Date plus the monotonic time since. Safe to use from
/// several threads.</summary>
internal sealed class ServerClock(TimeProvider time)
{
    private readonly Lock gate = new();
    private DateTimeOffset? newest;
    private long newestSeenAt;
    private DateTimeOffset lastTold;

    /// <summary>The time at Losant; null before the first Date. Never goes back.</summary>
    public DateTimeOffset? Now
    {
        get
        {
            lock (gate)
            {
                if (newest is not { } date)
                {
                    return null;
                }

                // A Date is cut to the second, so a newer one may lie behind what was told already.
                var now = date + time.GetElapsedTime(newestSeenAt);
                lastTold = now > lastTold ? now : lastTold;
                return lastTold;
            }
        }
    }

    /// <summary>Learns the Date of an answer that has just come; null and older ones teach nothing.</summary>
    public void Learn(DateTimeOffset? date)
    {
        lock (gate)
        {
            if (date is { } at && (newest is null || at > newest))
            {
                newest = at;
                newestSeenAt = time.GetTimestamp();
            }
        }
    }
}
