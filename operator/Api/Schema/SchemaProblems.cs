using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace EdgeRelease.Api;

/// <summary>What a structural schema refuses in a value, by the keywords that the specs use.</summary>
internal static class SchemaProblems
{
    /// <summary>Removes members that are null: the API server takes them for absent before it fills in defaults.</summary>
    /// <param name="value">The value; changed in place.</param>
    public static void DropNulls(JsonNode? value)
    {
        if (value is JsonObject members)
        {
            foreach (var name in members.Where(member => member.Value is null).Select(member => member.Key).ToList())
            {
                members.Remove(name);
            }
        }

        foreach (var inner in Inner(value))
        {
            DropNulls(inner);
        }
    }

    /// <summary>What is wrong with a value.</summary>
    /// <param name="schema">Its schema.</param>
    /// <param name="path">How the value is called in the problems.</param>
    /// <param name="value">The value.</param>
    /// <returns>One sentence per problem, <c>{path}: {what to do}</c>; members that the schema does not know are none.</returns>
    public static IEnumerable<string> Of(JsonObject schema, string path, JsonNode? value)
    {
        var (problems, inner) = (schema["type"]?.GetValue<string>(), value) switch
        {
            ("object", JsonObject members) => (OfObject(schema, members), OfMembers(schema, path, members)),
            ("array", JsonArray items) => (OfArray(schema, items), OfItems(schema, path, items)),
            ("string", JsonValue text) when text.TryGetValue<string>(out var it) => (OfText(schema, it), []),
            ("boolean", JsonValue flag) when flag.TryGetValue<bool>(out _) => ([], []),
            ("integer" or null, JsonValue number) when number.TryGetValue<long>(out var it) => (
                OfNumber(schema, it),
                []
            ),
            ("number", JsonValue number) when number.TryGetValue<decimal>(out _) => ([], []),
            (null, JsonValue text) when text.TryGetValue<string>(out var it) => (OfText(schema, it), []),
            (var type, _) => ([$"must be {type ?? "integer or string"}"], Array.Empty<string>()),
        };
        return problems.Select(problem => $"{path}: {problem}").Concat(inner);
    }

    private static IEnumerable<JsonNode?> Inner(JsonNode? value) =>
        value switch
        {
            JsonObject members => members.Select(member => member.Value),
            JsonArray items => items,
            _ => [],
        };

    private static IEnumerable<string> OfObject(JsonObject schema, JsonObject members)
    {
        var required = schema["required"]?.AsArray().Select(name => name!.GetValue<string>()) ?? [];
        return required
            .Where(name => !members.ContainsKey(name))
            .Select(name => $"set {name}")
            .Concat(OfSize(schema, "Properties", members.Count));
    }

    private static IEnumerable<string> OfMembers(JsonObject schema, string path, JsonObject members)
    {
        var properties = schema["properties"] as JsonObject;
        var others = schema["additionalProperties"] as JsonObject;
        return members.SelectMany(member =>
            (properties?[member.Key] as JsonObject ?? others) is { } of
                ? Of(of, $"{path}.{member.Key}", member.Value)
                : []
        );
    }

    private static IEnumerable<string> OfArray(JsonObject schema, JsonArray items)
    {
        foreach (var problem in OfSize(schema, "Items", items.Count))
        {
            yield return problem;
        }

        var isSet = schema["x-kubernetes-list-type"]?.GetValue<string>() == "set";
        if (isSet && items.Select(item => item?.ToJsonString()).Distinct(StringComparer.Ordinal).Count() < items.Count)
        {
            yield return "list each value once";
        }
    }

    private static IEnumerable<string> OfItems(JsonObject schema, string path, JsonArray items) =>
        items.SelectMany((item, i) => Of(schema["items"]!.AsObject(), $"{path}[{i}]", item));

    private static IEnumerable<string> OfText(JsonObject schema, string text)
    {
        foreach (var problem in OfSize(schema, "Length", text.EnumerateRunes().Count()))
        {
            yield return problem;
        }

        if (schema["pattern"]?.GetValue<string>() is { } pattern && !Patterns.Matches(pattern, text))
        {
            yield return $"'{text}' must match {pattern}";
        }

        if (schema["enum"] is JsonArray words && !words.Any(word => word!.GetValue<string>() == text))
        {
            yield return $"'{text}' must be one of {string.Join(", ", words.Select(word => word!.GetValue<string>()))}";
        }
    }

    private static IEnumerable<string> OfNumber(JsonObject schema, long number) =>
        OfBounds(schema["minimum"], schema["maximum"], number, "");

    private static IEnumerable<string> OfSize(JsonObject schema, string what, int size) =>
        OfBounds(schema[$"min{what}"], schema[$"max{what}"], size, what == "Length" ? " characters" : " entries");

    private static IEnumerable<string> OfBounds(JsonNode? least, JsonNode? most, long number, string unit)
    {
        if (least is not null && number < Whole(least))
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"{number}{unit}: must be at least {least}");
        }

        if (most is not null && number > Whole(most))
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"{number}{unit}: must be at most {most}");
        }
    }

    /// <summary>A bound, whichever integer type the schema's node holds.</summary>
    private static long Whole(JsonNode bound) => long.Parse(bound.ToString(), CultureInfo.InvariantCulture);
}
