using EdgeRelease.Api;

namespace EdgeRelease.Planning;

/// <summary>What the evidence says of a step at its end: passed, breached, or neither (F053, F055).</summary>
internal static class StepVerdict
{
    /// <summary>The verdict; null while the step can still yield outcomes and nothing is proven.</summary>
    public static EvidenceVerdict? Of(Scene scene)
    {
        var isSettled = scene.HasSettled(scene.Target.Devices);
        var policy = scene.Wanted.Spec.FailurePolicy;
        return scene.Evidence.Breach(policy, scene.Memory.Acknowledged, isSettled) is not null ? EvidenceVerdict.Breach
            : !isSettled ? null
            : IsInconclusive(scene) ? EvidenceVerdict.Inconclusive
            : EvidenceVerdict.Pass;
    }

    /// <summary>Whether the step, now that it is over, may not pass: more of it failed than is tolerated, and the policy
    /// does not go on with that.</summary>
    public static bool Stops(Scene scene) =>
        scene.Wanted.Spec.FailurePolicy.OnInconclusive != InconclusiveAction.Continue && IsInconclusive(scene);

    /// <summary>Why it may not pass, in words.</summary>
    public static string Reason(Scene scene)
    {
        var (outcomes, failures) = Unaccepted(scene);
        return $"step {Number(scene, scene.Memory.Step.Index)} is inconclusive: {ExactInterval.Words(failures, outcomes)}, "
            + $"{scene.Wanted.Spec.FailurePolicy.Tolerance} are tolerated";
    }

    /// <summary>The evidence by step; only steps with an outcome.</summary>
    public static IReadOnlyList<StepEvidence> BySteps(Scene scene) =>
        [
            .. Evidence
                .Tried(scene.Memory)
                .Where(row => row.Outcome is Outcome.Confirmed or Outcome.Failed)
                .GroupBy(row => Number(scene, row.Step))
                .OrderBy(step => step.Key)
                .Select(step => new StepEvidence
                {
                    Step = step.Key,
                    Outcomes = step.Count(),
                    Failures = step.Count(row => row.Outcome == Outcome.Failed),
                }),
        ];

    private static bool IsInconclusive(Scene scene)
    {
        if (scene.Wanted.Spec.FailurePolicy.Tolerance is not { } tolerance || scene.Wanted.Percentage == 0)
        {
            return false;
        }

        var (outcomes, failures) = Unaccepted(scene);
        return failures * 100m > tolerance.Value * outcomes;
    }

    /// <summary>The step's outcomes and failures that no person has accepted yet.</summary>
    private static (int Outcomes, int Failures) Unaccepted(Scene scene)
    {
        var number = Number(scene, scene.Memory.Step.Index);
        var step = BySteps(scene).FirstOrDefault(step => step.Step == number) ?? new StepEvidence();
        var (evidence, accepted) = (scene.Evidence, scene.Memory.Acknowledged);
        var failures = Math.Min(step.Failures, evidence.Failed - accepted.Failures);
        return (Math.Max(failures, Math.Min(step.Outcomes, evidence.Outcomes - accepted.Outcomes)), failures);
    }

    /// <summary>The step's number; what comes after the last belongs to it.</summary>
    private static int Number(Scene scene, int index) => Math.Min(index, scene.Steps.Count - 1) + 1;
}
