using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace EdgeRelease.Tests.EndToEnd.Chart;

/// <summary>A value of the chart.</summary>
/// <param name="Path">Its path, as <c>image.tag</c>.</param>
/// <param name="Default">Its default as JSON.</param>
/// <param name="Comment">What values.yaml says of it.</param>
internal sealed record ChartValue(string Path, string Default, string Comment);

/// <summary>The values that values.schema.json allows, with what values.yaml says of them.</summary>
internal static partial class ChartValues
{
    private static readonly JsonSerializerOptions Relaxed = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>The schema.</summary>
    public static JsonObject Schema { get; } = JsonNode.Parse(Helm.Text("values.schema.json"))!.AsObject();

    /// <summary>The paths of the leaves: what has no members, or is described as one value.</summary>
    public static IReadOnlyList<string> Leaves { get; } = [.. LeavesOf(Schema, "")];

    /// <summary>The leaves as values.yaml has them; its comments and defaults.</summary>
    public static IReadOnlyList<ChartValue> All { get; } = Read();

    /// <summary>Every object of the schema that names its members, with its path.</summary>
    public static IEnumerable<(string Path, JsonObject Schema)> Objects(JsonObject schema, string path)
    {
        if (schema["properties"] is JsonObject members)
        {
            yield return (path, schema);
            foreach (var (name, member) in members)
            {
                foreach (var found in Objects(Resolved(member!.AsObject()), $"{path}.{name}"))
                {
                    yield return found;
                }
            }
        }

        if (schema["items"] is JsonObject items)
        {
            foreach (var found in Objects(Resolved(items), $"{path}[]"))
            {
                yield return found;
            }
        }
    }

    private static IEnumerable<string> LeavesOf(JsonObject schema, string path) =>
        schema["properties"] is JsonObject members && schema["description"] is null
            ? members.SelectMany(member =>
                LeavesOf(Resolved(member.Value!.AsObject()), path.Length == 0 ? member.Key : $"{path}.{member.Key}")
            )
            : [path];

    private static JsonObject Resolved(JsonObject schema) =>
        (string?)schema["$ref"] is { } name
            ? Schema["definitions"]![name["#/definitions/".Length..]]!.AsObject()
            : schema;

    private static List<ChartValue> Read()
    {
        var values = Yaml.Documents(Helm.Text("values.yaml"))[0];
        var found = new List<ChartValue>();
        var open = new List<(int Indent, string Name)>();
        var comment = new List<string>();
        foreach (var line in Helm.Text("values.yaml").Split('\n'))
        {
            if (Comment().Match(line) is { Success: true } said)
            {
                comment.Add(said.Groups["text"].Value);
                continue;
            }

            if (Key().Match(line) is { Success: true } key)
            {
                var indent = key.Groups["indent"].Length;
                open.RemoveAll(each => each.Indent >= indent);
                open.Add((indent, key.Groups["name"].Value));
                var path = string.Join('.', open.Select(each => each.Name));
                if (Leaves.Contains(path))
                {
                    found.Add(new ChartValue(path, Default(values, path), string.Join(' ', comment)));
                }
            }

            comment.Clear();
        }

        return found;
    }

    private static string Default(JsonNode values, string path)
    {
        var node = path.Split('.').Aggregate((JsonNode?)values, (each, name) => each?[name]);
        return node?.ToJsonString(Relaxed) ?? "null";
    }

    [GeneratedRegex("^ *# (?<text>.+)$", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Comment();

    [GeneratedRegex("^(?<indent> *)(?<name>[A-Za-z]+):", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Key();
}
