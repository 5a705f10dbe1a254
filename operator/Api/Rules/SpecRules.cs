using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;

namespace EdgeRelease.Api;

/// <summary>What the CRDs refuse, in code: for API servers that do not run CEL, and for tools that have no server.</summary>
public static class SpecRules
{
    private static readonly IReadOnlyDictionary<Type, IReadOnlyList<Rule>> ByType = new Dictionary<
        Type,
        IReadOnlyList<Rule>
    >
    {
        [typeof(EdgeReleaseSpec)] = [.. ReleaseRules.Spec, .. ReleaseRules.SpecChange],
        [typeof(TagExpression)] = [.. ReleaseRules.Expression],
        [typeof(FailurePolicySpec)] = [.. ReleaseRules.FailurePolicy],
        [typeof(WindowSpec)] = [.. ScheduleRules.Window],
        [typeof(RolloutStep)] = [.. StepRules.Step],
        [typeof(RolloutSpec)] = [.. StepRules.Rollout, .. RampRules.Rollout],
        [typeof(RampSpec)] = [.. RampRules.Ramp],
        [typeof(LosantApplicationSpec)] = [.. ApplicationRules.Spec, .. ApplicationRules.SpecChange],
        [typeof(LosantApiSpec)] = [.. ApplicationRules.Api],
    };

    private static readonly Lazy<JsonObject> ReleaseSchema = new(() => SchemaOf(ApiJson.Default.EdgeReleaseSpec));
    private static readonly Lazy<JsonObject> ApplicationSchema = new(() =>
        SchemaOf(ApiJson.Default.LosantApplicationSpec)
    );

    /// <summary>The rules that a type of the contract carries in the CRD; none for most.</summary>
    /// <param name="type">The type.</param>
    public static IReadOnlyList<Rule> Of(Type type) => ByType.GetValueOrDefault(type, []);

    /// <summary>What is wrong with a release's spec.</summary>
    /// <param name="spec">The spec as it was read.</param>
    /// <returns>One sentence per problem, <c>{path}: {what to do}</c>, in the order of the fields; empty when valid.</returns>
    public static IReadOnlyList<string> Problems(EdgeReleaseSpec spec) =>
        [
            .. SchemaProblems.Of(
                ReleaseSchema.Value,
                "spec",
                JsonSerializer.SerializeToNode(spec, ApiJson.Default.EdgeReleaseSpec)
            ),
            .. Broken(spec),
        ];

    /// <summary>What is wrong with an application's spec.</summary>
    /// <param name="spec">The spec as it was read.</param>
    /// <returns>One sentence per problem, <c>{path}: {what to do}</c>, in the order of the fields; empty when valid.</returns>
    public static IReadOnlyList<string> Problems(LosantApplicationSpec spec) =>
        [
            .. SchemaProblems.Of(
                ApplicationSchema.Value,
                "spec",
                JsonSerializer.SerializeToNode(spec, ApiJson.Default.LosantApplicationSpec)
            ),
            .. Broken(spec),
        ];

    /// <summary>What is wrong with a release's spec as a user wrote it, types and unknown words included.</summary>
    /// <param name="spec">The value of <c>spec</c>.</param>
    /// <returns>One sentence per problem, <c>{path}: {what to do}</c>; empty when valid.</returns>
    public static IReadOnlyList<string> ReleaseProblems(JsonElement spec) =>
        Problems(spec, ReleaseSchema.Value, ApiJson.Default.EdgeReleaseSpec, Broken);

    /// <summary>What is wrong with an application's spec as a user wrote it, types and unknown words included.</summary>
    /// <param name="spec">The value of <c>spec</c>.</param>
    /// <returns>One sentence per problem, <c>{path}: {what to do}</c>; empty when valid.</returns>
    public static IReadOnlyList<string> ApplicationProblems(JsonElement spec) =>
        Problems(spec, ApplicationSchema.Value, ApiJson.Default.LosantApplicationSpec, Broken);

    /// <summary>What is wrong with changing a release's spec.</summary>
    /// <param name="old">The spec before.</param>
    /// <param name="spec">The spec after.</param>
    /// <returns>One sentence per problem; empty when the change is allowed.</returns>
    public static IReadOnlyList<string> ChangeProblems(EdgeReleaseSpec old, EdgeReleaseSpec spec) =>
        [.. Broken(ReleaseRules.SpecChange, old, spec)];

    /// <summary>What is wrong with changing an application's spec.</summary>
    /// <param name="old">The spec before.</param>
    /// <param name="spec">The spec after.</param>
    /// <returns>One sentence per problem; empty when the change is allowed.</returns>
    public static IReadOnlyList<string> ChangeProblems(LosantApplicationSpec old, LosantApplicationSpec spec) =>
        [.. Broken(ApplicationRules.SpecChange, old, spec)];

    private static JsonObject SchemaOf(JsonTypeInfo type) =>
        StructuralSchema.Of(type, defaults: true, docstrings: null);

    // As on the server, the rules are judged only on what the schema accepts: they may rely on its types.
    private static List<string> Problems<T>(
        JsonElement spec,
        JsonObject schema,
        JsonTypeInfo<T> type,
        Func<T, IEnumerable<string>> broken
    )
    {
        var node = JsonSerializer.SerializeToNode(spec, ApiJson.Default.JsonElement);
        SchemaProblems.DropNulls(node);
        List<string> problems = [.. SchemaProblems.Of(schema, "spec", node)];
        return problems.Count > 0 ? problems : [.. broken(node.Deserialize(type)!)];
    }

    private static IEnumerable<string> Broken(EdgeReleaseSpec spec) =>
        [
            .. Broken(ReleaseRules.Spec, "spec", spec),
            .. spec.DeviceTagExpressions.SelectMany(
                (expression, i) => Broken(ReleaseRules.Expression, $"spec.deviceTagExpressions[{i}]", expression)
            ),
            .. spec.Rollout is null ? [] : Broken(spec.Rollout),
            .. Broken(spec.Schedule.Windows),
            .. Broken(ReleaseRules.FailurePolicy, "spec.failurePolicy", spec.FailurePolicy),
        ];

    private static IEnumerable<string> Broken(RolloutSpec rollout) =>
        [
            .. rollout.Steps.SelectMany((step, i) => Broken(StepRules.Step, $"spec.rollout.steps[{i}]", step)),
            .. rollout.Ramp is null ? [] : Broken(RampRules.Ramp, "spec.rollout.ramp", rollout.Ramp),
            .. Broken([.. StepRules.Rollout, .. RampRules.Rollout], "spec.rollout", rollout),
        ];

    private static IEnumerable<string> Broken(IReadOnlyList<WindowSpec> windows) =>
        windows.SelectMany((window, i) => Broken(ScheduleRules.Window, $"spec.schedule.windows[{i}]", window));

    private static IEnumerable<string> Broken(LosantApplicationSpec spec) =>
        [
            .. Broken(ApplicationRules.Spec, "spec", spec),
            .. Broken(ApplicationRules.Api, "spec.api", spec.Api),
            .. Broken(spec.Schedule.Windows),
        ];

    private static IEnumerable<string> Broken<T>(IEnumerable<StateRule<T>> rules, string path, T value) =>
        rules.Where(rule => !rule.Holds(value)).Select(rule => $"{path}: {rule.Message}");

    private static IEnumerable<string> Broken<T>(IEnumerable<ChangeRule<T>> rules, T old, T value) =>
        rules.Where(rule => !rule.Holds(old, value)).Select(rule => $"spec: {rule.Message}");
}
