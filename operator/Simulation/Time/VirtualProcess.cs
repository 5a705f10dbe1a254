namespace EdgeRelease.Simulation;

/// <summary>One operating system process in virtual time: it can be paused (SIGSTOP), killed, and its wall clock set
/// wrong, without touching any other. Its code takes this as its TimeProvider.</summary>
/// <remarks>While it is paused its timers and what others send to it wait, in order; its monotonic clock goes
/// on.</remarks>
public sealed class VirtualProcess : TimeProvider
{
    private readonly Queue<Action> _held = new();

    /// <summary>A running process.</summary>
    /// <param name="time">The time of the simulation.</param>
    /// <param name="name">Its name in records and faults.</param>
    public VirtualProcess(VirtualTime time, string name)
    {
        Time = time;
        Name = name;
    }

    /// <summary>The time of the simulation.</summary>
    public VirtualTime Time { get; }

    /// <summary>Its name in records and faults.</summary>
    public string Name { get; }

    /// <summary>What its own wall clock is wrong by, on top of that of the simulation. Default zero.</summary>
    public TimeSpan WallClockOffset { get; set; }

    /// <summary>The end of the last pause; in the past when there is none.</summary>
    public DateTimeOffset PausedUntil { get; private set; }

    /// <summary>Killed: nothing of it will ever run again.</summary>
    public bool IsDead { get; private set; }

    /// <inheritdoc/>
    public override long TimestampFrequency => Time.TimestampFrequency;

    /// <inheritdoc/>
    public override TimeZoneInfo LocalTimeZone => Time.LocalTimeZone;

    private bool IsPaused => PausedUntil > Time.Now;

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow() => Time.GetUtcNow() + WallClockOffset;

    /// <inheritdoc/>
    public override long GetTimestamp() => Time.GetTimestamp();

    /// <inheritdoc/>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        new ProcessTimer(this, () => callback(state)).Started(dueTime, period);

    /// <summary>Stops it for a while; a longer pause that is already under way stays as it is.</summary>
    /// <param name="length">From now on.</param>
    public void PauseFor(TimeSpan length)
    {
        var until = Time.Now + length;
        PausedUntil = until > PausedUntil ? until : PausedUntil;
    }

    /// <summary>Ends it: timers never ring, calls never return, what is sent to it is lost.</summary>
    public void Kill()
    {
        IsDead = true;
        _held.Clear();
    }

    /// <summary>Hands it something from outside: it runs at once, after the pause and all that came earlier, or
    /// never.</summary>
    /// <param name="action">What it does then.</param>
    public void Receive(Action action)
    {
        if (IsDead)
        {
            return;
        }

        if (!IsPaused && _held.Count == 0)
        {
            action();
            return;
        }

        _held.Enqueue(action);
        if (_held.Count == 1)
        {
            Time.Schedule(PausedUntil - Time.Now, Resume);
        }
    }

    private void Resume()
    {
        while (!IsPaused && _held.TryPeek(out var action))
        {
            // The action leaves the queue after it ran, so that what it causes lines up behind the others.
            action();
            _held.TryDequeue(out _);
        }

        if (_held.Count > 0)
        {
            Time.Schedule(PausedUntil - Time.Now, Resume);
        }
    }

    private sealed class ProcessTimer(VirtualProcess process, Action callback) : ITimer
    {
        private ITimer? _timer;
        private int _setting;
        private bool _waits;

        public ProcessTimer Started(TimeSpan dueTime, TimeSpan period)
        {
            _timer = process.Time.CreateTimer(_ => Ring(), null, dueTime, period);
            return this;
        }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            Forget();
            return _timer!.Change(dueTime, period);
        }

        public void Dispose()
        {
            Forget();
            _timer!.Dispose();
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }

        private void Forget()
        {
            _setting++;
            _waits = false;
        }

        private void Ring()
        {
            if (process.IsDead)
            {
                Dispose();
                return;
            }

            // A periodic timer that rang many times during a pause runs once after it, as the system's timers do.
            if (_waits)
            {
                return;
            }

            _waits = true;
            var setting = _setting;
            process.Receive(() =>
            {
                if (setting == _setting)
                {
                    _waits = false;
                    callback();
                }
            });
        }
    }
}
