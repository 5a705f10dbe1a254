namespace EdgeRelease.Simulation;

/// <summary>The time of a deterministic simulation on one thread: it stands still while code runs and jumps to the
/// next thing that is due. Two runs that schedule the same things in the same order are equal.</summary>
/// <remarks>Everything completes inline, on the thread that calls <see cref="RunNext"/>: with no
/// SynchronizationContext, and as long as the framework sends nothing to the thread pool. It does so for the
/// cancellation of <c>Task.Delay(x, time, token)</c> (<see cref="Delay"/> and WaitAsync do not), all but one of
/// several waiters of the same task (give each its own), a waiter of a contended SemaphoreSlim, a Channel without
/// AllowSynchronousContinuations, Task.Yield, ContinueWith without ExecuteSynchronously, Parallel, and
/// RunContinuationsAsynchronously. What then touches this time from there is refused, and so is all further
/// running.</remarks>
public sealed class VirtualTime : TimeProvider
{
    private readonly AlarmQueue _queue = new();
    private long _now;
    private int _thread;
    private string? _trespass;

    /// <summary>A time that begins at an instant.</summary>
    /// <param name="start">The first instant; null for 2026-01-01T00:00:00Z.</param>
    public VirtualTime(DateTimeOffset? start = null) =>
        _now = (start ?? new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero)).UtcTicks;

    /// <summary>The true instant, which only goes forward, in ticks of 100 ns. A wall clock may say something
    /// else.</summary>
    public DateTimeOffset Now => new(_now, TimeSpan.Zero);

    /// <summary>What every wall clock is wrong by; moves neither timers nor timestamps. Default zero.</summary>
    public TimeSpan WallClockOffset { get; set; }

    /// <summary>Entries that are due some day: timers, delays and scheduled actions.</summary>
    public int Pending => _queue.Count;

    /// <inheritdoc/>
    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <summary>Always UTC, on every machine.</summary>
    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    /// <summary>Whether the caller may touch the queue: nobody has run it yet, or the caller did so last.</summary>
    internal bool IsOnItsThread => _thread == 0 || _thread == Environment.CurrentManagedThreadId;

    /// <summary><see cref="Now"/> as the wall clock shows it.</summary>
    public override DateTimeOffset GetUtcNow() => Now + WallClockOffset;

    /// <inheritdoc/>
    public override long GetTimestamp() => _now;

    /// <summary>A timer whose callback runs inside <see cref="RunNext"/>.</summary>
    /// <param name="callback">What to run.</param>
    /// <param name="state">What to hand to it.</param>
    /// <param name="dueTime">From now to the first run; infinite for none yet.</param>
    /// <param name="period">From run to run; infinite or zero for one run.</param>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var alarm = new Alarm(this, callback, state);
        alarm.Change(dueTime, period);
        return alarm;
    }

    /// <summary>Runs an action later, after everything that was scheduled earlier for the same instant.</summary>
    /// <param name="after">From now; negative counts as zero.</param>
    /// <param name="action">What to run.</param>
    public void Schedule(TimeSpan after, Action action) =>
        Set(new Alarm(this, static state => ((Action)state!)(), action), after);

    /// <summary>A task that ends later, to the tick; a delay of zero still waits for its turn.</summary>
    /// <param name="after">From now.</param>
    /// <param name="cancel">Ends it early.</param>
    public Task Delay(TimeSpan after, CancellationToken cancel) =>
        cancel.IsCancellationRequested ? Task.FromCanceled(cancel) : new VirtualDelay(this, after, cancel).Task;

    /// <summary>Moves on to the earliest entry and runs it, with all that follows from it, before returning.</summary>
    /// <returns>False when nothing is due, ever.</returns>
    /// <exception cref="InvalidOperationException">Something touched this time from another thread, or there is a
    /// SynchronizationContext: the run would not be deterministic.</exception>
    public bool RunNext()
    {
        Claim();
        if (_queue.Count == 0)
        {
            return false;
        }

        _now = Math.Max(_now, _queue.FirstDue);
        _queue.TakeFirst().Ring();
        return true;
    }

    /// <summary>Runs everything that is due up to an instant, which then is <see cref="Now"/>.</summary>
    /// <param name="until">The instant; one that has passed only runs what is due now.</param>
    public void RunUntil(DateTimeOffset until)
    {
        var end = Math.Max(until.UtcTicks, _now);
        while (_queue.Count > 0 && _queue.FirstDue <= end)
        {
            RunNext();
        }

        Claim();
        _now = end;
    }

    /// <summary>Starts some work and runs the queue until the work has ended.</summary>
    /// <param name="work">What to do; its exception is thrown here.</param>
    /// <exception cref="InvalidOperationException">Nothing is due and the work still waits.</exception>
    public void Run(Func<Task> work)
    {
        Claim();
        var task = work();
        while (!task.IsCompleted)
        {
            if (!RunNext())
            {
                throw new InvalidOperationException("cannot run the work to its end: it waits and nothing is due");
            }
        }

        task.GetAwaiter().GetResult();
    }

    /// <summary>Sets an alarm that is not set.</summary>
    /// <param name="alarm">It.</param>
    /// <param name="after">From now.</param>
    internal void Set(Alarm alarm, TimeSpan after)
    {
        Guard();
        _queue.Add(alarm, _now + Math.Max(after.Ticks, 0));
    }

    /// <summary>Clears an alarm, set or not.</summary>
    /// <param name="alarm">It.</param>
    internal void Clear(Alarm alarm)
    {
        Guard();
        _queue.Remove(alarm);
    }

    private void Guard()
    {
        if (IsOnItsThread)
        {
            return;
        }

        _trespass = $"virtual time was touched from another thread:\n{Environment.StackTrace}";
        throw new InvalidOperationException(_trespass);
    }

    private void Claim()
    {
        _thread = Environment.CurrentManagedThreadId;
        if (_trespass is not null || SynchronizationContext.Current is not null)
        {
            throw new InvalidOperationException(_trespass ?? "virtual time cannot run under a SynchronizationContext");
        }
    }
}
