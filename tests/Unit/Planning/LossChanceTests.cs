using System.Numerics;
using EdgeRelease.Planning;
using Xunit;

namespace EdgeRelease.Tests.Unit.Planning;

/// <summary>Rule 7's test of Fisher, by examples and by arithmetic without rounding where a breach begins.</summary>
public sealed class LossChanceTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData(2, 2, 0, 13, true)]
    [InlineData(2, 2, 0, 12, false)]
    [InlineData(1, 1, 0, 1000, false)]
    [InlineData(2, 20, 0, 60, false)]
    [InlineData(7, 20, 0, 20, true)]
    [InlineData(6, 20, 0, 20, false)]
    [InlineData(30, 50000, 5, 50000, true)]
    [InlineData(2, 2500, 1200, 2500, false)]
    [InlineData(20, 9000, 400, 1000, false)]
    [InlineData(600, 5000, 2400, 5000, false)]
    [InlineData(20000, 50000, 20000, 50000, false)]
    [InlineData(20362, 50000, 20000, 50000, true)]
    [InlineData(20361, 50000, 20000, 50000, false)]
    [InlineData(40000, 50000, 5, 50000, true)]
    [InlineData(2, 99990, 4, 10, false)]
    public void Is_a_breach_by_the_exact_test_of_Fisher(int lost, int moved, int dark, int others, bool isBreach) =>
        Assert.Equal(isBreach, new Losses(lost, moved, dark, others, 0).IsBreach);

    [Theory]
    [InlineData(60, 4000)]
    [InlineData(1500, 100)]
    public void Begins_a_breach_exactly_where_the_chance_falls_to_one_percent(int size, int draws)
    {
        var seed = int.Parse(Environment.GetEnvironmentVariable("LOSS_SEED") ?? $"{Environment.TickCount}");
        output.WriteLine($"LOSS_SEED={seed}");
        var random = new Random(seed);
        var found = 0;
        for (var draw = 0; draw < draws; draw++)
        {
            var (moved, others) = (random.Next(2, size + 1), random.Next(Losses.FewestOthers, size + 1));
            var dark = random.Next(random.Next(others + 1) + 1);

            var first = FirstBreach(moved, dark, others);

            var what = $"seed {seed}: of {moved}, {dark} of {others} others, a breach from {first}";
            Assert.True(first > moved || IsUnlikely(first, moved, dark, others), what);
            Assert.True(first == 2 || !IsUnlikely(first - 1, moved, dark, others), what);
            found += first <= moved ? 1 : 0;
        }

        Assert.InRange(found, draws / 4, draws);
    }

    [Fact]
    public void Breaches_where_the_chance_is_exactly_one_percent() =>
        Assert.True(new Losses(Lost: 2, Moved: 2, Dark: 1, Others: 23, Unattributed: 0).IsBreach);

    /// <summary>The fewest lost that are a breach, 2 or more; one more than the moved for none.</summary>
    private static int FirstBreach(int moved, int dark, int others)
    {
        var (low, high) = (2, moved + 1);
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = new Losses(middle, moved, dark, others, 0).IsBreach ? (low, middle) : (middle + 1, high);
        }

        return low;
    }

    /// <summary>Whether at most one in a hundred of all ways to choose those that went dark has so many of the moved.
    /// </summary>
    private static bool IsUnlikely(int lost, int moved, int dark, int others)
    {
        var all = lost + dark;
        var ways = Choose(moved, lost) * Choose(others, dark);
        var sum = BigInteger.Zero;
        for (var ours = lost; ours <= Math.Min(moved, all); ours++)
        {
            sum += ways;
            ways = ways * (moved - ours) * (all - ours) / ((ours + 1) * (BigInteger)(others - all + ours + 1));
        }

        return sum * 100 <= Choose(moved + others, all);
    }

    private static BigInteger Choose(int of, int count)
    {
        var ways = BigInteger.One;
        for (var i = 1; i <= count; i++)
        {
            ways = ways * (of - count + i) / i;
        }

        return ways;
    }
}
