using System.Collections.Concurrent;
using System.Diagnostics;

namespace EdgeRelease.Tests.Swarm;

/// <summary>The first replica is struck at every call that it makes to a server, in every way.
/// EDGERELEASE_CRASHES=all plays every plan instead of a spread of them, a plan's text that one.</summary>
public sealed class CrashTests
{
    /// <summary>Coprime to the nine plans of a call, so that the spread meets all of them.</summary>
    private const int Stride = 17;

    [Fact]
    public void Ends_as_undisturbed_wherever_the_operator_is_struck()
    {
        var chosen = Environment.GetEnvironmentVariable("EDGERELEASE_CRASHES");
        var ends = Workloads.All.ToDictionary(workload => workload.Name, workload => workload.Undisturbed());
        var all = Workloads
            .All.SelectMany(each =>
                Enumerable.Range(1, ends[each.Name].Calls).SelectMany(call => CrashPlan.At(each.Name, call))
            )
            .ToList();
        var plans = chosen switch
        {
            "all" => all,
            null or "" => all.Where((_, i) => i % Stride == 0).ToList(),
            _ => [CrashPlan.Parse(chosen)],
        };
        var watch = Stopwatch.StartNew();
        var broken = new ConcurrentBag<string>();
        Parallel.ForEach(
            plans,
            SwarmTests.OneThreadEach,
            plan =>
            {
                var workload = Workloads.All.Single(each => each.Name == plan.Workload);
                if (workload.Play(plan, ends[plan.Workload].End) is { } wrong)
                {
                    broken.Add($"{plan}: {wrong}\nagain: make swarm CRASHES={plan}");
                }
            }
        );
        Console.Error.WriteLine(
            $"crashes: {plans.Count} of {all.Count} plans in {watch.Elapsed.TotalSeconds:F0} s, "
                + $"{plans.Count / watch.Elapsed.TotalSeconds:F0} a second"
        );
        Assert.True(
            broken.IsEmpty,
            $"{broken.Count} plans broke an invariant\n{string.Join("\n\n", broken.Order().Take(20))}"
        );
    }
}
