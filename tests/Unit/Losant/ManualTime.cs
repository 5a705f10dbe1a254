namespace EdgeRelease.Tests.Unit.Losant;

/// <summary>Time that stands until a test moves it. Timers fire on the thread that moves it.</summary>
internal sealed class ManualTime : TimeProvider
{
    public static readonly DateTimeOffset Start = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private readonly List<ManualTimer> timers = [];
    private DateTimeOffset now = Start;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public TimeSpan Elapsed => now - Start;

    /// <summary>What the wall clock is wrong by; moves neither timers nor timestamps.</summary>
    public TimeSpan WallClockOffset { get; set; }

    public override DateTimeOffset GetUtcNow() => now + WallClockOffset;

    /// <summary>How far time goes on by itself at each look at the timestamp. Default: it stands.</summary>
    public TimeSpan Drift { get; set; }

    public override long GetTimestamp() => (now += Drift).UtcTicks;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new ManualTimer(this, () => callback(state));
        timer.Change(dueTime, period);
        return timer;
    }

    public void Advance(TimeSpan by)
    {
        var until = now + by;
        while (Next() is { } next && next.DueAt <= until)
        {
            Fire(next);
        }

        now = until;
    }

    /// <summary>Calls without a synchronization context, then moves time from timer to timer until the task has ended.
    /// Fails when nothing is left that could end it: then a continuation went to another thread.</summary>
    public T Run<T>(Func<Task<T>> call)
    {
        var before = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(null);
        try
        {
            var task = call();
            while (!task.IsCompleted)
            {
                Fire(
                    Next() ?? throw new InvalidOperationException("nothing is left to wait for, yet the call goes on")
                );
            }

            return task.GetAwaiter().GetResult();
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(before);
        }
    }

    private ManualTimer? Next() => timers.Where(timer => timer.DueAt is not null).MinBy(timer => timer.DueAt);

    private void Fire(ManualTimer timer)
    {
        now = timer.DueAt > now ? timer.DueAt.Value : now;
        timer.Fire();
    }

    private sealed class ManualTimer(ManualTime time, Action callback) : ITimer
    {
        private TimeSpan period;

        public DateTimeOffset? DueAt { get; private set; }

        public void Fire()
        {
            DueAt = period > TimeSpan.Zero ? time.now + period : null;
            callback();
        }

        public bool Change(TimeSpan dueTime, TimeSpan newPeriod)
        {
            // As the system's timers do.
            ArgumentOutOfRangeException.ThrowIfLessThan(dueTime, Timeout.InfiniteTimeSpan);
            period = newPeriod;
            DueAt = dueTime == Timeout.InfiniteTimeSpan ? null : time.now + dueTime;
            time.timers.Remove(this);
            time.timers.Add(this);
            return true;
        }

        public void Dispose()
        {
            DueAt = null;
            time.timers.Remove(this);
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
