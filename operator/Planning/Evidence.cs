using EdgeRelease.Api;

namespace EdgeRelease.Planning;

/// <summary>What this revision's own commands led to. Adopted and lost devices are no evidence.</summary>
/// <param name="Succeeded">Devices confirmed.</param>
/// <param name="Failed">Devices failed for good.</param>
/// <param name="Failing">Devices that show an error and may still recover.</param>
public sealed record Evidence(int Succeeded, int Failed, int Failing)
{
    /// <summary>Devices with an outcome.</summary>
    public int Outcomes => Succeeded + Failed;

    /// <summary>The evidence of a revision. Outcomes are remembered: they stand when their device leaves, drifts or
    /// cannot be read.</summary>
    /// <param name="memory">With what the observation taught.</param>
    /// <param name="fleet">The fleet.</param>
    public static Evidence Of(Memory memory, Fleet fleet)
    {
        var tried = memory.Rows.Values.Where(row => row.IsTried && row.Revision == memory.Revision).ToList();
        return new Evidence(
            tried.Count(row => row.Outcome == Outcome.Confirmed),
            tried.Count(row => row.Outcome == Outcome.Failed),
            fleet.Eligible.Count(device => device.Standing.IsFailing)
        );
    }

    /// <summary>Why there are too many failures; null when there are not (F051, F052, rule 19).</summary>
    /// <param name="policy">What failures lead to.</param>
    /// <param name="seen">What a person has accepted.</param>
    /// <param name="stepIsSettled">Whether the step can yield no more outcomes.</param>
    public string? Breach(FailurePolicySpec policy, AcknowledgedFailures seen, bool stepIsSettled)
    {
        var failures = Failed - seen.Failures;
        var outcomes = Outcomes - seen.Outcomes;
        var enough = outcomes >= (policy.MinOutcomes ?? 0) || stepIsSettled;
        var limit = policy.MaxFailures;
        if (!Exceeds(limit, failures, outcomes) || (limit.IsPercent && !enough))
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
        Failing > 0
        && Exceeds(policy.MaxFailures, Failed + Failing - seen.Failures, Outcomes + Failing - seen.Outcomes);

    private static bool Exceeds(IntOrPercent limit, int failures, int outcomes) =>
        limit.IsPercent ? failures > 0 && 100L * failures > (long)limit.Value * outcomes : failures > limit.Value;
}
