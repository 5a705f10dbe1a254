namespace EdgeRelease.Api;

/// <summary>The rules of a ramp.</summary>
internal static class RampRules
{
    /// <summary>What a ramp must be. From 1.5 on it has at most 12 steps, wherever it starts.</summary>
    public static readonly IReadOnlyList<StateRule<RampSpec>> Ramp =
    [
        new(
            "self.factor >= 1.5 && self.factor <= 10.0",
            "set factor to a number from 1.5 to 10",
            ramp => ramp.Factor is >= 1.5m and <= 10m
        ),
    ];

    /// <summary>How a rollout names its steps.</summary>
    public static readonly IReadOnlyList<StateRule<RolloutSpec>> Rollout =
    [
        new(
            "!has(self.ramp) || !has(self.steps) || size(self.steps) == 0",
            "give either steps or a ramp",
            rollout => rollout.Ramp is null || rollout.Steps.Count == 0
        ),
    ];
}
