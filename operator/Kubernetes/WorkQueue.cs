using System.Diagnostics.CodeAnalysis;

namespace EdgeRelease.Kubernetes;

/// <summary>Keys to work on, each at its time. A key is held once: of several times the earliest wins. A key that is
/// being worked on is not handed out again before <see cref="Done"/>. Nothing is ever dropped.</summary>
/// <remarks>Safe for several threads, starts none: a waiting <see cref="TakeAsync"/> continues inside the call or the
/// timer that made its key due.</remarks>
/// <typeparam name="TKey">What names a piece of work.</typeparam>
[SuppressMessage("Naming", "CA1711", Justification = "Work queue is the word for it in Kubernetes controllers")]
public sealed class WorkQueue<TKey> : IDisposable
    where TKey : notnull
{
    /// <summary>Timers are re-armed at least this often, far below the longest time they can hold.</summary>
    private static readonly TimeSpan LongestAlarm = TimeSpan.FromDays(1);

    private readonly Lock gate = new();
    private readonly Dictionary<TKey, Entry> entries = [];
    private readonly SortedSet<Entry> waiting = new(Entry.ByDue);
    private readonly LinkedList<TaskCompletionSource<TKey>> takers = [];
    private readonly TimeProvider time;
    private readonly Random random;
    private readonly Backoff backoff;
    private readonly ITimer alarm;
    private long order;

    /// <summary>An empty queue.</summary>
    /// <param name="time">The clock; only its monotonic part orders the work.</param>
    /// <param name="random">Jitter of <see cref="Retry"/>; used under the queue's lock.</param>
    /// <param name="backoff">Times of <see cref="Retry"/>; null for <see cref="Backoff.Work"/>.</param>
    public WorkQueue(TimeProvider time, Random random, Backoff? backoff = null)
    {
        ArgumentNullException.ThrowIfNull(time);
        this.time = time;
        this.random = random;
        this.backoff = backoff ?? Backoff.Work;
        alarm = time.CreateTimer(_ => Deliver(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Keys that are due now or being worked on.</summary>
    public int Depth
    {
        get
        {
            lock (gate)
            {
                var now = time.GetTimestamp();
                return entries.Values.Count(entry => entry.Active || entry.Due <= now);
            }
        }
    }

    /// <summary>Makes a key due now.</summary>
    /// <param name="key">The work.</param>
    public void Add(TKey key) => AddAfter(key, TimeSpan.Zero);

    /// <summary>Makes a key due after a delay, unless it is due earlier already.</summary>
    /// <param name="key">The work.</param>
    /// <param name="delay">How long to wait; zero or less means now.</param>
    public void AddAfter(TKey key, TimeSpan delay)
    {
        lock (gate)
        {
            Schedule(EntryOf(key), delay);
        }
        Deliver();
    }

    /// <summary>Makes a key due after a backoff that grows with each call until <see cref="Forget"/>.</summary>
    /// <param name="key">The work that failed.</param>
    public void Retry(TKey key)
    {
        lock (gate)
        {
            var entry = EntryOf(key);
            entry.Failures++;
            Schedule(entry, backoff.After(entry.Failures, random));
        }
        Deliver();
    }

    /// <summary>Begins the backoff of a key anew. It stays due if it was.</summary>
    /// <param name="key">The work that went well, or whose object is gone.</param>
    public void Forget(TKey key)
    {
        lock (gate)
        {
            if (entries.TryGetValue(key, out var entry))
            {
                entry.Failures = 0;
                DropIfIdle(entry);
            }
        }
    }

    /// <summary>The key that has been due longest, once one is due. The caller works on it and then calls
    /// <see cref="Done"/>.</summary>
    /// <param name="cancel">Ends the wait with <see cref="OperationCanceledException"/>; no key is lost.</param>
    public async Task<TKey> TakeAsync(CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        var taker = new LinkedListNode<TaskCompletionSource<TKey>>(new TaskCompletionSource<TKey>());
        lock (gate)
        {
            takers.AddLast(taker);
        }
        Deliver();
        using (cancel.UnsafeRegister(_ => Withdraw(taker, cancel), null))
        {
            return await taker.Value.Task;
        }
    }

    /// <summary>Ends the work on a key. If it was added meanwhile it comes again at its time.</summary>
    /// <param name="key">A key from <see cref="TakeAsync"/>.</param>
    public void Done(TKey key)
    {
        lock (gate)
        {
            var entry = EntryOf(key);
            entry.Active = false;
            if (entry.Due is not null)
            {
                waiting.Add(entry);
            }
            DropIfIdle(entry);
        }
        Deliver();
    }

    /// <summary>Stops the timer; keys are no longer delivered.</summary>
    public void Dispose() => alarm.Dispose();

    private Entry EntryOf(TKey key)
    {
        if (!entries.TryGetValue(key, out var entry))
        {
            entries[key] = entry = new Entry(key);
        }
        return entry;
    }

    private void Schedule(Entry entry, TimeSpan delay)
    {
        var ticks = delay <= TimeSpan.Zero ? 0 : delay.TotalSeconds * time.TimestampFrequency;
        var due = time.GetTimestamp() + (long)Math.Min(ticks, long.MaxValue / 4);
        if (entry.Due <= due)
        {
            return;
        }
        // The order of a SortedSet member must not change while it is inside.
        waiting.Remove(entry);
        entry.Due = due;
        entry.Order = order++;
        if (!entry.Active)
        {
            waiting.Add(entry);
        }
    }

    private void DropIfIdle(Entry entry)
    {
        if (entry is { Active: false, Due: null, Failures: 0 })
        {
            entries.Remove(entry.Key);
        }
    }

    /// <summary>Hands due keys to takers. A taker continues outside the lock, inside this call.</summary>
    private void Deliver()
    {
        while (Match() is var (taker, key))
        {
            taker.SetResult(key);
        }
    }

    private (TaskCompletionSource<TKey> Taker, TKey Key)? Match()
    {
        lock (gate)
        {
            if (takers.First is not { } taker || waiting.Min is not { } entry)
            {
                return null;
            }
            var left = time.GetElapsedTime(time.GetTimestamp(), entry.Due!.Value);
            if (left > TimeSpan.Zero)
            {
                // Timers count whole milliseconds and may fire early: round up, so that they do not spin.
                var alarmAfter = TimeSpan.FromMilliseconds(Math.Ceiling(left.TotalMilliseconds));
                alarm.Change(alarmAfter < LongestAlarm ? alarmAfter : LongestAlarm, Timeout.InfiniteTimeSpan);
                return null;
            }
            takers.RemoveFirst();
            waiting.Remove(entry);
            entry.Due = null;
            entry.Active = true;
            return (taker.Value, entry.Key);
        }
    }

    private void Withdraw(LinkedListNode<TaskCompletionSource<TKey>> taker, CancellationToken cancel)
    {
        lock (gate)
        {
            if (taker.List is null)
            {
                return; // A key is on its way to it.
            }
            takers.Remove(taker);
        }
        taker.Value.SetCanceled(cancel);
    }

    private sealed class Entry(TKey key)
    {
        public static readonly Comparer<Entry> ByDue = Comparer<Entry>.Create(
            (a, b) => a.Due == b.Due ? a.Order.CompareTo(b.Order) : Nullable.Compare(a.Due, b.Due)
        );

        public TKey Key { get; } = key;

        /// <summary>Monotonic timestamp; null when there is nothing to do.</summary>
        public long? Due { get; set; }

        public long Order { get; set; }

        public bool Active { get; set; }

        public int Failures { get; set; }
    }
}
