using EdgeRelease.Api;

namespace EdgeRelease.Planning;

/// <summary>Whether failures prove a higher rate than tolerated, however often and after however many outcomes one looks
/// (rule 20). The likelihood of the outcomes at 95 higher rates, averaged, is compared with that at the tolerated one:
/// at that rate, the ratio ever reaches 1 / (1 - confidence) with a chance of at most 1 - confidence (Ville). It takes
/// outcomes as independent, and their order does not matter.</summary>
public static class EvidenceGate
{
    private const int Rates = 95;
    private const double HighestRate = 0.99;

    /// <summary>Whether so many failures are a breach.</summary>
    /// <param name="tolerance">The rate that is tolerated, 0.1 to 50 %.</param>
    /// <param name="confidence">How sure a breach is, 90 to 99.99 %.</param>
    /// <param name="failures">Devices that failed, of the outcomes.</param>
    /// <param name="outcomes">Devices with an outcome.</param>
    public static bool Breaches(Percentage tolerance, Percentage confidence, int failures, int outcomes) =>
        failures > 0
        && LogRatio((double)(tolerance.Value / 100), failures, outcomes)
            >= -Math.Log((double)(1 - (confidence.Value / 100)));

    /// <summary>The logarithm of the averaged ratio: in logarithms nothing overflows at any number of devices.</summary>
    private static double LogRatio(double tolerated, int failures, int outcomes)
    {
        Span<double> ratios = stackalloc double[Rates];
        var largest = double.NegativeInfinity;
        for (var i = 0; i < Rates; i++)
        {
            var rate = tolerated + ((HighestRate - tolerated) * (i + 1) / Rates);
            ratios[i] =
                (failures * Math.Log(rate / tolerated))
                + ((outcomes - failures) * Math.Log((1 - rate) / (1 - tolerated)));
            largest = Math.Max(largest, ratios[i]);
        }

        var sum = 0.0;
        foreach (var ratio in ratios)
        {
            sum += Math.Exp(ratio - largest);
        }

        return largest + Math.Log(sum / Rates);
    }
}
