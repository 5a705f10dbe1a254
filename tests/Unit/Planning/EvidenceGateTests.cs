using EdgeRelease.Api;
using EdgeRelease.Planning;
using Xunit;

namespace EdgeRelease.Tests.Unit.Planning;

/// <summary>Rule 20 against exact arithmetic and against chance.</summary>
public sealed class EvidenceGateTests(ITestOutputHelper output)
{
    private static readonly Percentage FivePercent = new(5);
    private static readonly Percentage Sure = new(99);

    [Theory]
    [InlineData(2, 2)]
    [InlineData(3, 5)]
    [InlineData(4, 10)]
    [InlineData(6, 20)]
    [InlineData(10, 50)]
    [InlineData(15, 100)]
    [InlineData(24, 200)]
    public void Breaches_at_so_many_failures_and_not_at_one_less(int failures, int outcomes)
    {
        Assert.True(EvidenceGate.Breaches(FivePercent, Sure, failures, outcomes));
        Assert.False(EvidenceGate.Breaches(FivePercent, Sure, failures - 1, outcomes));
    }

    [Fact]
    public void Never_breaches_on_one_outcome_at_five_percent() =>
        Assert.False(EvidenceGate.Breaches(FivePercent, Sure, 1, 1));

    [Fact]
    public void Stays_exact_at_a_hundred_thousand_devices()
    {
        Assert.False(EvidenceGate.Breaches(FivePercent, Sure, 5_000, 100_000));
        Assert.True(EvidenceGate.Breaches(FivePercent, Sure, 5_600, 100_000));
        Assert.True(EvidenceGate.Breaches(FivePercent, Sure, 100_000, 100_000));
        Assert.False(EvidenceGate.Breaches(new Percentage(0.1m), new Percentage(99.99m), 50, 100_000));
        Assert.False(EvidenceGate.Breaches(new Percentage(50), new Percentage(90), 1, 100_000));
        Assert.True(EvidenceGate.Breaches(new Percentage(50), new Percentage(90), 60_000, 100_000));
    }

    [Theory]
    [InlineData("0.1", "99", 600)]
    [InlineData("1", "90", 600)]
    [InlineData("5", "99", 1000)]
    [InlineData("5", "99.99", 600)]
    [InlineData("20", "95", 400)]
    [InlineData("50", "90", 400)]
    public void Rolls_a_tolerable_version_back_no_more_often_than_it_says(string percent, string sure, int horizon)
    {
        var (tolerance, confidence) = (Of(percent), Of(sure));
        var boundary = Boundary(tolerance, confidence, horizon);

        var (chance, _) = Exact(boundary, (double)tolerance.Value / 100);

        output.WriteLine($"tolerance {tolerance}, confidence {confidence}: ever within {horizon}: {chance:P4}");
        Assert.InRange(chance, 0, (double)(1 - (confidence.Value / 100)));
        Assert.True(boundary[horizon] <= horizon, "it could never breach");
    }

    [Fact]
    public void Simulates_as_exact_arithmetic_says()
    {
        const int Horizon = 500;
        const int Runs = 20_000;
        var seed = int.Parse(Environment.GetEnvironmentVariable("EVIDENCE_SEED") ?? "20261125");
        output.WriteLine($"EVIDENCE_SEED={seed}, {Runs} releases of at most {Horizon} outcomes at 5 % and 99 %");
        var random = new Random(seed);
        var boundary = Boundary(FivePercent, Sure, Horizon);
        foreach (var rate in new[] { 0.01, 0.05, 0.1, 0.2, 0.5 })
        {
            var stops = Enumerable.Range(0, Runs).Select(_ => Stop(boundary, rate, random)).OfType<int>().ToList();
            var (chance, mean) = Exact(boundary, rate);
            var found = (double)stops.Count / Runs;

            output.WriteLine($"rate {rate:P0}: breach {found:P2} (exact {chance:P2}), after {mean:F1} outcomes");
            Assert.InRange(found, chance - Sigmas(chance, Runs), chance + Sigmas(chance, Runs));
            if (stops.Count > 1000)
            {
                Assert.InRange(stops.Average(), mean * 0.93, mean * 1.07);
            }
        }
    }

