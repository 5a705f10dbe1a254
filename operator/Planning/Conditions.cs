using EdgeRelease.Api;

namespace EdgeRelease.Planning;

/// <summary>All conditions of a release. Those that say that something is wrong are absent when it is not.</summary>
internal static class Conditions
{
    /// <summary>The conditions that a plan leads to, given the counts and the outline already in the status.</summary>
    public static IReadOnlyList<Condition> Of(ConditionSet conditions, Scene scene, Plan plan, EdgeReleaseStatus status)
    {
        var counts = status.Devices!;
        Course.Of(conditions, plan.Verdict);
        Planned(conditions, scene.Wanted.Problem, status.Plan!, counts);
        Healthy(conditions, scene, counts);
        Paused(conditions, scene);
        Conflicts.Say(conditions, scene);
        Drift.Say(conditions, scene);
        RolledBack(conditions, scene.Memory);
        return conditions.All;
    }

    /// <summary>The other conditions when there is no plan: what is known stays, health cannot be judged.</summary>
    public static IReadOnlyList<Condition> Without(ConditionSet conditions, Obstacle obstacle)
    {
        if (conditions.IsTrue(ConditionTypes.Planned))
        {
            conditions.Keep(ConditionTypes.Planned);
        }
        else
        {
            conditions.Say(ConditionTypes.Planned, ConditionStatus.False, obstacle.Reason, obstacle.Message);
        }

        conditions.Say(ConditionTypes.Healthy, ConditionStatus.Unknown, obstacle.Reason, obstacle.Message);
        conditions.Keep(ConditionTypes.Paused);
        conditions.Keep(ConditionTypes.Conflicted);
        conditions.Keep(ConditionTypes.DriftDetected);
        conditions.Keep(ConditionTypes.RolledBack);
        return conditions.All;
    }

    private static void Planned(ConditionSet conditions, Obstacle? problem, PlanStatus plan, DeviceCounts counts)
    {
        if (problem is not null)
        {
            conditions.Say(ConditionTypes.Planned, ConditionStatus.False, problem.Reason, problem.Message);
            return;
        }

        var message =
            $"plan {plan.Hash}: {plan.Steps[^1].Devices} of {counts.Eligible} eligible devices in {Names.Count(plan.Steps.Count, "step")}";
        conditions.Say(ConditionTypes.Planned, ConditionStatus.True, Reasons.Planned, message);
    }

    private static void Healthy(ConditionSet conditions, Scene scene, DeviceCounts counts)
    {
        var failing = Failing.In(scene.Fleet);
        var returned = scene.Fleet.Eligible.Count(device => device.IsBackAgain);
        if (failing.Count > 0)
        {
            var first = failing.MinBy(device => device.Id)!;
            var error = Failing.ErrorOf(first, scene.Memory) ?? "no error given";
            var tally =
                $"{counts.Failed} failed, {failing.Count - counts.Failed} show an error, {counts.Restored} restored";
            var message = $"{tally}; {first.Id}: {error}";
            conditions.Say(ConditionTypes.Healthy, ConditionStatus.False, Reasons.DevicesFailing, message);
        }
        else if (counts.Lost > returned)
        {
            var aside = scene.Losses.Unattributed is > 0 and var many
                ? $", {many} of them together with at least half of the rest of their group"
                : "";
            var told = scene.Fleet.Eligible.Any(IsLeftOnVersion)
                ? "see whether the version is the cause"
                : "they are told to go back";
            var message = $"{counts.Lost - returned} went dark after the command and stayed dark{aside}; {told}";
            conditions.Say(ConditionTypes.Healthy, ConditionStatus.Unknown, Reasons.DevicesLost, message);
        }
        else if (!scene.Fleet.Seen.Believed)
        {
            conditions.Say(
                ConditionTypes.Healthy,
                ConditionStatus.Unknown,
                Reasons.FleetShrunk,
                "devices are missing from Losant's list"
            );
        }
        else
        {
            var again = returned == 0 ? "" : $"; {Losses.Returned(returned, scene.Memory)}";
            var message = $"none of {counts.Updated} updated and {counts.Updating} updating devices fails{again}";
            conditions.Say(ConditionTypes.Healthy, ConditionStatus.True, Reasons.Healthy, message);
        }
    }

    private static bool IsLeftOnVersion(Device device) =>
        device is { Standing: { State: DeviceState.Lost, WantsBack: BackCause.None }, Row.IsForward: true };

    private static void Paused(ConditionSet conditions, Scene scene)
    {
        if (scene.Memory.Pause is { } pause)
        {
            var message = $"by the failure policy: {pause.Reason}; {pause.Token} resumes it";
            conditions.Say(ConditionTypes.Paused, ConditionStatus.True, Reasons.PausedByPolicy, message);
        }
        else if (scene.Wanted.PausedBecause is { } why)
        {
            conditions.Say(ConditionTypes.Paused, ConditionStatus.True, Reasons.Paused, $"by annotation: {why}");
        }
        else if (scene.Wanted.Spec.Paused)
        {
            conditions.Say(ConditionTypes.Paused, ConditionStatus.True, Reasons.Paused, "by spec.paused");
        }
    }

    private static void RolledBack(ConditionSet conditions, Memory memory)
    {
        if (memory.Result == RevisionResult.RolledBack)
        {
            var message = $"r{memory.Revision} is rolled back: {memory.Latch?.Reason}";
            conditions.Say(ConditionTypes.RolledBack, ConditionStatus.True, Reasons.RolledBack, message);
        }
    }
}
