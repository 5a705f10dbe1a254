using EdgeRelease.Simulation;
using Xunit;

namespace EdgeRelease.Tests.Unit.Simulation;

public sealed class VirtualTimeTests
{
    private readonly VirtualTime _time = new();
    private readonly List<string> _seen = [];

    [Fact]
    public void Runs_what_is_due_first_and_then_what_was_scheduled_first()
    {
        _time.Schedule(TimeSpan.FromSeconds(2), () => _seen.Add("late"));
        _time.Schedule(TimeSpan.FromSeconds(1), () => _seen.Add("a"));
        _time.Schedule(TimeSpan.FromSeconds(1), () => _seen.Add("b"));
        RunAll();
        Assert.Equal(["a", "b", "late"], _seen);
    }

    [Fact]
    public void Keeps_the_order_of_a_sorted_list_under_random_adding_and_clearing()
    {
        var seed = Environment.TickCount;
        var random = new Random(seed);
        var expected = new SortedDictionary<(long Due, int Number), ITimer>();
        var rung = new List<int>();
        for (var number = 0; number < 5000; number++)
        {
            var (mine, due) = (number, random.Next(0, 200));
            var timer = _time.CreateTimer(_ => rung.Add(mine), null, TimeSpan.FromTicks(due), Timeout.InfiniteTimeSpan);
            expected[(due, number)] = timer;
            if (random.Next(3) == 0)
            {
                var victim = expected.ElementAt(random.Next(Math.Min(expected.Count, 50)));
                victim.Value.Dispose();
                expected.Remove(victim.Key);
            }
        }

        Assert.Equal(expected.Count, _time.Pending);
        RunAll();
        Assert.True(expected.Keys.Select(key => key.Number).SequenceEqual(rung), $"seed {seed}");
    }

    [Fact]
    public void Stands_still_while_code_runs_and_jumps_to_what_is_due()
    {
        var start = _time.Now;
        _time.Schedule(TimeSpan.FromHours(5), () => _seen.Add($"{_time.Now - start}"));
        Assert.True(_time.RunNext());
        Assert.Equal(["05:00:00"], _seen);
        Assert.False(_time.RunNext());
    }

    [Fact]
    public void Runs_up_to_and_including_an_instant_and_stops_there()
    {
        var start = _time.Now;
        _time.Schedule(TimeSpan.FromSeconds(10), () => _seen.Add("at"));
        _time.Schedule(TimeSpan.FromSeconds(11), () => _seen.Add("after"));
        _time.RunUntil(start + TimeSpan.FromSeconds(10));
        Assert.Equal(["at"], _seen);
        _time.RunUntil(start + TimeSpan.FromSeconds(10.5));
        Assert.Equal(start + TimeSpan.FromSeconds(10.5), _time.Now);
    }

    [Fact]
    public void Moves_neither_timers_nor_timestamps_when_the_wall_clock_jumps()
    {
        var (wall, stamp) = (_time.GetUtcNow(), _time.GetTimestamp());
        _time.Schedule(TimeSpan.FromMinutes(1), () => _seen.Add("rang"));
        _time.WallClockOffset = TimeSpan.FromHours(-1);
        Assert.Equal(wall - TimeSpan.FromHours(1), _time.GetUtcNow());
        _time.RunNext();
        Assert.Equal(TimeSpan.FromMinutes(1), _time.GetElapsedTime(stamp));
        Assert.Equal(wall + TimeSpan.FromMinutes(1), _time.Now);
        Assert.Equal(["rang"], _seen);
    }

    [Fact]
    public void Rings_a_periodic_timer_until_it_is_disposed()
    {
        var timer = _time.CreateTimer(_ => _seen.Add("ring"), null, TimeSpan.Zero, TimeSpan.FromSeconds(10));
        _time.RunUntil(_time.Now + TimeSpan.FromSeconds(35));
        Assert.Equal(4, _seen.Count);
        timer.Dispose();
        Assert.Equal(0, _time.Pending);
        Assert.False(timer.Change(TimeSpan.Zero, TimeSpan.Zero));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    public void Rings_once_when_the_period_is_zero_or_infinite(int milliseconds)
    {
        var period = TimeSpan.FromMilliseconds(milliseconds);
        _time.CreateTimer(_ => _seen.Add("ring"), null, TimeSpan.FromSeconds(1), period);
        RunAll();
        Assert.Equal(["ring"], _seen);
    }

    [Fact]
    public void Rings_when_it_was_last_told_to()
    {
        var start = _time.Now;
        var never = Timeout.InfiniteTimeSpan;
        var timer = _time.CreateTimer(_ => _seen.Add($"{_time.Now - start}"), null, TimeSpan.FromSeconds(1), never);
        Assert.True(timer.Change(TimeSpan.FromSeconds(5), never));
        RunAll();
        Assert.True(timer.Change(TimeSpan.FromSeconds(2), never));
        Assert.True(timer.Change(never, never));
        Assert.Equal(0, _time.Pending);
        Assert.Equal(["00:00:05"], _seen);
    }

    [Fact]
    public void Lets_a_callback_dispose_its_own_periodic_timer()
    {
        ITimer? timer = null;
        timer = _time.CreateTimer(_ => timer!.Dispose(), null, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1));
        RunAll();
        Assert.Equal(0, _time.Pending);
    }

    [Fact]
    public void Drops_cancelled_delays_at_once()
    {
        using var source = new CancellationTokenSource();
        var delays = Enumerable.Range(0, 100_000).Select(_ => _time.Delay(TimeSpan.FromDays(1), source.Token)).ToList();
        Assert.Equal(100_000, _time.Pending);
        source.Cancel();
        Assert.Equal(0, _time.Pending);
        Assert.All(delays, delay => Assert.True(delay.IsCanceled));
    }

    [Fact]
    public void Refuses_to_be_touched_from_another_thread_and_to_go_on_after_that()
    {
        _time.Schedule(TimeSpan.Zero, () => _seen.Add("first"));
        _time.RunNext();
        Exception? refusal = null;
        var other = new Thread(() => refusal = Record.Exception(() => _time.Schedule(TimeSpan.Zero, () => { })));
        other.Start();
        other.Join();
        Assert.IsType<InvalidOperationException>(refusal);
        Assert.Throws<InvalidOperationException>(() => _time.RunNext());
    }

    [Fact]
    public void Refuses_to_run_work_that_waits_while_nothing_is_due()
    {
        var never = new TaskCompletionSource();
        Assert.Throws<InvalidOperationException>(() => _time.Run(() => never.Task));
    }

    private void RunAll()
    {
        while (_time.RunNext()) { }
    }
}
