using System.Text.Json;
using System.Text.Json.Nodes;
using EdgeRelease.Api;

namespace EdgeRelease.Planning;

/// <summary>The status of a release as a function of the plan: nothing else computes a phase, a condition or a
/// count.</summary>
public static class Summary
{
    /// <summary>The status after a plan.</summary>
    /// <param name="input">The plan and what it was made for.</param>
    /// <returns>The status; the same input gives the same, and never more than 32 KiB of JSON.</returns>
    public static EdgeReleaseStatus Of(SummaryInput input)
    {
        var before = input.Before ?? new EdgeReleaseStatus();
        var plan = input.Plan;
        var fleet = plan.Fleet!;
        var scene = new Scene(input.Wanted, plan.Memory, fleet, plan.Evidence, fleet.At) { Gone = plan.Gone };
        var failing = Failing.In(fleet);
        var counts = Counts.Of(fleet, plan.Target.Count);
        var status = StatusMemory.Stored(before, plan.Memory) with
        {
            Step = StatusMemory.StepOf(before, plan.Memory, scene.Steps),
            ObservedGeneration = input.Generation,
            Phase = plan.Verdict.Phase,
            Message = Line.Of(plan.Verdict.Message, Line.Message),
            Application = input.Application ?? before.Application,
            Flow = input.Flow ?? before.Flow,
            WaitingFor = Waiting(before.WaitingFor, plan.Verdict.WaitingFor, fleet.At),
            Devices = counts,
            Progress = $"{counts.Updated}/{counts.Eligible}",
            Versions = Counts.Versions(fleet),
            Plan = Outline.Of(scene),
            Evidence = Counts.Evidence(scene),
            Failing = Failing.Named(failing, plan.Memory, Groups.Of(input.Wanted)),
            Errors = Failing.Classes(failing, plan.Memory),
            Rollback = WayBack.Of(scene),
            SuggestedPatch = WayBack.Patch(scene),
            Observation = Seen(fleet.Seen),
        };
        var conditions = new ConditionSet(before.Conditions, input.Generation, input.WallNow);
        return StatusSize.Bounded(status with { Conditions = Conditions.Of(conditions, scene, plan, status) });
    }

    /// <summary>A plan's status with a later memory: all that changes from batch to batch of one pass, without another
    /// look at the fleet.</summary>
    /// <param name="status">The status after the plan.</param>
    /// <param name="memory">The plan's memory with the commands sent since.</param>
    public static EdgeReleaseStatus Remembering(EdgeReleaseStatus status, Memory memory) =>
        StatusSize.Bounded(StatusMemory.Stored(status, memory));

    /// <summary>The status when no plan could be made. What is remembered and what was last seen of the devices stays.
    /// Unreachable leaves observedGeneration as it is, because the spec was not acted on, and leaves Ready as it is on
    /// a release at rest: an outage of Losant changes nothing that was reached.</summary>
    /// <param name="before">The status as it was stored last; null before the first.</param>
    /// <param name="generation">The generation of the spec.</param>
    /// <param name="obstacle">What stands in the way.</param>
    /// <param name="kind">Who must act.</param>
    /// <param name="wallNow">The operator's own clock, for transition times only.</param>
    public static EdgeReleaseStatus ForObstacle(
        EdgeReleaseStatus? before,
        long generation,
        Obstacle obstacle,
        ObstacleKind kind,
        DateTimeOffset wallNow
    )
    {
        before ??= new EdgeReleaseStatus();
        var isDeleting = kind == ObstacleKind.Deleting || before.Phase == Phase.Deleting;
        var conditions = new ConditionSet(before.Conditions, generation, wallNow);
        var status = before with { Message = Line.Of(obstacle.Message, Line.Message) };
        if (isDeleting)
        {
            Course.Deleting(conditions, obstacle.Reason, obstacle.Message);
            status = status with { ObservedGeneration = generation, Phase = Phase.Deleting, WaitingFor = null };
        }
        else if (kind == ObstacleKind.Stalled)
        {
            Course.Stuck(conditions, obstacle.Reason, obstacle.Message);
            status = status with { ObservedGeneration = generation, Phase = Phase.Blocked, WaitingFor = null };
        }
        else if (IsAtRest(before, generation))
        {
            Course.Kept(conditions);
        }
        else
        {
            Course.UnderWay(conditions, ConditionStatus.Unknown, obstacle.Reason, obstacle.Message);
            status = status with { Phase = Unblocked(before.Phase) };
        }

        return StatusSize.Bounded(status with { Conditions = Conditions.Without(conditions, obstacle) });
    }

    /// <summary>Whether two statuses say the same, the observation that they were made from aside.</summary>
    /// <param name="a">One; null before the first.</param>
    /// <param name="b">The other; null before the first.</param>
    public static bool IsSame(EdgeReleaseStatus? a, EdgeReleaseStatus? b) =>
        JsonNode.DeepEquals(
            Json(a, status => status with { Observation = null }),
            Json(b, status => status with { Observation = null })
        );

    /// <summary>Whether more changed than counts, lists of devices and the wording of messages. What is not urgent is
    /// written at most once a minute (rule 34).</summary>
    /// <param name="before">The status as it was stored last; null before the first.</param>
    /// <param name="after">The status now.</param>
    public static bool IsUrgent(EdgeReleaseStatus? before, EdgeReleaseStatus after) =>
        !JsonNode.DeepEquals(Json(before, Essence), Json(after, Essence));

    private static EdgeReleaseStatus Essence(EdgeReleaseStatus status) =>
        status with
        {
            Message = null,
            Devices = null,
            Progress = null,
            Versions = new Dictionary<string, int>(),
            Plan = null,
            Evidence = null,
            Failing = [],
            Errors = [],
            Rollback = null,
            Observation = null,
            Conditions =
            [
                .. status.Conditions.Select(condition => condition with { Message = "", LastTransitionTime = default }),
            ],
        };

    private static JsonNode? Json(EdgeReleaseStatus? status, Func<EdgeReleaseStatus, EdgeReleaseStatus> part) =>
        status is null ? null : JsonSerializer.SerializeToNode(part(status), ApiJson.Default.EdgeReleaseStatus);

    private static WaitingFor? Waiting(WaitingFor? before, WaitingFor? now, DateTimeOffset at)
    {
        if (now is null)
        {
            return null;
        }

        var isSame = before?.Kind == now.Kind && before.Token == now.Token;
        return now with { Since = now.Since ?? (isSame ? before!.Since : null) ?? at };
    }

    private static ObservationStatus Seen(Observation.Snapshot seen) =>
        new()
        {
            At = seen.BeganAt,
            Duration = seen.EndedAt > seen.BeganAt ? seen.EndedAt - seen.BeganAt : TimeSpan.Zero,
            Complete = seen.AbsentRowsAreCertain,
        };

    private static bool IsAtRest(EdgeReleaseStatus before, long generation) =>
        before.ObservedGeneration == generation
        && before.Phase is Phase.Complete or Phase.AtPercentage or Phase.RolledBack or Phase.Observing;

    /// <summary>Whether the user must still act is not known before Losant answers again.</summary>
    private static Phase Unblocked(Phase? phase) =>
        phase switch
        {
            null => Phase.Pending,
            Phase.Blocked => Phase.Planning,
            { } other => other,
        };
}
