using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using System.Text.Json.Serialization.Metadata;

namespace EdgeRelease.Api;

/// <summary>Structural OpenAPI schemas of the contract, made from the type info that also reads the objects.</summary>
internal sealed class StructuralSchema
{
    private readonly bool defaults;
    private readonly Docstrings? docstrings;

    private StructuralSchema(bool defaults, Docstrings? docstrings) =>
        (this.defaults, this.docstrings) = (defaults, docstrings);

    /// <summary>The schema of a type.</summary>
    /// <param name="type">A type of <see cref="ApiJson"/>.</param>
    /// <param name="defaults">Whether initial values are defaults: in specs they are, in statuses they are not.</param>
    /// <param name="docstrings">Where descriptions come from; null for a schema without.</param>
    public static JsonObject Of(JsonTypeInfo type, bool defaults, Docstrings? docstrings)
    {
        var options = new JsonSchemaExporterOptions
        {
            TreatNullObliviousAsNonNullable = true,
            TransformSchemaNode = new StructuralSchema(defaults, docstrings).Transformed,
        };
        return type.GetJsonSchemaAsNode(options).AsObject();
    }

    private JsonObject Transformed(JsonSchemaExporterContext context, JsonNode node)
    {
        var type = context.TypeInfo.Type;
        var schema = SchemaOf(Nullable.GetUnderlyingType(type) ?? type, node);
        if (context.TypeInfo.Kind == JsonTypeInfoKind.Object)
        {
            AddRequired(schema, context.TypeInfo);
            AddRules(schema, type);
        }

        if (context.PropertyInfo is { } property)
        {
            SchemaKeywords.Add(schema, property);
            AddDefault(schema, property);
        }

        return Described(schema, context);
    }

    private static JsonObject SchemaOf(Type type, JsonNode node)
    {
        if (type == typeof(TimeSpan))
        {
            return new()
            {
                ["type"] = "string",
                ["pattern"] = Patterns.Duration,
                ["maxLength"] = 56,
            };
        }

        if (type == typeof(DateTimeOffset))
        {
            return new() { ["type"] = "string", ["format"] = "date-time" };
        }

        if (type == typeof(Percentage))
        {
            return new() { ["type"] = "string" };
        }

        if (type == typeof(IntOrPercent))
        {
            return new()
            {
                ["x-kubernetes-int-or-string"] = true,
                ["anyOf"] = new JsonArray(
                    new JsonObject { ["type"] = "integer" },
                    new JsonObject { ["type"] = "string" }
                ),
            };
        }

        return type.IsEnum ? EnumOf(type) : WithoutNull(node.AsObject());
    }

    private static JsonObject EnumOf(Type type)
    {
        var names = Enum.GetNames(type).Select(name => (JsonNode)name);
        return new() { ["type"] = "string", ["enum"] = new JsonArray([.. names]) };
    }

    private static JsonObject WithoutNull(JsonObject schema)
    {
        if (schema["type"] is JsonArray types)
        {
            schema["type"] = types.First(type => type!.GetValue<string>() != "null")!.DeepClone();
        }

        return schema;
    }

    private static void AddRequired(JsonObject schema, JsonTypeInfo type)
    {
        var required = SchemaKeywords.Required(type).Select(name => (JsonNode)name).ToArray();
        if (required.Length > 0)
        {
            schema["required"] = new JsonArray(required);
        }
    }

    private static void AddRules(JsonObject schema, Type type)
    {
        var rules = SpecRules
            .Of(type)
            .Select(rule => (JsonNode)new JsonObject { ["rule"] = rule.Cel, ["message"] = rule.Message })
            .ToArray();
        if (rules.Length > 0)
        {
            schema["x-kubernetes-validations"] = new JsonArray(rules);
        }
    }

    // An object gets {} only where something inside has a default: the server fills in no member of an absent object.
    private void AddDefault(JsonObject schema, JsonPropertyInfo property)
    {
        if (!defaults || SchemaKeywords.Of(property).Required)
        {
            return;
        }

        var owner = ApiJson.Default.GetTypeInfo(property.DeclaringType)!;
        var value = property.Get!(owner.CreateObject!());
        var type = ApiJson.Default.GetTypeInfo(property.PropertyType)!;
        var isObject = type.Kind == JsonTypeInfoKind.Object;
        if (value is null || type.Kind is JsonTypeInfoKind.Enumerable or JsonTypeInfoKind.Dictionary)
        {
            return;
        }

        if (!isObject)
        {
            schema["default"] = JsonSerializer.SerializeToNode(value, type);
        }
        else if (schema["properties"]!.AsObject().Any(member => member.Value!["default"] is not null))
        {
            schema["default"] = new JsonObject();
        }
    }

    private JsonObject Described(JsonObject schema, JsonSchemaExporterContext context)
    {
        if (docstrings is null || (context.PropertyInfo is null && context.TypeInfo.Kind != JsonTypeInfoKind.Object))
        {
            return schema;
        }

        var text = context.PropertyInfo is { } property
            ? docstrings.Of(property.DeclaringType, property.Name)
            : docstrings.Of(context.TypeInfo.Type);
        if (schema["default"] is { } value and not JsonObject)
        {
            text += $" Default `{value}`.";
        }

        var described = new JsonObject { ["description"] = text };
        foreach (var (key, member) in schema)
        {
            described[key] = member?.DeepClone();
        }

        return described;
    }
}
