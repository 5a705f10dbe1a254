namespace EdgeRelease.Losant;

/// <summary>A wait that ends by itself, on the monotonic clock. Safe to use from several threads.</summary>
internal sealed class Hold(TimeProvider time)
{
    private readonly Lock gate = new();
    private long began;
    private TimeSpan length;

    /// <summary>What is left of it; null when it is over.</summary>
    public TimeSpan? Left
    {
        get
        {
            lock (gate)
            {
                var left = length - time.GetElapsedTime(began);
                return left > TimeSpan.Zero ? left : null;
            }
        }
    }

    /// <summary>Lets it last this long from now, or longer when it does already.</summary>
    public void Extend(TimeSpan wait)
    {
        lock (gate)
        {
            if (wait > (Left ?? TimeSpan.Zero))
            {
                (began, length) = (time.GetTimestamp(), wait);
            }
        }
    }
}
