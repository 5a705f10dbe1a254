using System.Text.Json;
using System.Text.RegularExpressions;

namespace EdgeRelease.Tests.EndToEnd.Simulation;

/// <summary>Finds where a value disagrees with a JSON schema: type, enum, pattern, lengths, required and known members.</summary>
internal static class SchemaFaults
{
    /// <summary>The places and the keywords that are violated, <c>$.items[].id: pattern</c>.</summary>
    public static IEnumerable<string> Of(JsonElement value, JsonElement schema, string path = "$")
    {
        if (schema.TryGetProperty("type", out var type) && !Types(type).Any(name => Is(value, name)))
        {
            return [$"{path}: type"];
        }

        return
        [
            .. FaultsOfScalar(value, schema).Select(keyword => $"{path}: {keyword}"),
            .. FaultsOfMembers(value, schema, path),
            .. FaultsOfItems(value, schema, path),
        ];
    }

    private static IEnumerable<string> FaultsOfScalar(JsonElement value, JsonElement schema)
    {
        if (
            schema.TryGetProperty("enum", out var values)
            && !values.EnumerateArray().Any(one => JsonElement.DeepEquals(one, value))
        )
        {
            yield return "enum";
        }

        if (value.ValueKind != JsonValueKind.String)
        {
            yield break;
        }

        var text = value.GetString()!;
        if (
            schema.TryGetProperty("pattern", out var pattern)
            && !Regex.IsMatch(text, pattern.GetString()!, RegexOptions.None, TimeSpan.FromSeconds(1))
        )
        {
            yield return "pattern";
        }

        if (schema.TryGetProperty("maxLength", out var most) && text.Length > most.GetInt32())
        {
            yield return "maxLength";
        }

        if (schema.TryGetProperty("minLength", out var least) && text.Length < least.GetInt32())
        {
            yield return "minLength";
        }

        if (
            schema.TryGetProperty("format", out var format)
            && format.GetString() == "date-time"
            && !value.TryGetDateTimeOffset(out _)
        )
        {
            yield return "format";
        }
    }

    private static IEnumerable<string> FaultsOfMembers(JsonElement value, JsonElement schema, string path)
    {
        if (value.ValueKind != JsonValueKind.Object)
        {
            yield break;
        }

        if (schema.TryGetProperty("required", out var required))
        {
            foreach (
                var name in required.EnumerateArray().Where(name => !value.TryGetProperty(name.GetString()!, out _))
            )
            {
                yield return $"{path}.{name}: required";
            }
        }

        if (schema.TryGetProperty("properties", out var properties))
        {
            foreach (var member in value.EnumerateObject())
            {
                foreach (
                    var fault in properties.TryGetProperty(member.Name, out var known)
                        ? Of(member.Value, known, $"{path}.{member.Name}")
                        : []
                )
                {
                    yield return fault;
                }
            }
        }
    }

    private static IEnumerable<string> FaultsOfItems(JsonElement value, JsonElement schema, string path) =>
        value.ValueKind == JsonValueKind.Array
        && schema.TryGetProperty("items", out var items)
        && items.ValueKind == JsonValueKind.Object
            ? value.EnumerateArray().SelectMany(item => Of(item, items, path + "[]"))
            : [];

    private static IEnumerable<string> Types(JsonElement type) =>
        type.ValueKind == JsonValueKind.String
            ? [type.GetString()!]
            : type.EnumerateArray().Select(name => name.GetString()!);

    private static bool Is(JsonElement value, string type) =>
        type switch
        {
            "object" => value.ValueKind == JsonValueKind.Object,
            "array" => value.ValueKind == JsonValueKind.Array,
            "string" => value.ValueKind == JsonValueKind.String,
            "null" => value.ValueKind == JsonValueKind.Null,
            "boolean" => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
            "integer" => value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out _),
            _ => value.ValueKind == JsonValueKind.Number,
        };
}
