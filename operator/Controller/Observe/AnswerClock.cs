namespace EdgeRelease.Controller;

/// <summary>Losant's clock where its answers carry no HTTP Date: the newest date within them plus the monotonic time since
/// it was first seen. It may be late by what nobody reported, never early.</summary>
/// <param name="time">Monotonic time.</param>
internal sealed class AnswerClock(TimeProvider time)
{
    private (DateTimeOffset Date, long SeenAt)? _newest;

    /// <summary>The time at Losant at the earliest; null before the first date.</summary>
    public DateTimeOffset? Now => _newest is { } known ? known.Date + time.GetElapsedTime(known.SeenAt) : null;

    /// <summary>Learns the newest date of the answers that are known.</summary>
    /// <param name="date">The date.</param>
    public void Learn(DateTimeOffset date)
    {
        if (!(date <= Now))
        {
            _newest = (date, time.GetTimestamp());
        }
    }
}
