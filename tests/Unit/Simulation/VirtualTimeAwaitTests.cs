using System.Diagnostics.CodeAnalysis;
using EdgeRelease.Simulation;
using Polly;
using Polly.Retry;
using Polly.Timeout;
using Xunit;

namespace EdgeRelease.Tests.Unit.Simulation;

/// <summary>Whatever awaits virtual time goes on inside RunNext, on its thread, before RunNext returns.</summary>
[SuppressMessage(
    "Usage",
    "xUnit1030:Do not call ConfigureAwait(false) in test method",
    Justification = "It is the point."
)]
public sealed class VirtualTimeAwaitTests
{
    private readonly VirtualTime _time = new();
    private readonly int _thread = Environment.CurrentManagedThreadId;
    private readonly List<string> _seen = [];

    [Fact]
    public void Continues_inline_after_a_delay_of_its_own()
    {
        Inline(async () => await _time.Delay(TimeSpan.FromTicks(3), CancellationToken.None));
        Assert.Equal(["00:00:00.0000003"], _seen);
    }

    [Fact]
    public void Continues_inline_after_a_delay_of_the_framework()
    {
        Inline(async () => await Task.Delay(TimeSpan.FromMinutes(5), _time, CancellationToken.None));
        Assert.Equal(["00:05:00"], _seen);
    }

    [Fact]
    public void Continues_inline_without_the_captured_context()
    {
        Inline(async () =>
            await Task.Delay(TimeSpan.FromMinutes(5), _time, CancellationToken.None).ConfigureAwait(false)
        );
        Assert.Equal(["00:05:00"], _seen);
    }

    [Fact]
    public void Ends_a_delay_inline_when_a_source_with_a_deadline_cancels_it()
    {
        using var source = new CancellationTokenSource(TimeSpan.FromSeconds(7), _time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(source.Token);
        Inline(async () => await Ended(_time.Delay(TimeSpan.FromDays(1), linked.Token)));
        Assert.Equal(["cancelled", "00:00:07"], _seen);
    }

    [Fact]
    public void Ends_a_wait_inline_when_its_deadline_has_come()
    {
        var never = new TaskCompletionSource();
        Inline(async () =>
            await Assert.ThrowsAsync<TimeoutException>(() =>
                never.Task.WaitAsync(TimeSpan.FromSeconds(3), _time, CancellationToken.None)
            )
        );
        Assert.Equal(["00:00:03"], _seen);
    }

    [Fact]
    public void Ticks_inline_in_a_periodic_timer()
    {
        Inline(async () =>
        {
            using var timer = new PeriodicTimer(TimeSpan.FromSeconds(30), _time);
            await timer.WaitForNextTickAsync(CancellationToken.None);
            await timer.WaitForNextTickAsync(CancellationToken.None);
        });
        Assert.Equal(["00:01:00"], _seen);
    }

    [Fact]
    public void Ends_a_wait_inline_when_its_token_is_cancelled()
    {
        using var source = new CancellationTokenSource();
        var never = new TaskCompletionSource();
        _time.Schedule(TimeSpan.FromSeconds(2), source.Cancel);
        Inline(async () => await Ended(never.Task.WaitAsync(TimeSpan.FromDays(1), _time, source.Token)));
        Assert.Equal(["cancelled", "00:00:02"], _seen);
    }

    [Fact]
    public void Continues_inline_in_an_asynchronous_iterator()
    {
        Inline(async () =>
        {
            await foreach (var second in Seconds())
            {
                _seen.Add($"{second}");
            }
        });
        Assert.Equal(["1", "2", "00:00:02"], _seen);

        async IAsyncEnumerable<int> Seconds()
        {
            for (var second = 1; second <= 2; second++)
            {
                await _time.Delay(TimeSpan.FromSeconds(1), CancellationToken.None);
                yield return second;
            }
        }
    }

    [Fact]
    public void Wakes_those_who_wait_for_the_same_instant_in_the_order_in_which_they_began()
    {
        foreach (var name in new[] { "a", "b", "c" })
        {
            _ = After(Task.Delay(TimeSpan.FromSeconds(1), _time, CancellationToken.None), name);
        }

        _time.RunUntil(_time.Now + TimeSpan.FromSeconds(1));
        Assert.Equal(["a", "b", "c"], _seen);
    }

    [Fact]
    public void Refuses_to_go_on_when_a_second_waiter_of_one_task_was_sent_to_the_thread_pool()
    {
        var shared = _time.Delay(TimeSpan.FromSeconds(1), CancellationToken.None);
        var second = Touched(shared);
        _ = After(shared, "first");
        var (pool, inline) = (Touched(shared), second);
        _time.RunNext();
        Assert.True(SpinWait.SpinUntil(() => pool.IsCompleted && inline.IsCompleted, TimeSpan.FromSeconds(30)));
        Assert.True(pool.IsFaulted || inline.IsFaulted);
        Assert.Throws<InvalidOperationException>(() => _time.RunNext());

        async Task Touched(Task task)
        {
            await task;
            _time.Schedule(TimeSpan.Zero, () => { });
        }
    }

    [Fact]
    public void Runs_a_resilience_pipeline_with_retries_and_timeouts_inline()
    {
        var pipeline = new ResiliencePipelineBuilder { TimeProvider = _time }
            .AddRetry(new RetryStrategyOptions { MaxRetryAttempts = 2, Delay = TimeSpan.FromSeconds(10) })
            .AddTimeout(new TimeoutStrategyOptions { Timeout = TimeSpan.FromSeconds(2) })
            .Build();
        Inline(async () =>
            await Assert.ThrowsAsync<TimeoutRejectedException>(async () =>
                await pipeline.ExecuteAsync(
                    async token => await _time.Delay(TimeSpan.FromDays(1), token),
                    CancellationToken.None
                )
            )
        );
        Assert.Equal(["00:00:26"], _seen);
    }

    [Fact]
    public void Gives_the_same_run_twice()
    {
        Assert.Equal(Trace(new VirtualTime()), Trace(new VirtualTime()));

        static List<string> Trace(VirtualTime time)
        {
            var (random, trace) = (new Random(1), new List<string>());
            time.Run(() => Task.WhenAll(Enumerable.Range(0, 50).Select(Walk)));
            return trace;

            async Task Walk(int walker)
            {
                for (var step = 0; step < 50; step++)
                {
                    await time.Delay(TimeSpan.FromMilliseconds(random.Next(10)), CancellationToken.None);
                    trace.Add($"{time.Now.Ticks} {walker} {step}");
                }
            }
        }
    }

    private async Task After(Task task, string name)
    {
        await task;
        _seen.Add(name);
    }

    private async Task Ended(Task task)
    {
        await Assert.ThrowsAsync<TaskCanceledException>(() => task);
        _seen.Add("cancelled");
    }

    /// <summary>Runs the work in the queue; notes when it ended. It must end on this thread, inside RunNext.</summary>
    private void Inline(Func<Task> work)
    {
        var start = _time.Now;
        var ended = false;
        _time.Schedule(TimeSpan.Zero, () => _ = Noted());
        while (_time.RunNext()) { }
        Assert.True(ended, "the work went on elsewhere");

        async Task Noted()
        {
            await work();
            Assert.Equal(_thread, Environment.CurrentManagedThreadId);
            _seen.Add($"{_time.Now - start}");
            ended = true;
        }
    }
}
