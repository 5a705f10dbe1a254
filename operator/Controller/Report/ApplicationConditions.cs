using EdgeRelease.Api;
using EdgeRelease.Kubernetes;

namespace EdgeRelease.Controller;

/// <summary>The conditions of a LosantApplication.</summary>
internal static class ApplicationConditions
{
    /// <summary>The conditions after a look at the application.</summary>
    /// <param name="ready">Whether it can be used; null to leave that as it is.</param>
    /// <param name="missesChanges">Whether each poll is a full scan.</param>
    /// <param name="before">The object as it was.</param>
    /// <param name="wallNow">The wall clock, for transition times.</param>
    public static IReadOnlyList<Condition> Of(
        Condition? ready,
        bool missesChanges,
        ApplicationObject before,
        DateTimeOffset wallNow
    )
    {
        var known = before.Status?.Conditions ?? [];
        var kept = known.FirstOrDefault(condition => condition.Type == ConditionTypes.Ready);
        var said = new[] { ready is null ? kept : Dated(ready), missesChanges ? Dated(Misses()) : null };
        return [.. said.OfType<Condition>()];

        Condition Dated(Condition condition)
        {
            var old = known.FirstOrDefault(old => old.Type == condition.Type);
            return condition with
            {
                ObservedGeneration = before.Meta.Generation,
                LastTransitionTime = old?.Status == condition.Status ? old.LastTransitionTime : wallNow,
            };
        }
    }

    /// <summary>The condition Ready, not yet dated.</summary>
    public static Condition Ready(ConditionStatus status, string reason, string message) =>
        new()
        {
            Type = ConditionTypes.Ready,
            Status = status,
            Reason = reason,
            Message = message,
        };

    private static Condition Misses() =>
        Ready(
            ConditionStatus.True,
            Reasons.ChangesMissed,
            "Losant's lists of changes missed one: each poll reads all devices and rows, which is slower and right"
        ) with
        {
            Type = ConditionTypes.FullScansOnly,
        };
}
