using System.Collections.Concurrent;

namespace EdgeRelease.Tests.Swarm;

/// <summary>Random schedules with microcontrollers, judged flow by flow with the same invariants, and for their bundles.
/// EDGERELEASE_SWARM_N and EDGERELEASE_SWARM_SEED choose others, a tenth of N.</summary>
public sealed class EmbeddedSwarmTests
{
    private const int Few = 200;

    [Fact]
    public void Keeps_every_invariant_with_bundles_in_random_schedules()
    {
        var first = SwarmTests.Number("EDGERELEASE_SWARM_SEED") ?? 1;
        var count = SwarmTests.Number("EDGERELEASE_SWARM_N") is { } gateways ? (gateways + 9) / 10 : Few;
        var played = new ConcurrentBag<Played>();
        Parallel.For(
            0,
            count,
            SwarmTests.OneThreadEach,
            (i, loop) =>
            {
                played.Add(Play(first + i));
                if (played.Count(each => each.Broken is not null) >= 10)
                {
                    loop.Stop();
                }
            }
        );
        var happened = Happened(played);
        Console.Error.WriteLine(
            $"embedded swarm: {count} schedules from seed {first}: "
                + string.Join(", ", happened.Select(each => $"{each.What} {each.Count}"))
        );
        var broken = played.Select(each => each.Broken).OfType<string>().OrderBy(said => said.Length).ToList();
        Assert.True(broken.Count == 0, string.Join("\n\n", broken));
        Assert.All(happened, each => Assert.True(count < Few || each.Count > 0, $"never happened: {each.What}"));
    }

    /// <summary>How often happened what should happen.</summary>
    private static List<(string What, int Count)> Happened(IReadOnlyCollection<Played> played) =>
        [
            ("release calls", played.Sum(each => each.Calls)),
            ("forward to bundles", played.Sum(each => each.Bundles)),
            ("wishes for a bundle", played.Sum(each => each.Exports)),
            ("boards with two flows released", played.Sum(each => each.Shared)),
            ("schedules that released gateways and boards", played.Count(each => each.IsMixed)),
            .. UnknownsMenu.NamesWithBundles.Select(name =>
                (name, played.Count(each => each.Unknowns.Contains(name, StringComparer.Ordinal)))
            ),
        ];

    private static Played Play(int seed)
    {
        var (losant, unknowns) = UnknownsMenu.WithBundles(seed);
        using var world = new World(seed, losant);
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
        broken ??= plot.Bundles.Found ?? plot.Exports.Found;
        return new Played(
            broken is null
                ? null
                : $"seed {seed}: {broken} [Losant differs in: {string.Join(", ", unknowns)}]\n"
                    + $"{string.Join('\n', plot.Told)}\n{string.Join('\n', Schedule.Last(world))}",
            unknowns
        )
        {
            Calls = referees.Sum(referee => referee.Calls),
            Bundles = plot.Bundles.Calls,
            Exports = plot.Exports.Calls,
            Shared = plot.Bundles.Shared,
            IsMixed = plot.Bundles.Calls > 0 && referees.Count > 2 && referees[2].Calls > 0,
        };
    }

    /// <summary>What became of a schedule.</summary>
    /// <param name="Broken">What it broke; null for nothing.</param>
    /// <param name="Unknowns">In what Losant was not as assumed.</param>
    private sealed record Played(string? Broken, IReadOnlyList<string> Unknowns)
    {
        /// <summary>Release calls.</summary>
        public int Calls { get; init; }

        /// <summary>Forward calls to microcontrollers.</summary>
        public int Bundles { get; init; }

        /// <summary>Wishes for a bundle.</summary>
        public int Exports { get; init; }

        /// <summary>Microcontrollers that were sent forward with two flows.</summary>
        public int Shared { get; init; }

        /// <summary>Whether gateways and microcontrollers were told.</summary>
        public bool IsMixed { get; init; }
    }
}
