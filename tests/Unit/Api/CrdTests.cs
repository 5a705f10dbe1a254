using System.Text.Json.Nodes;
using EdgeRelease.Api;
using EdgeRelease.Tests.Unit.House;
using Xunit;
using YamlDotNet.RepresentationModel;

namespace EdgeRelease.Tests.Unit.Api;

public sealed class CrdTests
{
    private static readonly IReadOnlyList<CrdDocument> Documents = CrdDocument.All();

    public static TheoryData<string> Files() => [.. CrdFiles.All().Keys];

    [Theory]
    [MemberData(nameof(Files))]
    public void Commits_what_the_contract_generates(string file) =>
        Assert.Equal(CrdFiles.All()[file], Tree.Text($"crds/{file}"));

    [Fact]
    public void Commits_nothing_else() =>
        Assert.Equal(
            CrdFiles.All().Keys.Order(StringComparer.Ordinal),
            Directory.GetFiles(Path.Combine(Tree.Root, "crds")).Select(Path.GetFileName).Order(StringComparer.Ordinal)
        );

    [Fact]
    public void Writes_the_files_over_what_is_there()
    {
        var folder = Directory.CreateTempSubdirectory("edgerelease-crds-").FullName;
        File.WriteAllText(Path.Combine(folder, "README.md"), "old");

        CrdFiles.Write(folder);

        Assert.All(CrdFiles.All(), file => Assert.Equal(file.Value, File.ReadAllText(Path.Combine(folder, file.Key))));
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public void Describes_every_field_in_a_sentence() =>
        Assert.All(
            Fields().Where(field => field.Path != "metadata"),
            field =>
                Assert.True(
                    field.Schema["description"]?.GetValue<string>() is { Length: > 10 } text && text.EndsWith('.'),
                    field.Path
                )
        );

    [Fact]
    public void Says_the_default_of_every_field_that_has_one()
    {
        var scalars = Fields().Where(field => field.Schema["default"] is JsonValue).ToList();

        Assert.Equal(35, scalars.Count);
        Assert.All(
            scalars,
            field =>
                Assert.EndsWith(
                    $" Default `{field.Schema["default"]}`.",
                    Description(field.Schema),
                    StringComparison.Ordinal
                )
        );
    }

    [Fact]
    public void Says_that_a_duration_is_one() =>
        Assert.All(
            Fields().Where(field => field.Schema["pattern"]?.GetValue<string>() == Patterns.Duration),
            field => Assert.Contains("as a duration", Description(field.Schema), StringComparison.Ordinal)
        );

    [Fact]
    public void Is_structural() =>
        Assert.All(
            Fields(),
            field =>
            {
                Assert.False(field.Schema.ContainsKey("$ref"), field.Path);
                Assert.True(
                    field.Schema["type"] is JsonValue != field.Schema.ContainsKey("x-kubernetes-int-or-string"),
                    field.Path
                );
                Assert.False(
                    field.Schema.ContainsKey("properties") && field.Schema.ContainsKey("additionalProperties"),
                    field.Path
                );
            }
        );

    // The API server bounds the cost of a rule by these; a status has no rules.
    [Fact]
    public void Bounds_every_list_map_and_text_of_a_spec() =>
        Assert.All(
            Fields().Where(field => field.Path.StartsWith("spec.", StringComparison.Ordinal)),
            field =>
            {
                var keyword = field.Schema["type"]?.GetValue<string>() switch
                {
                    "array" => "maxItems",
                    "object" when field.Schema.ContainsKey("additionalProperties") => "maxProperties",
                    "string" when !field.Schema.ContainsKey("enum") => "maxLength",
                    _ => null,
                };
                Assert.True(keyword is null || field.Schema.ContainsKey(keyword), $"{field.Path} needs {keyword}");
            }
        );

    [Fact]
    public void Says_how_every_list_is_merged() =>
        Assert.All(
            Fields().Where(field => field.Schema.ContainsKey("items")),
            field => Assert.True(field.Schema.ContainsKey("x-kubernetes-list-type"), field.Path)
        );

    [Fact]
    public void Is_small_enough_for_client_side_apply() =>
        Assert.All(Documents, document => Assert.InRange(document.ToYaml().Length, 1_000, 200_000));

    [Fact]
    public void Is_the_same_object_in_YAML()
    {
        foreach (var document in Documents)
        {
            var stream = new YamlStream();
            stream.Load(new StringReader(document.ToYaml()));
            AssertSame(document.Body, stream.Documents[0].RootNode, document.Kind.Name);
        }
    }

    private static void AssertSame(JsonNode? json, YamlNode yaml, string path)
    {
        switch (json)
        {
            case JsonObject members:
                var map = Assert.IsType<YamlMappingNode>(yaml).Children;
                Assert.Equal(members.Select(member => member.Key), map.Keys.Select(key => ((YamlScalarNode)key).Value));
                foreach (var (name, value) in members)
                {
                    AssertSame(value, map[new YamlScalarNode(name)], $"{path}.{name}");
                }

                break;
            case JsonArray items:
                var list = Assert.IsType<YamlSequenceNode>(yaml).Children;
                Assert.Equal(items.Count, list.Count);
                Assert.All(items.Zip(list), pair => AssertSame(pair.First, pair.Second, path));
                break;
            default:
                Assert.Equal((path, json!.ToString()), (path, Assert.IsType<YamlScalarNode>(yaml).Value));
                break;
        }
    }

    private static string Description(JsonObject schema) => schema["description"]!.GetValue<string>();

    private static IEnumerable<(string Path, JsonObject Schema)> Fields() =>
        Documents.SelectMany(document => Fields("", document.Schema));

    private static IEnumerable<(string Path, JsonObject Schema)> Fields(string path, JsonObject schema)
    {
        var inner = schema["items"]?.AsObject() ?? schema;
        return (inner["properties"]?.AsObject() ?? []).SelectMany(member =>
        {
            var own = path.Length == 0 ? member.Key : $"{path}.{member.Key}";
            return Fields(own, member.Value!.AsObject()).Prepend((own, member.Value!.AsObject()));
        });
    }
}
