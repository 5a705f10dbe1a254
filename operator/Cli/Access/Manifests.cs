using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using EdgeRelease.Kubernetes;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace EdgeRelease.Cli;

/// <summary>Objects from files, as kubectl reads them: YAML or JSON, several to a file.</summary>
internal static class Manifests
{
    /// <summary>The objects of a file.</summary>
    /// <param name="path">Its path; <c>-</c> for the standard input.</param>
    /// <exception cref="CliException">It cannot be read.</exception>
    public static IReadOnlyList<JsonObject> Read(string path)
    {
        try
        {
            using var reader = path == "-" ? Console.In : File.OpenText(path);
            return Parse(reader);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CliException($"cannot read {path}: {e.Message}");
        }
        catch (YamlException e)
        {
            throw new CliException($"cannot read {path}, line {e.Start.Line}: {e.Message}");
        }
    }

    /// <summary>The objects of a text.</summary>
    /// <exception cref="YamlException">It is no YAML.</exception>
    public static IReadOnlyList<JsonObject> Parse(TextReader text)
    {
        var yaml = new YamlStream();
        yaml.Load(text);
        return [.. yaml.Documents.Select(document => Node(document.RootNode)).OfType<JsonObject>()];
    }

    /// <summary>The only object of a kind in a file.</summary>
    /// <param name="objects">The objects of the file.</param>
    /// <param name="kind">The kind.</param>
    /// <param name="path">The file, for the message.</param>
    /// <exception cref="CliException">There is none, or several.</exception>
    public static JsonElement Only(IReadOnlyList<JsonObject> objects, ResourceKind kind, string path)
    {
        var found = objects.Where(each => Kind(each) == kind.Kind).ToList();
        return found.Count == 1
            ? ResourceJson.Element(found[0])
            : throw new CliException(
                $"{path} has {found.Count} objects of kind {kind.Kind}: give one with exactly one"
            );
    }

    /// <summary>The kind of an object; null when it names none.</summary>
    public static string? Kind(JsonObject document) =>
        document["kind"] is JsonValue kind && kind.TryGetValue<string>(out var text) ? text : null;

    private static JsonNode? Node(YamlNode node) =>
        node switch
        {
            YamlMappingNode mapping => Members(mapping),
            YamlSequenceNode items => new JsonArray([.. items.Select(Node)]),
            YamlScalarNode { Style: ScalarStyle.Plain, Value: { } text } => Scalar(text),
            YamlScalarNode scalar => scalar.Value,
            _ => null,
        };

    private static JsonObject Members(YamlMappingNode mapping)
    {
        var members = new JsonObject();
        foreach (var (name, value) in mapping.Children)
        {
            members[(name as YamlScalarNode)?.Value ?? ""] = Node(value);
        }

        return members;
    }

    private static JsonNode? Scalar(string text) =>
        text switch
        {
            "" or "~" or "null" => null,
            "true" => true,
            "false" => false,
            _ when long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole) =>
                whole,
            _ when decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) => number,
            _ => text,
        };
}
