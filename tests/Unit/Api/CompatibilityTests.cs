using System.Text.Json.Nodes;
using EdgeRelease.Tests.Unit.House;
using Xunit;

namespace EdgeRelease.Tests.Unit.Api;

/// <summary>What was once released as stable keeps meaning the same. An alpha or beta version may change.</summary>
public sealed class CompatibilityTests
{
    /// <summary>The CRDs as they were released, one file a kind and version, as <c>edgereleases.v1.yaml</c>.</summary>
    private const string Released = "tests/Unit/Api/Released";

    [Fact]
    public void Removes_and_narrows_nothing_of_a_stable_version()
    {
        var stable = Directory
            .GetFiles(Path.Combine(Tree.Root, "crds"), "*.yaml")
            .SelectMany(file => Versions(File.ReadAllText(file)))
            .Where(version => !version.Name.Contains("alpha", StringComparison.Ordinal))
            .Where(version => !version.Name.Contains("beta", StringComparison.Ordinal));

        Assert.All(
            stable,
            version =>
            {
                var file = $"{Released}/{version.Plural}.{version.Name}.yaml";
                Assert.True(File.Exists(Path.Combine(Tree.Root, file)), $"copy the released CRD to {file}");
                var before = Versions(Tree.Text(file)).Single(each => each.Name == version.Name);
                Assert.Empty(SchemaChanges.Between(before.Schema, version.Schema));
            }
        );
    }

    /// <summary>The check itself sees what it is for, in each of the CRDs that there are.</summary>
    [Theory]
    [InlineData("{'properties': {'flow': null}}", ".flow: is gone")]
    [InlineData("{'properties': {'flow': {'maxLength': 3}}}", ".flow: maxLength shrank to 3")]
    [InlineData("{'properties': {'flow': {'minLength': 9}}}", ".flow: minLength grew to 9")]
    [InlineData("{'properties': {'flow': {'type': 'integer'}}}", ".flow: type was string and is integer")]
    [InlineData("{'properties': {'flow': {'pattern': '^v'}}}", ".flow: pattern was nothing and is ^v")]
    [InlineData("{'properties': {'mode': {'enum': ['Enforce']}}}", ".mode: Observe is no longer taken")]
    [InlineData("{'properties': {'mode': {'default': 'Observe'}}}", ".mode: default was Enforce and is Observe")]
    [InlineData("{'properties': {'ids': {'items': {'maxLength': 2}}}}", ".ids[]: maxLength shrank to 2")]
    [InlineData("{'required': ['mode']}", ".mode: is now required")]
    [InlineData("{'x-kubernetes-validations': [{'rule': 'has(self.flow)'}]}", ": is newly bound by has(self.flow)")]
    public void Sees_what_no_longer_holds(string edit, string change) =>
        Assert.Equal([change], SchemaChanges.Between(Example(), Merged(Example(), Json(edit))));

    [Theory]
    [InlineData("{'properties': {'more': {'type': 'string'}}}")]
    [InlineData("{'properties': {'flow': {'maxLength': 300}}}")]
    [InlineData("{'properties': {'flow': {'maxLength': null, 'minLength': null}}}")]
    [InlineData("{'properties': {'mode': {'enum': ['Enforce', 'Observe', 'Plan']}}}")]
    [InlineData("{'properties': {'mode': {'enum': null}}}")]
    [InlineData("{'properties': {'flow': {'description': 'another'}}}")]
    public void Lets_a_schema_take_more(string edit) =>
        Assert.Empty(SchemaChanges.Between(Example(), Merged(Example(), Json(edit))));

    [Fact]
    public void Compares_the_schemas_that_there_are()
    {
        var schema = Versions(Tree.Text("crds/edgereleases.yaml")).Single().Schema;
        var narrowed = schema.DeepClone().AsObject();
        narrowed["properties"]!["spec"]!["properties"]!.AsObject().Remove("flow");

        Assert.Empty(SchemaChanges.Between(schema, schema.DeepClone().AsObject()));
        Assert.Equal([".spec.flow: is gone"], SchemaChanges.Between(schema, narrowed));
    }

    private static JsonObject Example() =>
        Json(
            "{'type': 'object', 'properties': {'flow': {'type': 'string', 'minLength': 1, 'maxLength': 255},"
                + "'mode': {'type': 'string', 'enum': ['Enforce', 'Observe'], 'default': 'Enforce'},"
                + "'ids': {'type': 'array', 'items': {'type': 'string', 'maxLength': 24}}}}"
        );

    private static JsonObject Json(string text) => JsonNode.Parse(text.Replace('\'', '"'))!.AsObject();

    /// <summary>As a merge patch: null removes.</summary>
    private static JsonObject Merged(JsonObject target, JsonObject patch)
    {
        foreach (var (name, value) in patch)
        {
            if (value is null)
            {
                target.Remove(name);
            }
            else if (value is JsonObject inner && target[name] is JsonObject known)
            {
                Merged(known, inner);
            }
            else
            {
                target[name] = value.DeepClone();
            }
        }

        return target;
    }

    private static IEnumerable<(string Plural, string Name, JsonObject Schema)> Versions(string crd)
    {
        var spec = EdgeRelease.Tests.EndToEnd.Yaml.Documents(crd).Single()["spec"]!;
        return spec["versions"]!
            .AsArray()
            .Select(version =>
                (
                    (string)spec["names"]!["plural"]!,
                    (string)version!["name"]!,
                    version["schema"]!["openAPIV3Schema"]!.AsObject()
                )
            );
    }
}
