using EdgeRelease.Kubernetes;
using EdgeRelease.Simulation;
using Xunit;

namespace EdgeRelease.Tests.Unit.Kubernetes;

/// <summary>Random additions and three workers against a plain list of promises.</summary>
public sealed class WorkQueueScheduleTests
{
    [Fact]
    public void Keeps_every_promise_in_random_schedules()
    {
        for (var seed = 0; seed < 300; seed++)
        {
            new Schedule(seed).Run();
        }
    }

    [Fact]
    public async Task Loses_no_key_when_a_taker_is_cancelled_on_another_thread_at_the_same_time()
    {
        for (var i = 0; i < 20_000; i++)
        {
            using var queue = new WorkQueue<int>(TimeProvider.System, Random.Shared);
            using var stop = new CancellationTokenSource();
            var taken = queue.TakeAsync(stop.Token);
            Parallel.Invoke(stop.Cancel, () => queue.Add(i));

            await Task.WhenAny(taken);
            var isTaken = taken.IsCompletedSuccessfully;
            var left = queue.TakeAsync(new CancellationToken(isTaken));

            Assert.Equal(i, isTaken ? await taken : await left);
            Assert.Equal(isTaken, left.IsCanceled);
        }
    }

    private sealed class Schedule(int seed)
    {
        private readonly VirtualTime time = new();
        private readonly Random random = new(seed);
        private readonly HashSet<int> working = [];

        /// <summary>The earliest time that was asked for and not yet kept, by key.</summary>
        private readonly Dictionary<int, DateTimeOffset> promises = [];

        public void Run()
        {
            using var queue = new WorkQueue<int>(time, random);
            using var stop = new CancellationTokenSource();
            for (var worker = 0; worker < 3; worker++)
            {
                _ = WorkAsync(queue, stop.Token);
            }
            for (var i = 0; i < 100; i++)
            {
                Add(queue, random.Next(8), TimeSpan.FromMilliseconds(random.Next(5000)));
                time.RunUntil(time.Now + TimeSpan.FromMilliseconds(random.Next(1000)));
            }
            time.RunUntil(time.Now + TimeSpan.FromMinutes(10));
            Assert.True(promises.Count == 0, $"seed {seed}: dropped {string.Join(',', promises.Keys)}");
            stop.Cancel();
        }

        private void Add(WorkQueue<int> queue, int key, TimeSpan delay)
        {
            var at = time.Now + delay;
            promises[key] = promises.TryGetValue(key, out var earlier) && earlier < at ? earlier : at;
            queue.AddAfter(key, delay);
        }

        private async Task WorkAsync(WorkQueue<int> queue, CancellationToken stop)
        {
            while (true)
            {
                var key = await queue.TakeAsync(stop);
                Assert.True(working.Add(key), $"seed {seed}: {key} is worked on twice");
                Assert.True(promises.Remove(key, out var at) && at <= time.Now, $"seed {seed}: {key} came early");
                if (random.Next(3) > 0)
                {
                    await time.Delay(TimeSpan.FromMilliseconds(random.Next(2000)), CancellationToken.None);
                }
                if (random.Next(4) == 0)
                {
                    Add(queue, key, TimeSpan.FromMilliseconds(random.Next(3000)));
                }
                working.Remove(key);
                queue.Done(key);
            }
        }
    }
}
