using System.Globalization;

namespace EdgeRelease.Planning;

/// <summary>Which failure rates fit what was seen: the exact interval of Clopper and Pearson, 95 %.</summary>
public static class ExactInterval
{
    private const double Tail = 0.025;
    private const int Halvings = 50;

    /// <summary>In words, as <c>1 of 5 failed: 0.5 to 72 %</c>.</summary>
    /// <param name="failures">Devices that failed, of the outcomes.</param>
    /// <param name="outcomes">Devices with an outcome, 1 or more.</param>
    public static string Words(int failures, int outcomes)
    {
        var (low, high) = Of(failures, outcomes);
        return $"{failures} of {outcomes} failed: {Percent(low)} to {Percent(high)} %";
    }

    /// <summary>The lowest and the highest rate, 0 to 1.</summary>
    /// <param name="failures">Devices that failed, of the outcomes.</param>
    /// <param name="outcomes">Devices with an outcome, 1 or more.</param>
    public static (double Low, double High) Of(int failures, int outcomes) =>
        (
            failures == 0 ? 0 : Where(rate => 1 - AtMost(failures - 1, outcomes, rate) >= Tail),
            failures == outcomes ? 1 : Where(rate => AtMost(failures, outcomes, rate) <= Tail)
        );

    /// <summary>Where something begins to hold that holds from there on.</summary>
    private static double Where(Predicate<double> holds)
    {
        var (low, high) = (0.0, 1.0);
        for (var i = 0; i < Halvings; i++)
        {
            var middle = (low + high) / 2;
            (low, high) = holds(middle) ? (low, middle) : (middle, high);
        }

        return high;
    }

    /// <summary>The chance of at most so many failures at a rate between 0 and 1.</summary>
    private static double AtMost(int failures, int outcomes, double rate)
    {
        var chance = outcomes * Math.Log(1 - rate);
        var sum = Math.Exp(chance);
        for (var i = 1; i <= failures; i++)
        {
            chance += Math.Log((outcomes - i + 1.0) / i) + Math.Log(rate / (1 - rate));
            sum += Math.Exp(chance);
        }

        return sum;
    }

    private static string Percent(double rate) =>
        (rate * 100).ToString(rate < 0.1 ? "0.#" : "0", CultureInfo.InvariantCulture);
}
