using System.Text.Json.Nodes;
using EdgeRelease.Tests.EndToEnd;
using EdgeRelease.Tests.Unit.House;

namespace EdgeRelease.Tests.Unit.GitOps;

/// <summary>What Argo CD shall know of one kind, in the layout of its own repository.</summary>
/// <param name="Kind">The kind, which is the folder's name.</param>
internal sealed record Customization(string Kind)
{
    private const string Root = "examples/11-argo-cd/resource_customizations/edgerelease.dev";

    public string Health => Text("health.lua");

    public string Discovery => Text("actions/discovery.lua");

    public string Action(string name) => Text($"actions/{name}/action.lua");

    /// <summary>The one YAML document of a file in the kind's folder.</summary>
    public JsonObject Document(string path) => Yaml.Documents(Text(path)).Single();

    /// <summary>The names of the actions that have a script.</summary>
    public IEnumerable<string> Actions =>
        Directory
            .EnumerateDirectories(Path.Combine(Tree.Root, Root, Kind, "actions"))
            .Select(path => Path.GetFileName(path)!)
            .Where(name => name != "testdata");

    /// <summary>The YAML files under a folder of test data.</summary>
    public IEnumerable<string> TestData(string folder) =>
        Directory
            .EnumerateFiles(Path.Combine(Tree.Root, Root, Kind, folder, "testdata"), "*.yaml")
            .Select(path => $"testdata/{Path.GetFileName(path)}");

    private string Text(string path) => Tree.Text($"{Root}/{Kind}/{path}");
}