    [Theory]
    [InlineData(0, 10, "0 of 10 failed: 0 to 31 %")]
    [InlineData(1, 5, "1 of 5 failed: 0.5 to 72 %")]
    [InlineData(5, 5, "5 of 5 failed: 48 to 100 %")]
    [InlineData(3, 20, "3 of 20 failed: 3.2 to 38 %")]
    [InlineData(50, 1000, "50 of 1000 failed: 3.7 to 6.5 %")]
    [InlineData(900, 100000, "900 of 100000 failed: 0.8 to 1 %")]
    public void Says_the_exact_interval_in_words(int failures, int outcomes, string words) =>
        Assert.Equal(words, ExactInterval.Words(failures, outcomes));

    [Theory]
    [InlineData(0, 0, 3.688811e-5)]
    [InlineData(1, 2.531780e-7, 5.571516e-5)]
    [InlineData(50_000, 0.496896062, 0.503103938)]
    [InlineData(99_999, 0.999944285, 0.999999747)]
    [InlineData(100_000, 0.999963112, 1)]
    public void Keeps_the_interval_exact_at_a_hundred_thousand_devices(int failures, double low, double high)
    {
        var found = ExactInterval.Of(failures, 100_000);

        Assert.InRange(found.Low, low - (low * 1e-6) - 1e-9, low + (low * 1e-6) + 1e-9);
        Assert.InRange(found.High, high - (high * 1e-6) - 1e-9, high + (high * 1e-6) + 1e-9);
    }

    private static Percentage Of(string text) =>
        new(decimal.Parse(text, System.Globalization.CultureInfo.InvariantCulture));

    /// <summary>For each number of outcomes, the fewest failures that are a breach; more than the outcomes for none.</summary>
    private static int[] Boundary(Percentage tolerance, Percentage confidence, int horizon)
    {
        var boundary = new int[horizon + 1];
        var failures = 1;
        for (var outcomes = 0; outcomes <= horizon; outcomes++)
        {
            while (failures <= outcomes && !EvidenceGate.Breaches(tolerance, confidence, failures, outcomes))
            {
                failures++;
            }

            boundary[outcomes] = failures;
        }

        return boundary;
    }

    /// <summary>The chance that a version that fails at a rate ever breaches, looked at after each outcome, and after how
    /// many outcomes it does: summed over all states.</summary>
    private static (double Chance, double Mean) Exact(int[] boundary, double rate)
    {
        var alive = new double[boundary.Length + 1];
        alive[0] = 1;
        var (chance, mean) = (0.0, 0.0);
        for (var outcomes = 1; outcomes < boundary.Length; outcomes++)
        {
            for (var failures = outcomes; failures >= 0; failures--)
            {
                alive[failures] = (alive[failures] * (1 - rate)) + (failures > 0 ? alive[failures - 1] * rate : 0);
                if (failures >= boundary[outcomes])
                {
                    chance += alive[failures];
                    mean += alive[failures] * outcomes;
                    alive[failures] = 0;
                }
            }
        }

        return (chance, mean / chance);
    }

    private static int? Stop(int[] boundary, double rate, Random random)
    {
        var failures = 0;
        for (var outcomes = 1; outcomes < boundary.Length; outcomes++)
        {
            failures += random.NextDouble() < rate ? 1 : 0;
            if (failures >= boundary[outcomes])
            {
                return outcomes;
            }
        }

        return null;
    }

    /// <summary>Five standard deviations of a share of runs.</summary>
    private static double Sigmas(double chance, int runs) => (5 * Math.Sqrt(chance * (1 - chance) / runs)) + 1e-9;
}
