using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using EdgeRelease.Kubernetes;
using EdgeRelease.Simulation;
using EdgeRelease.Tests.Conversations;
using Xunit;

namespace EdgeRelease.Tests.Unit.Simulation;

/// <summary>Writers and a reader under all faults at random, on one thread, by a seed.</summary>
public sealed class ClusterChaosTests
{
    private static readonly ClusterFaultKind[] Kinds = Enum.GetValues<ClusterFaultKind>();

    private static readonly Lazy<IReadOnlyList<Chaos>> Runs = new(() =>
        [.. Enumerable.Range(0, 60).Select(seed => new Chaos(seed).Run())]
    );

    [Fact]
    public void Gives_the_same_trace_for_the_same_seed()
    {
        Assert.All(Runs.Value.Take(10), run => Assert.Equal(run.Trace, new Chaos(run.Seed).Run().Trace));
        Assert.NotEqual(Runs.Value[0].Trace, Runs.Value[1].Trace);
    }

    [Fact]
    public void Lets_every_fault_happen()
    {
        var counts = new ClusterFaultCounts();
        foreach (var run in Runs.Value)
        {
            counts.Add(run.Faults);
        }

        Assert.All(Kinds, kind => Assert.True(counts[kind] > 0, $"{kind} never happened"));
    }

    [Fact]
    public void Shows_the_truth_to_a_reader_that_lists_again_once_the_faults_are_over()
    {
        Assert.All(Runs.Value, run => Assert.True(run.Truth == run.View, $"seed {run.Seed}: saw {run.View}"));
        Assert.Contains(Runs.Value, run => run.Truth.Length > 0);
    }

    [Fact]
    public void Commits_one_version_after_the_other_and_never_from_a_stale_one()
    {
        foreach (var run in Runs.Value)
        {
            var last = new Dictionary<ResourceKey, string?>();
            foreach (var write in run.Record)
            {
                last.TryGetValue(write.Key, out var before);
                Assert.True(before == write.Before?.Version(), $"seed {run.Seed}, write {write.Sequence}");
                last[write.Key] = write.Event == WatchEventKind.Deleted ? null : write.After.Version();
            }
        }
    }

    private sealed class Chaos
    {
        private readonly VirtualTime _time = new();
        private readonly SimulatedCluster _cluster;
        private readonly Random _random;
        private readonly StringBuilder _trace = new();
        private readonly SortedDictionary<string, string> _view = new(StringComparer.Ordinal);
        private readonly TimeSpan _calm = TimeSpan.FromMinutes(30);
        private readonly DateTimeOffset _start;

        public Chaos(int seed)
        {
            Seed = seed;
            _random = new Random(seed);
            _start = _time.Now;
            _cluster = new SimulatedCluster(_time) { Latency = () => TimeSpan.FromMilliseconds(_random.Next(1, 200)) };
            _cluster.Register(new KindRules(Talks.Kind) { HasStatus = true });
            _cluster.Fault = Draw;
        }

        public int Seed { get; }

        public ClusterFaultCounts Faults => _cluster.Faults;

        public IReadOnlyList<ClusterWrite> Record => _cluster.Record;

        public string Truth =>
            string.Join(' ', _cluster.All(Talks.Kind).Select(talk => $"{talk.Name()}@{talk.Version()}"));

        public string View => string.Join(' ', _view.Select(talk => $"{talk.Key}@{talk.Value}"));

