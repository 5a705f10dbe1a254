using System.Collections.Concurrent;
using System.Diagnostics;

namespace EdgeRelease.Tests.Swarm;

/// <summary>The replica that works is struck at every call that it makes to a server, in every way.
/// EDGERELEASE_CRASHES=all plays every plan instead of a spread of them, =pairs a hundred thousand pairs, a plan's text
/// that one.</summary>
public sealed class CrashTests
{
    /// <summary>Coprime to the nine plans of a call, so that the spread meets all of them.</summary>
    private const int Stride = 17;

    /// <summary>Of the workloads of microcontrollers, which share nearly all rules with the others.</summary>
    private const int BoardStride = 85;
    private const int PairStride = 1009;
    private const int ManyPairsStride = 7;

    private static readonly string? Chosen = Environment.GetEnvironmentVariable("EDGERELEASE_CRASHES");
    private static readonly Lazy<Dictionary<string, (string End, int Calls)>> Ends = new(() =>
        Workloads.All.ToDictionary(workload => workload.Name, workload => workload.Undisturbed())
    );

    [Fact]
    public void Ends_as_undisturbed_wherever_the_operator_is_struck()
    {
        var (gateways, boards) = (All(isEmbedded: false), All(isEmbedded: true));
        Play(
            Chosen switch
            {
                "all" => [.. gateways, .. boards],
                null or "" => [.. Spread(gateways, Stride), .. Spread(boards, BoardStride)],
                "pairs" => [],
                _ => [CrashPlan.Parse(Chosen)],
            },
            gateways.Count + boards.Count
        );
    }

    [Fact]
    public void Ends_as_undisturbed_when_the_replica_that_goes_on_is_struck_too()
    {
        var all = Everywhere(["RollOut", "RollBack", "Abort"], CrashPlan.PairsAt);
        Play(
            Chosen switch
            {
                "pairs" => Spread(all, ManyPairsStride),
                null or "" => Spread(all, PairStride),
                _ => [],
            },
            all.Count
        );
    }

    private static List<CrashPlan> All(bool isEmbedded) =>
        Everywhere(Workloads.All.Where(each => each.IsEmbedded == isEmbedded).Select(each => each.Name), CrashPlan.At);

    private static List<CrashPlan> Everywhere(
        IEnumerable<string> workloads,
        Func<string, int, IEnumerable<CrashPlan>> plansAt
    ) =>
        [
            .. workloads.SelectMany(name =>
                Enumerable.Range(1, Ends.Value[name].Calls).SelectMany(call => plansAt(name, call))
            ),
        ];

    private static List<CrashPlan> Spread(List<CrashPlan> all, int stride) => [.. all.Where((_, i) => i % stride == 0)];

    private static void Play(List<CrashPlan> plans, int all)
    {
        var watch = Stopwatch.StartNew();
        var broken = new ConcurrentBag<string>();
        Parallel.ForEach(
            plans,
            SwarmTests.OneThreadEach,
            plan =>
            {
                var workload = Workloads.All.Single(each => each.Name == plan.Workload);
                if (workload.Play(plan, Ends.Value[plan.Workload].End) is { } wrong)
                {
                    broken.Add($"{plan}: {wrong}\nagain: make swarm CRASHES={plan}");
                }
            }
        );
        Console.Error.WriteLine(
            $"crashes: {plans.Count} of {all} plans in {watch.Elapsed.TotalSeconds:F0} s, "
                + $"{plans.Count / watch.Elapsed.TotalSeconds:F0} a second"
        );
        Assert.True(
            broken.IsEmpty,
            $"{broken.Count} plans broke an invariant\n{string.Join("\n\n", broken.Order().Take(20))}"
        );
    }
}
