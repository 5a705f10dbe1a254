namespace EdgeRelease.Simulation;

/// <summary>One callback that virtual time owes: a timer, a delay or a scheduled action. Runs on the thread of the
/// queue.</summary>
internal sealed class Alarm : ITimer
{
    private readonly VirtualTime _time;
    private readonly TimerCallback _callback;
    private readonly object? _state;
    private TimeSpan _period = Timeout.InfiniteTimeSpan;
    private volatile bool _disposed;

    /// <summary>An alarm that is not set.</summary>
    /// <param name="time">The time that rings it.</param>
    /// <param name="callback">What to run.</param>
    /// <param name="state">What to hand to it.</param>
    public Alarm(VirtualTime time, TimerCallback callback, object? state)
    {
        _time = time;
        _callback = callback;
        _state = state;
    }

    /// <summary>Where the queue keeps it; -1 while it is not set.</summary>
    public int Place { get; set; } = -1;

    /// <summary>Sets it anew; an infinite due time clears it, an infinite or zero period rings once.</summary>
    /// <param name="dueTime">From now to the first ring.</param>
    /// <param name="period">From ring to ring.</param>
    /// <returns>False after disposal.</returns>
    public bool Change(TimeSpan dueTime, TimeSpan period)
    {
        if (_disposed)
        {
            return false;
        }

        _time.Clear(this);
        _period = period;
        if (dueTime != Timeout.InfiniteTimeSpan)
        {
            _time.Set(this, dueTime);
        }

        return true;
    }

    /// <summary>Runs the callback; a periodic alarm is set again first, so that the callback may change or dispose
    /// it.</summary>
    public void Ring()
    {
        if (_disposed)
        {
            return;
        }

        if (_period > TimeSpan.Zero)
        {
            _time.Set(this, _period);
        }

        _callback(_state);
    }

    /// <summary>Clears it for good. A finalizer may call this from its own thread: then the queue drops it when
    /// due.</summary>
    public void Dispose()
    {
        _disposed = true;
        if (_time.IsOnItsThread)
        {
            _time.Clear(this);
        }
    }

    /// <summary>As <see cref="Dispose"/>.</summary>
    public ValueTask DisposeAsync()
    {
        Dispose();
        return ValueTask.CompletedTask;
    }
}
