using EdgeRelease.Api;

namespace EdgeRelease.Planning;

/// <summary>The conditions of one status in the making. A transition time moves only when its status does.</summary>
internal sealed class ConditionSet(IReadOnlyList<Condition> before, long generation, DateTimeOffset wallNow)
{
    private readonly List<Condition> _conditions = [];

    public IReadOnlyList<Condition> All => _conditions;

    /// <summary>Says what holds now.</summary>
    public void Say(string type, ConditionStatus status, string reason, string message)
    {
        var old = Before(type);
        _conditions.Add(
            new Condition
            {
                Type = type,
                Status = status,
                ObservedGeneration = generation,
                LastTransitionTime = old?.Status == status ? old.LastTransitionTime : WholeSeconds(wallNow),
                Reason = reason,
                Message = Line.Of(message, Line.Message),
            }
        );
    }

    /// <summary>Leaves a condition as it was, absent included; says whether it is there.</summary>
    public bool Keep(string type)
    {
        if (Before(type) is not { } old)
        {
            return false;
        }

        _conditions.Add(old with { ObservedGeneration = generation });
        return true;
    }

    /// <summary>Whether a condition was true and spoke of this generation already.</summary>
    public bool IsTrue(string type) =>
        Before(type) is { Status: ConditionStatus.True } old && old.ObservedGeneration == generation;

    private Condition? Before(string type) => before.FirstOrDefault(condition => condition.Type == type);

    private static DateTimeOffset WholeSeconds(DateTimeOffset time) =>
        time.ToUniversalTime().AddTicks(-(time.Ticks % TimeSpan.TicksPerSecond));
}
