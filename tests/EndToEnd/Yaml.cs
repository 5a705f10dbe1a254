using System.Globalization;
using System.Text.Json.Nodes;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace EdgeRelease.Tests.EndToEnd;

/// <summary>YAML as JSON.</summary>
internal static class Yaml
{
    /// <summary>The documents of a text, without empty ones.</summary>
    public static IReadOnlyList<JsonObject> Documents(string text)
    {
        var stream = new YamlStream();
        stream.Load(new StringReader(text));
        return [.. stream.Documents.Select(document => Json(document.RootNode)).OfType<JsonObject>()];
    }

    private static JsonNode? Json(YamlNode node) =>
        node switch
        {
            YamlMappingNode map => new JsonObject(
                map.Children.Select(child => KeyValuePair.Create(((YamlScalarNode)child.Key).Value!, Json(child.Value)))
            ),
            YamlSequenceNode list => new JsonArray([.. list.Children.Select(Json)]),
            YamlScalarNode { Style: not ScalarStyle.Plain } quoted => quoted.Value,
            YamlScalarNode { Value: "null" or "" } => null,
            YamlScalarNode { Value: "true" or "false" } flag => flag.Value == "true",
            YamlScalarNode number when int.TryParse(number.Value, CultureInfo.InvariantCulture, out var value) => value,
            YamlScalarNode number when double.TryParse(number.Value, CultureInfo.InvariantCulture, out var value) =>
                value,
            YamlScalarNode text => text.Value,
            _ => throw new NotSupportedException($"a {node.NodeType} in YAML"),
        };
}
