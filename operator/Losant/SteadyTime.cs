namespace EdgeRelease.Losant;

/// <summary>A time whose clock follows the monotonic one: a wall clock that is set back or forth neither prolongs nor
/// ends a wait. Its dates mean nothing beside each other's distance.</summary>
internal sealed class SteadyTime(TimeProvider time) : TimeProvider
{
    private readonly long began = time.GetTimestamp();
    private readonly DateTimeOffset start = time.GetUtcNow();

    /// <inheritdoc/>
    public override long TimestampFrequency => time.TimestampFrequency;

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow() => start + time.GetElapsedTime(began);

    /// <inheritdoc/>
    public override long GetTimestamp() => time.GetTimestamp();

    /// <inheritdoc/>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        time.CreateTimer(callback, state, dueTime, period);
}
