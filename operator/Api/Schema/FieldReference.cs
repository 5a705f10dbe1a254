using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace EdgeRelease.Api;

/// <summary>The field reference of the CRDs in Markdown: one table per kind, one row per field.</summary>
internal static class FieldReference
{
    /// <summary>The whole page.</summary>
    /// <param name="documents">The CRDs.</param>
    public static string Of(IReadOnlyList<CrdDocument> documents)
    {
        var text = new StringBuilder(
            $"""
            # Fields of the API

            Group `{ApiGroup.Name}`, version `{ApiGroup.Version}`. This page and the CRDs beside it are generated from
            `operator/Api` by `make generate`; the same texts answer `kubectl explain`.

            """
        );
        foreach (var document in documents)
        {
            WriteKind(text, document);
        }

        return text.ToString();
    }

    private static void WriteKind(StringBuilder text, CrdDocument document)
    {
        var kind = document.Kind;
        text.Append(CultureInfo.InvariantCulture, $"\n## {kind.Name}\n\n")
            .Append(CultureInfo.InvariantCulture, $"`kubectl get {kind.Plural}`, short `{kind.ShortName}`. ")
            .Append(Cell(document.Schema["description"]))
            .Append("\n\n| field | type | default | description |\n|---|---|---|---|\n");
        var own = document.Schema["properties"]!.AsObject().Where(field => !IsCommon(field.Key)).ToList();
        foreach (var (name, schema) in own)
        {
            WriteField(text, name, schema!.AsObject(), IsRequired(document.Schema, name));
        }

        WriteRules(text, document.Schema);
    }

    private static void WriteField(StringBuilder text, string path, JsonObject schema, bool required)
    {
        var value =
            required ? "required"
            : schema["default"] is { } it and not JsonObject { Count: 0 } ? Code(it)
            : "";
        text.Append(CultureInfo.InvariantCulture, $"| `{path}` | {Type(schema)} | {value} | {Description(schema)} |\n");
        var (inner, prefix) = schema["items"] is JsonObject items ? (items, $"{path}[].") : (schema, $"{path}.");
        foreach (var (name, member) in inner["properties"]?.AsObject() ?? [])
        {
            WriteField(text, prefix + name, member!.AsObject(), IsRequired(inner, name));
        }
    }

    private static void WriteRules(StringBuilder text, JsonObject schema)
    {
        var rules = Rules("", schema).ToList();
        if (rules.Count == 0)
        {
            return;
        }

        text.Append("\nWhat the API server refuses beyond that:\n\n| where | what to do |\n|---|---|\n");
        foreach (var (path, message) in rules)
        {
            text.Append(CultureInfo.InvariantCulture, $"| `{path}` | {message} |\n");
        }
    }

    private static IEnumerable<(string Path, string Message)> Rules(string path, JsonObject schema)
    {
        foreach (var rule in schema["x-kubernetes-validations"]?.AsArray() ?? [])
        {
            yield return (path, Cell(rule!["message"]));
        }

        var (inner, prefix) = schema["items"] is JsonObject items ? (items, $"{path}[]") : (schema, path);
        var own = ReferenceEquals(inner, schema) ? [] : Rules(prefix, inner);
        var members = (inner["properties"]?.AsObject() ?? []).SelectMany(member =>
            Rules(prefix.Length == 0 ? member.Key : $"{prefix}.{member.Key}", member.Value!.AsObject())
        );
        foreach (var rule in ReferenceEquals(inner, schema) ? members : own)
        {
            yield return rule;
        }
    }

    private static string Type(JsonObject schema) =>
        (schema["type"]?.GetValue<string>(), schema["enum"], schema["format"]?.GetValue<string>()) switch
        {
            (null, _, _) => "integer or percentage",
            (_, JsonArray words, _) => string.Join(", ", words.Select(word => Code(word!))),
            (_, _, "date-time") => "time",
            ("string", _, _) when schema["pattern"]?.GetValue<string>() == Patterns.Duration => "duration",
            ("array", _, _) => $"list of {Type(schema["items"]!.AsObject())}",
            ("object", _, _) when schema["additionalProperties"] is JsonObject values => $"map of {Type(values)}",
            var (type, _, _) => type,
        };

    private static bool IsCommon(string field) => field is "apiVersion" or "kind" or "metadata";

    private static bool IsRequired(JsonObject schema, string name) =>
        schema["required"]?.AsArray().Any(required => required!.GetValue<string>() == name) == true;

    private static string Code(JsonNode value) =>
        $"`{(value is JsonValue text && text.TryGetValue<string>(out var it) ? it : value.ToJsonString())}`";

    // The default has a column of its own here.
    private static string Description(JsonObject schema) =>
        Cell(schema["description"]).Replace($" Default `{schema["default"]}`.", "", StringComparison.Ordinal);

    private static string Cell(JsonNode? text) =>
        text!.GetValue<string>().Replace("|", "\\|", StringComparison.Ordinal);
}
