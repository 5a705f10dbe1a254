using EdgeRelease.Kubernetes;
using EdgeRelease.Simulation;
using Xunit;

namespace EdgeRelease.Tests.Unit.Kubernetes;

public sealed class WorkQueueTests : IDisposable
{
    private readonly VirtualTime time = new();
    private readonly WorkQueue<string> queue;

    public WorkQueueTests() => queue = new WorkQueue<string>(time, new Random(1));

    public void Dispose() => queue.Dispose();

    [Fact]
    public void Hands_out_the_key_that_is_due_first()
    {
        queue.AddAfter("later", TimeSpan.FromSeconds(2));
        queue.AddAfter("sooner", TimeSpan.FromSeconds(1));
        queue.Add("now");

        Assert.Equal(["now at 0 s", "sooner at 1 s", "later at 2 s"], Taken(3));
    }

    [Fact]
    public void Keeps_the_order_of_keys_that_are_due_together()
    {
        queue.Add("b");
        queue.Add("a");
        queue.Add("c");

        Assert.Equal(["b at 0 s", "a at 0 s", "c at 0 s"], Taken(3));
    }

    [Fact]
    public void Holds_a_key_once_at_its_earliest_time()
    {
        queue.AddAfter("a", TimeSpan.FromSeconds(5));
        queue.AddAfter("a", TimeSpan.FromSeconds(3));
        queue.AddAfter("a", TimeSpan.FromSeconds(9));
        queue.AddAfter("end", TimeSpan.FromSeconds(20));

        Assert.Equal(["a at 3 s", "end at 20 s"], Taken(2));
    }

    [Fact]
    public void Does_not_hand_out_a_key_that_is_being_worked_on()
    {
        queue.Add("a");
        var first = queue.TakeAsync(CancellationToken.None);
        queue.Add("a");
        var second = queue.TakeAsync(CancellationToken.None);
        time.RunUntil(time.Now + TimeSpan.FromHours(1));

        Assert.True(first.IsCompletedSuccessfully);
        Assert.False(second.IsCompleted);
    }

    [Fact]
    public void Hands_out_a_key_again_that_was_added_while_it_was_worked_on()
    {
        queue.Add("a");
        _ = queue.TakeAsync(CancellationToken.None);
        queue.Add("a");
        var second = queue.TakeAsync(CancellationToken.None);

        queue.Done("a");

        Assert.True(second.IsCompletedSuccessfully);
    }

    [Fact]
    public void Does_not_hand_out_a_done_key_again()
    {
        queue.Add("a");
        _ = queue.TakeAsync(CancellationToken.None);
        queue.Done("a");
        var second = queue.TakeAsync(CancellationToken.None);
        time.RunUntil(time.Now + TimeSpan.FromHours(1));

        Assert.False(second.IsCompleted);
    }

    [Fact]
    public void Waits_longer_after_each_failure_up_to_a_minute_and_never_gives_up()
    {
        List<TimeSpan> waits = [];
        queue.Add("a");
        for (var i = 0; i < 30; i++)
        {
            var before = time.Now;
            time.Run(() => queue.TakeAsync(CancellationToken.None));
            waits.Add(time.Now - before);
            queue.Retry("a");
            queue.Done("a");
        }

        var whole = Enumerable.Range(0, 29).Select(i => TimeSpan.FromSeconds(Math.Min(60, Math.Pow(2, i))));
        Assert.All(
            waits.Skip(1).Zip(whole),
            pair => Assert.InRange(pair.First, pair.Second / 2, pair.Second + TimeSpan.FromMilliseconds(1))
        );
    }

    [Fact]
    public void Begins_the_backoff_anew_after_success()
    {
        for (var i = 0; i < 10; i++)
        {
            queue.Retry("a");
        }
        queue.Forget("a");
        time.Run(() => queue.TakeAsync(CancellationToken.None));
        queue.Done("a");
        var before = time.Now;

        queue.Retry("a");
        time.Run(() => queue.TakeAsync(CancellationToken.None));

        Assert.InRange(time.Now - before, TimeSpan.FromSeconds(0.5), TimeSpan.FromSeconds(1));
    }

    [Fact]
    public void Loses_no_key_to_a_taker_that_was_cancelled()
    {
        using var stop = new CancellationTokenSource();
        var cancelled = queue.TakeAsync(stop.Token);
        var patient = queue.TakeAsync(CancellationToken.None);
        stop.Cancel();

        queue.Add("a");

        Assert.True(cancelled.IsCanceled);
        Assert.True(patient.IsCompletedSuccessfully);
    }

    [Fact]
    public void Continues_the_taker_inside_the_call_that_makes_its_key_due()
    {
        var thread = 0;
        _ = TakeAsync();

        queue.Add("a");

        Assert.Equal(Environment.CurrentManagedThreadId, thread);

        async Task TakeAsync()
        {
            await queue.TakeAsync(CancellationToken.None);
            thread = Environment.CurrentManagedThreadId;
        }
    }

    [Fact]
    public void Waits_the_same_when_the_wall_clock_jumps()
    {
        queue.AddAfter("a", TimeSpan.FromMinutes(1));
        time.WallClockOffset = TimeSpan.FromHours(1);

        Assert.Equal(["a at 60 s"], Taken(1));
    }

    [Fact]
    public void Waits_for_times_beyond_the_range_of_timers()
    {
        queue.AddAfter("a", TimeSpan.FromDays(100));

        Assert.Equal([$"a at {TimeSpan.FromDays(100).TotalSeconds} s"], Taken(1));
    }

    [Fact]
    public void Counts_the_keys_that_are_due_or_being_worked_on()
    {
        queue.Add("due");
        queue.Add("worked on");
        queue.AddAfter("later", TimeSpan.FromSeconds(1));
        _ = queue.TakeAsync(CancellationToken.None);

        Assert.Equal(2, queue.Depth);
    }

    private List<string> Taken(int count)
    {
        List<string> taken = [];
        var start = time.Now;
        for (var i = 0; i < count; i++)
        {
            time.Run(async () =>
                taken.Add($"{await queue.TakeAsync(CancellationToken.None)} at {(time.Now - start).TotalSeconds} s")
            );
        }
        return taken;
    }
}
