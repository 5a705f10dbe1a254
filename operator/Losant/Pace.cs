namespace EdgeRelease.Losant;

/// <summary>How fast requests with one token start at one host, evenly rather than in bursts and in order of arrival.
/// Slower after each 429, then faster again step by step. Safe to use from several threads.</summary>
/// <param name="time">Where waits pass; virtual time too.</param>
internal sealed class Pace(TimeProvider time) : IDisposable
{
    private const double MostStartsTogetherPerSecond = 20;
    private const double SlowestPerSecond = 0.1;
    private static readonly TimeSpan RecoveryStep = TimeSpan.FromSeconds(10);

    private readonly Lock gate = new();
    private readonly Queue<TaskCompletionSource> waiting = new();
    private readonly Hold hold = new(time);
    private ITimer? alarm;
    private double most = double.PositiveInfinity;
    private double slowed = double.PositiveInfinity;
    private long slowedAt = long.MinValue;
    private long next = long.MinValue;

    /// <summary>The rate at present: the one allowed, or less after a 429.</summary>
    public double RequestsPerSecond
    {
        get
        {
            lock (gate)
            {
                return Rate();
            }
        }
    }

    /// <summary>How long no request may start; null when they may.</summary>
    public TimeSpan? HeldFor => hold.Left;

    /// <summary>Sets the most requests per second; fractions are kept.</summary>
    public void Allow(double requestsPerSecond)
    {
        lock (gate)
        {
            most = requestsPerSecond;
        }
    }

    /// <summary>Halves the rate, not below a tenth of what is allowed. A tenth comes back every 10 seconds.</summary>
    /// <param name="began">The timestamp at which the request that was refused began: those under way while the rate
    /// was halved say nothing about the new one.</param>
    public void Slow(long began)
    {
        lock (gate)
        {
            if (began >= slowedAt)
            {
                slowed = Math.Max(Rate() / 2, Math.Min(most, Math.Max(most / 10, SlowestPerSecond)));
                slowedAt = time.GetTimestamp();
            }
        }
    }

    /// <summary>Lets no request start for a while.</summary>
    public void Rest(TimeSpan wait) => hold.Extend(wait);

    /// <summary>Waits until a request may start. The continuation runs on the thread that lets it, as everything
    /// does.</summary>
    public async Task WaitAsync(CancellationToken cancel)
    {
        TaskCompletionSource turn;
        lock (gate)
        {
            if (waiting.Count == 0 && TryStart())
            {
                return;
            }

            turn = new TaskCompletionSource();
            waiting.Enqueue(turn);
            SetAlarm();
        }

        await using var _ = cancel.UnsafeRegister(
            static (turn, token) => ((TaskCompletionSource)turn!).TrySetCanceled(token),
            turn
        );
        await turn.Task;
    }

    /// <summary>Wakes nobody any more.</summary>
    public void Dispose()
    {
        lock (gate)
        {
            alarm?.Dispose();
        }
    }

    private void Ring()
    {
        while (TakeTurn() is { } turn)
        {
            turn.TrySetResult();
        }
    }

    /// <summary>The first in the queue that may start now; null when none may, with the alarm set for it.</summary>
    private TaskCompletionSource? TakeTurn()
    {
        lock (gate)
        {
            while (waiting.TryPeek(out var turn))
            {
                if (turn.Task.IsCompleted)
                {
                    waiting.Dequeue();
                }
                else if (TryStart())
                {
                    return waiting.Dequeue();
                }
                else
                {
                    SetAlarm();
                    return null;
                }
            }

            return null;
        }
    }

    private bool TryStart()
    {
        if (Due() > TimeSpan.Zero)
        {
            return false;
        }

        next = Math.Max(next, time.GetTimestamp()) + Interval();
        return true;
    }

    private void SetAlarm()
    {
        // Timers know whole milliseconds: one that rings early would ring again and again. Time goes on meanwhile: what
        // was due in a moment may be overdue by now.
        var due = TimeSpan.FromMilliseconds(Math.Max(0, Math.Ceiling(Due().TotalMilliseconds)));
        alarm ??= time.CreateTimer(_ => Ring(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        alarm.Change(due, Timeout.InfiniteTimeSpan);
    }

    /// <summary>How long until the next request may start; not above zero when it may.</summary>
    private TimeSpan Due()
    {
        // Timers are coarse: a high rate is only reached when a few may start together.
        var together = Math.Max(1, (int)(Rate() / MostStartsTogetherPerSecond));
        var now = time.GetTimestamp();
        var due =
            next == long.MinValue ? TimeSpan.Zero : time.GetElapsedTime(now, next - ((together - 1) * Interval()));
        return hold.Left is { } left && left > due ? left : due;
    }

    private long Interval() => (long)(time.TimestampFrequency / Rate());

    private double Rate()
    {
        var steps = double.IsPositiveInfinity(slowed) ? 0 : (int)(time.GetElapsedTime(slowedAt) / RecoveryStep);
        return Math.Min(most, slowed + (steps * most / 10));
    }
}
