using System.Text.Json.Nodes;
using System.Xml.Linq;
using Xunit;

namespace EdgeRelease.Tests.EndToEnd.Chart;

/// <summary>What is installed is what the checkout says.</summary>
public sealed class InstallTests(ControlPlaneFixture controlPlane)
{
    private static readonly string Root = ControlPlane.RepositoryRoot();
    private static readonly string Install = Path.Combine(Root, "charts", "install", "install.yaml");

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Renders_the_generated_CRDs(bool isKept)
    {
        var rendered = (await Helm.ObjectsAsync("--set", $"crds.keep={(isKept ? "true" : "false")}"))
            .Where(each => Helm.Kind(each) == "CustomResourceDefinition")
            .ToDictionary(Helm.Name);
        var generated = Directory
            .GetFiles(Path.Combine(Root, "crds"), "*.yaml")
            .ToDictionary(file => file, file => Yaml.Documents(File.ReadAllText(file)).Single());

        Assert.Equal(generated.Count, rendered.Count);
        foreach (var (file, definition) in generated)
        {
            var own = rendered[Helm.Name(definition)];
            var policy = own["metadata"]!["annotations"]?["helm.sh/resource-policy"];
            Assert.Equal(isKept ? "keep" : null, (string?)policy);
            Assert.True(JsonNode.DeepEquals(definition["spec"], own["spec"]), Path.GetFileName(file));
            Assert.Equal(
                File.ReadAllText(file),
                Helm.Text($"files/crds/{Path.GetFileName(file)}") // byte for byte: `make chart` copies it
            );
        }
    }

    [Fact]
    public async Task Has_the_static_YAML_that_the_chart_renders() =>
        Assert.Equal(
            await ControlPlane.RunAsync("bash", [Path.Combine(Root, "charts", "render.sh")]),
            await File.ReadAllTextAsync(Install, TestContext.Current.CancellationToken)
        );

    [Fact]
    public async Task Builds_the_kustomize_base_from_it()
    {
        var built = await controlPlane.KubectlAsync("kustomize", Path.GetDirectoryName(Install)!);

        Assert.Equal(
            Yaml.Documents(await File.ReadAllTextAsync(Install, TestContext.Current.CancellationToken))
                .Select(Helm.Name)
                .Order(StringComparer.Ordinal),
            Yaml.Documents(built).Select(Helm.Name).Order(StringComparer.Ordinal)
        );
    }

    [Fact]
    public void Has_the_version_of_the_operator()
    {
        var version = XDocument.Load(Path.Combine(Root, "Directory.Build.props")).Descendants("Version").Single().Value;
        var chart = Yaml.Documents(Helm.Text("Chart.yaml"))[0];

        Assert.Equal((version, version), ((string?)chart["version"], (string?)chart["appVersion"]));
    }

    [Fact]
    public async Task Names_no_registry_of_its_own()
    {
        var deployment = (await Helm.ObjectsAsync()).Single(each => Helm.Kind(each) == "Deployment");
        var image = (string)deployment["spec"]!["template"]!["spec"]!["containers"]![0]!["image"]!;

        Assert.DoesNotContain('.', image.Split('/')[0]);
    }

    [Fact]
    public async Task Passes_only_options_that_the_operator_has()
    {
        var deployment = (
            await Helm.ObjectsAsync(
                "--set-json",
                """watchNamespaces=["plant-a"]""",
                "--set",
                "rbac.create=false,monitoring.https.enabled=true,monitoring.https.secretName=tls"
            )
        ).Single(each => Helm.Kind(each) == "Deployment");
        var container = deployment["spec"]!["template"]!["spec"]!["containers"]![0]!;
        var passed = container["args"]!.AsArray().Select(each => ((string)each!).Split('=')[0]).ToList();
        var help = await ControlPlane.RunAsync(
            Path.Combine(Root, "operator", "Host", "bin", "Release", "net10.0", "edgerelease-operator"),
            ["--help"]
        );

        Assert.Equal(10, passed.Count);
        Assert.All(passed, option => Assert.Contains($"{option} ", help, StringComparison.Ordinal));
    }
}
