using EdgeRelease.Simulation;
using Xunit;

namespace EdgeRelease.Tests.Unit.Simulation;

public sealed class VirtualTimeProcessTests
{
    private readonly VirtualTime _time = new();
    private readonly VirtualProcess _process;
    private readonly DateTimeOffset _start;
    private readonly List<string> _seen = [];

    public VirtualTimeProcessTests()
    {
        _process = new VirtualProcess(_time, "a");
        _start = _time.Now;
    }

    [Fact]
    public void Rings_timers_and_receives_messages_after_a_pause_in_the_order_in_which_they_came()
    {
        _process.CreateTimer(_ => See("timer"), null, TimeSpan.FromSeconds(2), Timeout.InfiniteTimeSpan);
        _time.Schedule(TimeSpan.FromSeconds(1), () => _process.Receive(() => See("message")));
        _process.PauseFor(TimeSpan.FromSeconds(20));
        RunAll();
        Assert.Equal(["00:00:20 message", "00:00:20 timer"], _seen);
    }

    [Fact]
    public void Rings_a_periodic_timer_once_for_a_whole_pause()
    {
        using var timer = _process.CreateTimer(
            _ => See("tick"),
            null,
            TimeSpan.FromSeconds(1),
            TimeSpan.FromSeconds(1)
        );
        _process.PauseFor(TimeSpan.FromSeconds(10.5));
        _time.RunUntil(_start + TimeSpan.FromSeconds(11));
        Assert.Equal(["00:00:10.5000000 tick", "00:00:11 tick"], _seen);
    }

    [Fact]
    public void Forgets_a_ring_that_waits_when_the_timer_is_disposed_meanwhile()
    {
        var timer = _process.CreateTimer(_ => See("timer"), null, TimeSpan.FromSeconds(2), Timeout.InfiniteTimeSpan);
        _time.Schedule(TimeSpan.FromSeconds(1), () => _process.Receive(timer.Dispose));
        _process.PauseFor(TimeSpan.FromSeconds(20));
        RunAll();
        Assert.Empty(_seen);
    }

    [Fact]
    public void Stays_paused_when_the_first_thing_after_a_pause_pauses_it_again()
    {
        _process.PauseFor(TimeSpan.FromSeconds(5));
        _process.Receive(() => _process.PauseFor(TimeSpan.FromSeconds(5)));
        _process.Receive(() => See("second"));
        RunAll();
        Assert.Equal(["00:00:10 second"], _seen);
    }

    [Fact]
    public void Does_nothing_more_once_it_is_killed()
    {
        _process.CreateTimer(_ => See("timer"), null, TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(2));
        _process.PauseFor(TimeSpan.FromSeconds(1));
        _process.Receive(() => See("message"));
        _process.Kill();
        RunAll();
        Assert.Empty(_seen);
        Assert.Equal(0, _time.Pending);
    }

    [Fact]
    public void Has_a_wall_clock_of_its_own_and_the_common_monotonic_clock()
    {
        var other = new VirtualProcess(_time, "b") { WallClockOffset = TimeSpan.FromHours(1) };
        Assert.Equal(_process.GetUtcNow() + TimeSpan.FromHours(1), other.GetUtcNow());
        Assert.Equal(_process.GetTimestamp(), other.GetTimestamp());
    }

    [Fact]
    public void Serves_delays_of_the_framework()
    {
        _ = Wait();
        _process.PauseFor(TimeSpan.FromSeconds(9));
        RunAll();
        Assert.Equal(["00:00:09 delay"], _seen);

        async Task Wait()
        {
            await Task.Delay(TimeSpan.FromSeconds(3), _process, CancellationToken.None);
            See("delay");
        }
    }

    private void See(string what) => _seen.Add($"{_time.Now - _start} {what}");

    private void RunAll()
    {
        while (_time.RunNext()) { }
    }
}