        public string Trace => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(_trace.ToString())));

        public Chaos Run()
        {
            var reader = _cluster.Client("reader");
            _ = ForeverAsync(() => ReadAsync(reader));
            foreach (var number in Enumerable.Range(1, 3))
            {
                StartWriter(number, 0);
            }

            _time.RunUntil(_start + _calm + TimeSpan.FromMinutes(20));
            return this;
        }

        private ClusterFault? Draw(ClusterCall call)
        {
            _trace.Append(CultureInfo.InvariantCulture, $"{_time.Now.Ticks} {call}\n");
            var fault = Kinds[_random.Next(Kinds.Length)];
            var isCrash = fault is ClusterFaultKind.CrashAfter or ClusterFaultKind.CrashBefore;
            var isOver = _time.Now - _start > _calm - TimeSpan.FromMinutes(5);
            return isOver || _random.Next(3) > 0 || (isCrash && call.Client == "reader")
                ? null
                : new ClusterFault(fault);
        }

        /// <summary>A writer that dies is followed by another.</summary>
        private void StartWriter(int number, int life)
        {
            var process = new VirtualProcess(_time, $"writer-{number}-{life}");
            _ = ForeverAsync(() => WriteAsync(_cluster.Client(process), process));
            _time.Schedule(TimeSpan.FromMinutes(2), () => Check(number, life, process));
        }

        private void Check(int number, int life, VirtualProcess process)
        {
            if (process.IsDead)
            {
                StartWriter(number, life + 1);
            }
            else if (_time.Now - _start < _calm)
            {
                _time.Schedule(TimeSpan.FromMinutes(2), () => Check(number, life, process));
            }
        }

        private async Task ForeverAsync(Func<Task> work)
        {
            while (_time.Now - _start < _calm + TimeSpan.FromMinutes(20))
            {
                try
                {
                    await work();
                }
                catch (ClusterException e)
                {
                    _trace.Append(CultureInfo.InvariantCulture, $"{_time.Now.Ticks} {e.Message}\n");
                }

                await _time.Delay(TimeSpan.FromSeconds(_random.Next(1, 20)), CancellationToken.None);
            }
        }

        private async Task WriteAsync(SimulatedClient client, VirtualProcess process)
        {
            if (_time.Now - _start > _calm)
            {
                process.Kill();
                return;
            }

            var key = new ResourceKey("here", $"talk-{_random.Next(4)}");
            var found = await client.FindAsync(Talks.Kind, key, CancellationToken.None);
            if (found is not { } stored)
            {
                await client.CreateAsync(Talks.Kind, Talks.Talk(key), CancellationToken.None);
            }
            else if (_random.Next(6) == 0)
            {
                await client.DeleteAsync(Talks.Kind, key, null, CancellationToken.None);
            }
            else if (_random.Next(2) == 0)
            {
                var status = Place.Edited(stored, talk => talk["status"] = _random.Next());
                await client.ReplaceAsync(Talks.Kind, status, "status", CancellationToken.None);
            }
            else
            {
                var changed = ClusterScene.Changed(stored, $"{_random.Next()}");
                await client.ReplaceAsync(Talks.Kind, changed, null, CancellationToken.None);
            }
        }

        /// <summary>One list in pages and one watch, as a naive informer does.</summary>
        private async Task ReadAsync(SimulatedClient client)
        {
            var items = new List<JsonElement>();
            ResourcePage? page = null;
            do
            {
                var options = new ListOptions { Limit = 2, Continue = page?.Continue };
                page = await client.ListAsync(Talks.Kind, options, CancellationToken.None);
                items.AddRange(page.Items);
            } while (page.Continue is not null);

            _view.Clear();
            items.ForEach(item => _view[item.Name()] = item.Version());
            var version = page.ResourceVersion;
            await foreach (var happened in client.WatchAsync(Talks.Kind, null, version, CancellationToken.None))
            {
                See(happened);
            }
        }

        private void See(WatchEvent happened)
        {
            _trace.Append(
                CultureInfo.InvariantCulture,
                $"{_time.Now.Ticks} {happened.Kind} {happened.Object.Version()}\n"
            );
            if (happened.Kind == WatchEventKind.Deleted)
            {
                _view.Remove(happened.Object.Name());
            }
            else if (happened.Kind != WatchEventKind.Bookmark)
            {
                _view[happened.Object.Name()] = happened.Object.Version();
            }
        }
    }
}
