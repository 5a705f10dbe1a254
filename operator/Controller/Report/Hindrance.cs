using EdgeRelease.Api;
using EdgeRelease.Planning;

namespace EdgeRelease.Controller;

/// <summary>What the status says of a pass that could not send all of its plan before a person acts.</summary>
internal static class Hindrance
{
    /// <summary>The pass with that said in its verdict; the same pass when nothing stood in the way.</summary>
    public static Pass Told(Pass pass)
    {
        var verdict = pass.Plan.Verdict;
        if (pass.Stopped?.Obstacle is { } obstacle)
        {
            verdict = Stopped(verdict, obstacle);
        }
        else if (pass.Refusals.Count > 0)
        {
            verdict = GoingOn(verdict, string.Join("; ", pass.Refusals.Select(refusal => refusal.Message)));
        }

        return ReferenceEquals(verdict, pass.Plan.Verdict)
            ? pass
            : pass with
            {
                Plan = pass.Plan with { Verdict = verdict },
            };
    }

    /// <summary>What is news about it, for an Event; null when it is known.</summary>
    public static Notice? News(Pass pass)
    {
        var known = pass.Before?.Conditions.FirstOrDefault(condition => condition.Type == ConditionTypes.Ready)?.Reason;
        return pass.Stopped?.Obstacle is { } obstacle && known != Told(pass).Plan.Verdict.Reason
            ? new Notice(obstacle.Reason, obstacle.Message, IsWarning: true)
            : null;
    }

    private static Verdict Stopped(Verdict verdict, Obstacle obstacle) =>
        obstacle.Reason == Reasons.InvariantRefused || verdict.Phase is not (Phase.Deleting or Phase.RollingBack)
            ? new Verdict(Phase.Blocked, obstacle.Reason, obstacle.Message)
            : GoingOn(verdict, obstacle.Message);

    private static Verdict GoingOn(Verdict verdict, string why) =>
        verdict with
        {
            Reason = verdict.Phase == Phase.RollingBack ? Reasons.RollbackFailing : verdict.Reason,
            Message = $"{verdict.Message}; {why}",
        };
}
