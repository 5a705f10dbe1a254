using System.Collections.Concurrent;
using EdgeRelease.Simulation;

namespace EdgeRelease.Tests.Swarm;

/// <summary>Random schedules with microcontrollers, judged flow by flow with the same invariants, and for their bundles.
/// EDGERELEASE_SWARM_N and EDGERELEASE_SWARM_SEED choose others.</summary>
public sealed class EmbeddedSwarmTests
{
    private const int Few = 200;

    [Fact]
    public void Keeps_every_invariant_with_bundles_in_random_schedules()
    {
        var first = SwarmTests.Number("EDGERELEASE_SWARM_SEED") ?? 1;
        var broken = new ConcurrentBag<string>();
        var calls = 0;
        var judged = 0;
        Parallel.For(
            0,
            SwarmTests.Number("EDGERELEASE_SWARM_N") ?? Few,
            SwarmTests.OneThreadEach,
            (i, loop) =>
            {
                var (said, released, bundled) = Play(first + i);
                Interlocked.Add(ref calls, released);
                Interlocked.Add(ref judged, bundled);
                if (said is not null)
                {
                    broken.Add(said);
                    if (broken.Count >= 10)
                    {
                        loop.Stop();
                    }
                }
            }
        );
        Console.Error.WriteLine($"embedded swarm: {calls} release calls, {judged} of them forward to bundles");
        Assert.True(broken.IsEmpty, string.Join("\n\n", broken.OrderBy(said => said.Length)));
        Assert.True(judged > 0, "no bundle was told");
    }

    private static (string? Said, int Calls, int Judged) Play(int seed)
    {
        using var world = new World(seed, Unknowns(seed));
        var plot = new EmbeddedPlot(world);
        var referees = plot.Plants.Select(plant => new Referee(world, plant)).ToList();
        var broken = Schedule.Broken(() =>
        {
            plot.Play();
            plot.Calm();
            foreach (var (plant, referee) in plot.Plants.Zip(referees))
            {
                new Verdicts(world, plant, Schedule.Long).Judge(referee);
            }
        });
        broken ??= referees.Select(referee => referee.Found?.Message).FirstOrDefault(found => found is not null);
        broken ??= plot.Bundles.Found;
        return (
            broken is null
                ? null
                : $"seed {seed}: {broken}\n{string.Join('\n', plot.Told)}\n{string.Join('\n', Schedule.Last(world))}",
            referees.Sum(referee => referee.Calls),
            plot.Bundles.Calls
        );
    }

    /// <summary>Each switch of the bundles both ways.</summary>
    private static LosantUnknowns Unknowns(int seed)
    {
        var random = new Random(seed ^ 0xb04d);
        return new LosantUnknowns
        {
            DeviceChangesRebuildBundles = random.Next(2) == 0,
            UnknownBundleIsReplaced = random.Next(2) == 0,
            NoBundleIsNull = random.Next(2) == 0,
            RemovedFlowsVanish = random.Next(2) == 0,
            LogsOldestFirst = random.Next(3) == 0,
            MaxPerPage = random.Next(3) == 0 ? random.Next(7, 21) : 1000,
        };
    }
}
