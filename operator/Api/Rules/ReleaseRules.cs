namespace EdgeRelease.Api;

/// <summary>The rules of an EdgeRelease's spec, by the type that carries them.</summary>
internal static class ReleaseRules
{
    /// <summary>What a spec must be.</summary>
    public static readonly IReadOnlyList<StateRule<EdgeReleaseSpec>> Spec =
    [
        new(
            "has(self.version) != self.remove",
            "set either version, or remove: true to take the flow off",
            spec => spec.Version is not null != spec.Remove
        ),
        new(
            "!has(self.version) || !(self.version in ['develop', 'default'])",
            "set version to the name of a saved version: develop and default cannot be released",
            spec => spec.Version is not ("develop" or "default")
        ),
        new(
            "self.allDevices != ((has(self.deviceTags) && size(self.deviceTags) > 0)"
                + " || (has(self.deviceTagExpressions) && size(self.deviceTagExpressions) > 0)"
                + " || (has(self.deviceIds) && size(self.deviceIds) > 0))",
            "set either allDevices: true, or at least one of deviceTags, deviceTagExpressions and deviceIds",
            spec => spec.AllDevices != Selects(spec)
        ),
        new(
            "has(self.rolloutPercentage) || (has(self.rollout) && (has(self.rollout.ramp)"
                + " || (has(self.rollout.steps) && size(self.rollout.steps) > 0)))",
            "set rolloutPercentage, or rollout.ramp, or give rollout.steps at least one step",
            spec => spec.RolloutPercentage is not null || spec.Rollout is { Steps.Count: > 0 } or { Ramp: not null }
        ),
        new(
            "!(self.remove && self.policy.onDelete == 'Remove')",
            "use policy.onDelete Keep or Restore together with remove: true: the flow is off already",
            spec => !(spec.Remove && spec.Policy.OnDelete == DeletePolicy.Remove)
        ),
    ];

    /// <summary>What may not change in a spec.</summary>
    public static readonly IReadOnlyList<ChangeRule<EdgeReleaseSpec>> SpecChange =
    [
        new(
            "self.flow == oldSelf.flow",
            "flow is immutable: create another EdgeRelease for another flow",
            (old, spec) => old.Flow == spec.Flow
        ),
        new(
            "has(self.application) == has(oldSelf.application)"
                + " && (!has(self.application) || self.application == oldSelf.application)",
            "application is immutable: create another EdgeRelease for another application",
            (old, spec) => old.Application == spec.Application
        ),
    ];

    /// <summary>What a condition on tags must be.</summary>
    public static readonly IReadOnlyList<StateRule<TagExpression>> Expression =
    [
        new(
            "(self.operator in ['In', 'NotIn']) == (has(self.values) && size(self.values) > 0)",
            "give values to In and NotIn, and none to Exists and DoesNotExist",
            expression => expression.Operator is (TagOperator.In or TagOperator.NotIn) == (expression.Values.Count > 0)
        ),
    ];

    /// <summary>What a failure policy must be.</summary>
    public static readonly IReadOnlyList<StateRule<FailurePolicySpec>> FailurePolicy =
    [
        new(
            "!has(self.minOutcomes) || (has(self.maxFailures) && type(self.maxFailures) == string)",
            "set minOutcomes only where maxFailures is a percentage such as 5%",
            policy => policy.MinOutcomes is null || policy.MaxFailures is { IsPercent: true }
        ),
        new(
            "!has(self.tolerance) || !has(self.maxFailures)",
            "set either tolerance or maxFailures",
            policy => policy.Tolerance is null || policy.MaxFailures is null
        ),
    ];

    private static bool Selects(EdgeReleaseSpec spec) =>
        spec.DeviceTags.Count > 0 || spec.DeviceTagExpressions.Count > 0 || spec.DeviceIds.Count > 0;
}
