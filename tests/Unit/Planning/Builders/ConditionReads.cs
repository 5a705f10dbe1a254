using EdgeRelease.Api;

namespace EdgeRelease.Tests.Unit.Planning.Builders;

/// <summary>Reads conditions in tests.</summary>
internal static class ConditionReads
{
    public static Condition? Find(this EdgeReleaseStatus status, string type) =>
        status.Conditions.SingleOrDefault(condition => condition.Type == type);

    public static string Word(this EdgeReleaseStatus status, string type) =>
        status.Find(type) is { } condition ? condition.Status.ToString() : "absent";
}
