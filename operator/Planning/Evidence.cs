using EdgeRelease.Api;

namespace EdgeRelease.Planning;

/// <summary>What this revision's own commands led to. Adopted and lost devices are no evidence.</summary>
/// <param name="Succeeded">Devices confirmed.</param>
/// <param name="Failed">Devices failed for good.</param>
/// <param name="Failing">Devices that show an error and may still recover.</param>
public sealed record Evidence(int Succeeded, int Failed, int Failing)
{
    /// <summary>Devices among the confirmed that showed an error first.</summary>
    public int Recovered { get; init; }

    /// <summary>Devices with an outcome.</summary>
    public int Outcomes => Succeeded + Failed;

    /// <summary>The evidence of a revision. Outcomes are remembered: they stand when their device leaves, drifts or
    /// cannot be read.</summary>
    /// <param name="memory">With what the observation taught.</param>
    /// <param name="fleet">The fleet.</param>
    public static Evidence Of(Memory memory, Fleet fleet)
    {
        var tried = Tried(memory).ToList();
        return new Evidence(
            tried.Count(row => row.Outcome == Outcome.Confirmed),
            tried.Count(row => row.Outcome == Outcome.Failed),
            fleet.Eligible.Count(device => device.Standing.IsFailing)
        )
        {
            Recovered = tried.Count(row => row is { Outcome: Outcome.Confirmed, HasErred: true }),
        };
    }

    /// <summary>The rows of devices that this revision sent forward, but for failures that came too late to count.</summary>
    /// <param name="memory">With the ledger.</param>
    public static IEnumerable<LedgerRow> Tried(Memory memory) =>
        memory.Rows.Values.Where(row => row is { IsTried: true, IsLate: false } && row.Revision == memory.Revision);

    /// <summary>Why there are too many failures; null when there are not (F051, F052, F054, rules 19, 20).</summary>
    /// <param name="policy">What failures lead to.</param>
    /// <param name="seen">What a person has accepted.</param>
    /// <param name="stepIsSettled">Whether the step can yield no more outcomes.</param>
    public string? Breach(FailurePolicySpec policy, AcknowledgedFailures seen, bool stepIsSettled)
    {
        var failures = Failed - seen.Failures;
        var outcomes = Outcomes - seen.Outcomes;
        var enough = outcomes >= (policy.MinOutcomes ?? 0) || stepIsSettled;
        if (!IsTooMany(policy, failures, outcomes))
        {
            return null;
        }

        if (policy.Tolerance is { } tolerance)
        {
            return $"{failures} of {outcomes} devices failed, with {policy.Confidence} confidence more than the tolerated "
                + $"{tolerance} of them";
        }

        var limit = Limit(policy);
        if (limit.IsPercent && !enough)
        {
            return null;
        }

        return limit.IsPercent
            ? $"{failures} of {outcomes} devices failed, more than {limit.Value} % of them"
            : $"{failures} failed, more than maxFailures {limit.Value}";
    }

    /// <summary>Whether failing devices, should they fail, would be too many (rule 5).</summary>
    /// <param name="policy">What failures lead to.</param>
    /// <param name="seen">What a person has accepted.</param>
    public bool IsInDoubt(FailurePolicySpec policy, AcknowledgedFailures seen) =>
        Failing > 0 && IsTooMany(policy, Failed + Failing - seen.Failures, Outcomes + Failing - seen.Outcomes);

    private static IntOrPercent Limit(FailurePolicySpec policy) => policy.MaxFailures ?? IntOrPercent.Count(0);

    private static bool IsTooMany(FailurePolicySpec policy, int failures, int outcomes)
    {
        if (policy.Tolerance is { } tolerance)
        {
            return EvidenceGate.Breaches(tolerance, policy.Confidence, failures, Math.Max(failures, outcomes));
        }

        var limit = Limit(policy);
        return limit.IsPercent
            ? failures > 0 && 100L * failures > (long)limit.Value * outcomes
            : failures > limit.Value;
    }
}
