using System.Globalization;
using EdgeRelease.Api;

namespace EdgeRelease.Planning;

/// <summary>The steps that a rollout names, one by one or by a ramp (F016, rule 40).</summary>
public static class Ramp
{
    /// <summary>The steps of a rollout; empty when it names none.</summary>
    /// <param name="rollout">The rollout; null when the spec has none.</param>
    public static IReadOnlyList<RolloutStep> StepsOf(RolloutSpec? rollout) =>
        rollout switch
        {
            { Steps.Count: > 0 } => rollout.Steps,
            { Ramp: { } ramp } => Expanded(ramp),
            _ => [],
        };

    private static List<RolloutStep> Expanded(RampSpec ramp)
    {
        var steps = new List<RolloutStep> { Step(ramp, ramp.Start) };
        for (var last = ramp.Start; last < 100; )
        {
            last = Math.Max(last + 1, (int)Math.Min(100, Math.Ceiling(last * ramp.Factor)));
            steps.Add(Step(ramp, last));
        }

        return steps;
    }

    private static RolloutStep Step(RampSpec ramp, int percentage) =>
        new()
        {
            Name = string.Create(CultureInfo.InvariantCulture, $"ramp-{percentage}"),
            Percentage = percentage,
            Soak = ramp.Soak,
        };
}
