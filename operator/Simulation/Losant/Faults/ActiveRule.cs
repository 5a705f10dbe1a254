using System.Diagnostics.CodeAnalysis;

namespace EdgeRelease.Simulation;

/// <summary>A rule and how much of it is left.</summary>
[SuppressMessage("Security", "CA5394:Do not use insecure randomness", Justification = "A simulation must repeat.")]
internal sealed class ActiveRule(FaultRule rule)
{
    private int skip = rule.Skip;
    private int? left = rule.Count;

    public FaultRule Rule => rule;

    /// <summary>Whether it took effect as often as it may.</summary>
    public bool Spent => left <= 0;

    /// <summary>Whether a request that fits meets it.</summary>
    public bool Fires(Random random) =>
        !Spent && (rule.Probability >= 1 || random.NextDouble() < rule.Probability) && skip-- <= 0;

    /// <summary>Counts that it took effect; where it had none, the next request meets it.</summary>
    public void Spend() => left--;
}
