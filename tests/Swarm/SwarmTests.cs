using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;

namespace EdgeRelease.Tests.Swarm;

/// <summary>Random schedules of the whole operator. EDGERELEASE_SWARM_N and EDGERELEASE_SWARM_SEED choose others; without
/// them the seeds are the same in every run, so that a failure is the change's.
/// EDGERELEASE_SWARM_LAST is how many lines of a failure are told, 60 by default.</summary>
public sealed class SwarmTests
{
    private const int Many = 2000;

    /// <summary>One schedule a processor: more threads stand in each other's way at the pools of buffers.</summary>
    public static readonly ParallelOptions OneThreadEach = new()
    {
        MaxDegreeOfParallelism = Environment.ProcessorCount,
    };

    [Fact]
    public void Keeps_every_invariant_in_random_schedules()
    {
        var first = Number("EDGERELEASE_SWARM_SEED") ?? 1;
        var count = Number("EDGERELEASE_SWARM_N") ?? Many;
        var watch = Stopwatch.StartNew();
        var broken = new ConcurrentBag<Outcomes>();
        var calls = 0L;
        var simulated = 0L;
        var coverage = new Coverage();
        Parallel.For(
            0,
            count,
            OneThreadEach,
            (i, loop) =>
            {
                var outcome = Schedule.Play(first + i);
                Interlocked.Add(ref calls, outcome.Calls);
                Interlocked.Add(ref simulated, outcome.Simulated.Ticks);
                coverage.Add(outcome);
                if (outcome.Broken is not null)
                {
                    broken.Add(outcome);
                    if (broken.Count >= 20)
                    {
                        loop.Stop();
                    }
                }
            }
        );
        Report(first, count, watch.Elapsed, calls, TimeSpan.FromTicks(simulated));
        Console.Error.WriteLine(coverage);
        Assert.True(broken.IsEmpty, Failure([.. broken.OrderBy(outcome => outcome.Told.Count)]));
        Assert.True(
            count < Many || coverage.Missing.Count == 0,
            $"never happened: {string.Join(", ", coverage.Missing)}"
        );
    }

    [Fact]
    public void Plays_the_same_schedule_for_the_same_seed()
    {
        Parallel.For(
            1,
            1 + (Number("EDGERELEASE_TRACES") ?? 20),
            OneThreadEach,
            seed => Assert.Equal(Schedule.Play(seed, isTraced: true).Trace, Schedule.Play(seed, isTraced: true).Trace)
        );
    }

    private static void Report(int first, int count, TimeSpan took, long calls, TimeSpan simulated) =>
        Console.Error.WriteLine(
            $"swarm: {count} schedules from seed {first} in {took.TotalSeconds:F0} s, {count / took.TotalSeconds:F0} a second, "
                + $"{calls} release calls, {simulated.TotalDays:F0} simulated days, {simulated / took:F0} to 1"
        );

    private static string Failure(IReadOnlyList<Outcomes> broken)
    {
        if (broken.Count == 0)
        {
            return "";
        }

        var all = string.Join(
            '\n',
            broken.Select(each =>
                $"seed {each.Seed}: {each.Broken!.Split('\n')[0]} [Losant differs in: {string.Join(", ", each.Unknowns)}]"
            )
        );
        var told = string.Join('\n', broken[0].Told);
        return $"{broken.Count} schedules broke an invariant.\n{all}\n\nthe shortest:\n{broken[0].Broken}\n{told}\n\n{string.Join('\n', broken[0].Last)}\n\nagain: make swarm N=1 SEED={broken[0].Seed}";
    }

    internal static int? Number(string name) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), CultureInfo.InvariantCulture, out var number)
            ? number
            : null;
}
