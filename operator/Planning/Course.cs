using EdgeRelease.Api;

namespace EdgeRelease.Planning;

/// <summary>The three conditions that other tools read. Reconciling and Stalled are never there together.
/// <code>
///                 Ready     Reconciling  Stalled   kstatus
/// under way       Unknown   True                   InProgress
/// going back      False     True                   InProgress
/// stuck           False                  True      Failed
/// at rest         True                             Current
/// being deleted   as it was True                   Terminating
/// </code></summary>
internal static class Course
{
    /// <summary>What a plan's verdict says.</summary>
    public static void Of(ConditionSet conditions, Verdict verdict)
    {
        switch (verdict)
        {
            case { Phase: Phase.Deleting }:
                Deleting(conditions, verdict.Reason, verdict.Message);
                break;
            case { Phase: Phase.RolledBack or Phase.Blocked } or { Reason: Reasons.RollbackFailing }:
                Stuck(conditions, verdict.Reason, verdict.Message);
                break;
            case { Phase: Phase.RollingBack }:
                UnderWay(conditions, ConditionStatus.False, verdict.Reason, verdict.Message);
                break;
            case { Phase: Phase.Complete or Phase.AtPercentage or Phase.Observing }:
                conditions.Say(ConditionTypes.Ready, ConditionStatus.True, verdict.Reason, verdict.Message);
                break;
            default:
                UnderWay(conditions, ConditionStatus.Unknown, verdict.Reason, verdict.Message);
                break;
        }
    }

    /// <summary>The operator works on it.</summary>
    public static void UnderWay(ConditionSet conditions, ConditionStatus ready, string reason, string message)
    {
        conditions.Say(ConditionTypes.Ready, ready, reason, message);
        conditions.Say(ConditionTypes.Reconciling, ConditionStatus.True, reason, message);
    }

    /// <summary>The user must act. Ready repeats the reason in its message, for tools that show no reason.</summary>
    public static void Stuck(ConditionSet conditions, string reason, string message)
    {
        conditions.Say(ConditionTypes.Ready, ConditionStatus.False, reason, $"{reason}: {message}");
        conditions.Say(ConditionTypes.Stalled, ConditionStatus.True, reason, message);
    }

    /// <summary>The object is on its way out.</summary>
    public static void Deleting(ConditionSet conditions, string reason, string message)
    {
        if (!conditions.Keep(ConditionTypes.Ready))
        {
            conditions.Say(ConditionTypes.Ready, ConditionStatus.Unknown, reason, message);
        }

        conditions.Say(ConditionTypes.Reconciling, ConditionStatus.True, reason, message);
    }

    /// <summary>Nothing of the three changes.</summary>
    public static void Kept(ConditionSet conditions)
    {
        conditions.Keep(ConditionTypes.Ready);
        conditions.Keep(ConditionTypes.Reconciling);
        conditions.Keep(ConditionTypes.Stalled);
    }
}
