using System.Text.Json.Nodes;

namespace EdgeRelease.Tests.Unit.Api;

/// <summary>What a newer schema no longer takes, or no longer has, of what an older one did.</summary>
internal static class SchemaChanges
{
    /// <summary>Keywords that take less when they grow, and those that take less when they shrink.</summary>
    private static readonly string[] Lower = ["minimum", "minLength", "minItems", "minProperties"];
    private static readonly string[] Upper = ["maximum", "maxLength", "maxItems", "maxProperties"];

    /// <summary>Keywords whose change may refuse what was taken, or mean something else.</summary>
    private static readonly string[] Fixed =
    [
        "type",
        "format",
        "pattern",
        "default",
        "x-kubernetes-list-type",
        "x-kubernetes-int-or-string",
    ];

    /// <summary>One line for each breaking change; none when everything that was written still means the same.</summary>
    /// <param name="before">The older schema.</param>
    /// <param name="after">The newer one.</param>
    /// <param name="path">Where they are, as <c>.spec</c>.</param>
    public static IEnumerable<string> Between(JsonObject before, JsonObject after, string path = "") =>
        [
            .. Keywords(before, after, path),
            .. Members(before, after, path),
            .. Words(before, after, "enum").Select(word => $"{path}: {word} is no longer taken"),
            .. Words(after, before, "required").Select(name => $"{path}.{name}: is now required"),
            .. Rules(after).Except(Rules(before)).Select(rule => $"{path}: is newly bound by {rule}"),
            .. Children(before, after, path, "items", "[]"),
            .. Children(before, after, path, "additionalProperties", "{}"),
        ];

    private static IEnumerable<string> Keywords(JsonObject before, JsonObject after, string path)
    {
        foreach (var name in Fixed.Where(name => !JsonNode.DeepEquals(before[name], after[name])))
        {
            yield return $"{path}: {name} was {Text(before[name])} and is {Text(after[name])}";
        }

        foreach (
            var name in Lower.Where(name =>
                Number(after, name, double.MinValue) > Number(before, name, double.MinValue)
            )
        )
        {
            yield return $"{path}: {name} grew to {after[name]}";
        }

        foreach (
            var name in Upper.Where(name =>
                Number(after, name, double.MaxValue) < Number(before, name, double.MaxValue)
            )
        )
        {
            yield return $"{path}: {name} shrank to {after[name]}";
        }
    }

    private static IEnumerable<string> Members(JsonObject before, JsonObject after, string path) =>
        (before["properties"]?.AsObject() ?? []).SelectMany(member =>
            after["properties"]?[member.Key] is JsonObject now
                ? Between(member.Value!.AsObject(), now, $"{path}.{member.Key}")
                : [$"{path}.{member.Key}: is gone"]
        );

    private static IEnumerable<string> Children(
        JsonObject before,
        JsonObject after,
        string path,
        string name,
        string mark
    ) =>
        before[name] is not JsonObject was ? []
        : after[name] is JsonObject now ? Between(was, now, path + mark)
        : [$"{path}{mark}: is gone"];

    /// <summary>What a list of words has that another lacks; a missing enum takes everything.</summary>
    private static IEnumerable<string> Words(JsonObject one, JsonObject other, string name) =>
        name == "enum" && other[name] is null
            ? []
            : Texts(one, name).Except(Texts(other, name), StringComparer.Ordinal);

    private static IEnumerable<string> Texts(JsonObject schema, string name) =>
        (schema[name]?.AsArray() ?? []).Select(word => Text(word));

    private static IEnumerable<string> Rules(JsonObject schema) =>
        (schema["x-kubernetes-validations"]?.AsArray() ?? []).Select(rule => (string)rule!["rule"]!);

    private static double Number(JsonObject schema, string name, double without) =>
        schema[name] is { } number
            ? double.Parse(number.ToJsonString(), System.Globalization.CultureInfo.InvariantCulture)
            : without;

    private static string Text(JsonNode? node) =>
        node is JsonValue value && value.TryGetValue(out string? text) ? text : node?.ToJsonString() ?? "nothing";
}
