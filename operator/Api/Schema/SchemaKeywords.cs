using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;

namespace EdgeRelease.Api;

/// <summary>The keywords that <see cref="SchemaAttribute"/> adds to a property's schema.</summary>
internal static class SchemaKeywords
{
    private static readonly SchemaAttribute None = new();

    /// <summary>The attribute of a property; one that says nothing where it has none.</summary>
    /// <param name="property">The property.</param>
    public static SchemaAttribute Of(JsonPropertyInfo property) =>
        property.AttributeProvider?.GetCustomAttributes(typeof(SchemaAttribute), inherit: false)
            is [SchemaAttribute attribute]
            ? attribute
            : None;

    /// <summary>The members of a type that must be present.</summary>
    /// <param name="type">A type of the contract.</param>
    public static IEnumerable<string> Required(JsonTypeInfo type) =>
        type.Properties.Where(property => Of(property).Required).Select(property => property.Name);

    /// <summary>Adds the keywords of a property.</summary>
    /// <param name="schema">The property's schema.</param>
    /// <param name="property">The property.</param>
    public static void Add(JsonObject schema, JsonPropertyInfo property)
    {
        var attribute = Of(property);
        AddText(schema, attribute.Pattern, attribute.MinLength, attribute.MaxLength);
        AddNumber(schema, "minimum", attribute.Minimum, unless: long.MinValue);
        AddNumber(schema, "maximum", attribute.Maximum, unless: long.MaxValue);
        AddNumber(schema, "maxItems", attribute.MaxItems, unless: -1);
        AddNumber(schema, "minProperties", attribute.MinProperties, unless: -1);
        AddNumber(schema, "maxProperties", attribute.MaxProperties, unless: -1);
        if (attribute.Format is { } format)
        {
            schema["format"] = format;
        }

        if ((schema["items"] ?? schema["additionalProperties"]) is JsonObject items)
        {
            AddText(items, attribute.ItemPattern, attribute.ItemMinLength, attribute.ItemMaxLength);
            AddMerging(schema, attribute);
        }
    }

    private static void AddText(JsonObject schema, string? pattern, int minLength, int maxLength)
    {
        if (pattern is not null)
        {
            schema["pattern"] = pattern;
        }

        AddNumber(schema, "minLength", minLength, unless: -1);
        AddNumber(schema, "maxLength", maxLength, unless: -1);
    }

    private static void AddNumber(JsonObject schema, string keyword, long value, long unless)
    {
        if (value != unless)
        {
            schema[keyword] = value;
        }
    }

    // A map of tags selects as a whole: merged from two appliers it would select what neither wants.
    private static void AddMerging(JsonObject schema, SchemaAttribute attribute)
    {
        if (schema["items"] is null)
        {
            schema["x-kubernetes-map-type"] = "atomic";
            return;
        }

        schema["x-kubernetes-list-type"] = attribute.ListType;
        if (attribute.MapKey is { } key)
        {
            schema["x-kubernetes-list-map-keys"] = new JsonArray(key);
        }
    }
}
