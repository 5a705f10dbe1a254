using System.Text.Json.Nodes;
using EdgeRelease.Tests.EndToEnd.Operator;
using Xunit;

namespace EdgeRelease.Tests.EndToEnd.Chart;

/// <summary>What people set, rendered by real helm and accepted by the real API server.</summary>
public sealed class ValueSetTests(ControlPlaneFixture controlPlane)
{
    /// <summary>Kinds of other operators, which only a cluster that runs those has.</summary>
    private static readonly string[] OfOthers = ["PodMonitor", "PrometheusRule", "ServiceMonitor"];

    /// <summary>Kinds that an older API server lacks; <see cref="RequestPolicyTests"/> have them evaluated.</summary>
    private static readonly string[] OfNewer = ["ValidatingAdmissionPolicy", "ValidatingAdmissionPolicyBinding"];

    public static TheoryData<string> Sets => [.. Helm.ValueSets.Select(path => Path.GetFileName(path)!)];

    [Fact]
    public void Has_six_value_sets() => Assert.Equal(6, Sets.Count);

    [Theory]
    [MemberData(nameof(Sets))]
    public async Task Is_accepted_by_the_API_server(string set)
    {
        await Crds.InstallAsync(controlPlane.Kubeconfig);
        var served = await ServedKinds.OfAsync(controlPlane);

        var all = await RenderedAsync(set);
        var missing = all.Where(each => !served.Has(each)).ToList();
        var applied = await DryRunAsync(all.Except(missing).ToList());

        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{set}: {applied} applied, {missing.Count} not served here: {string.Join(", ", missing.Select(Helm.Name))}"
        );
        Assert.True(all.Count >= 4, $"only {all.Count} objects");
        Assert.Equal(all.Count, applied + missing.Count);
        Assert.Subset(OfOthers.Concat(OfNewer).ToHashSet(), missing.Select(Helm.Kind).ToHashSet());
        Assert.Equal(set is "monitoring-values.yaml", OfOthers.All(all.Select(Helm.Kind).Contains));
        Assert.Equal(set is "hardened-values.yaml", OfNewer.All(all.Select(Helm.Kind).Contains));
    }

    [Theory]
    [MemberData(nameof(Sets))]
    public async Task Satisfies_Pod_Security_restricted(string set)
    {
        var all = await Helm.ObjectsAsync("-f", Path.Combine(Helm.Chart, "ci", set));
        var pods = all.Where(each => Helm.Kind(each) is "Pod" or "Deployment").ToList();

        Assert.Equal(["Deployment", "Pod"], pods.Select(Helm.Kind).Order(StringComparer.Ordinal));
        Assert.All(pods, pod => Assert.Empty(PodSecurity.Problems(pod)));
    }

    /// <summary>The objects for the version of the server, in namespaces that are there.</summary>
    private async Task<IReadOnlyList<JsonObject>> RenderedAsync(string set)
    {
        var version = JsonNode.Parse(await controlPlane.KubectlAsync("version", "-o", "json"))!;
        var text = await Helm.TemplateAsync(
            "--kube-version",
            (string)version["serverVersion"]!["gitVersion"]!,
            "--api-versions",
            "admissionregistration.k8s.io/v1/ValidatingAdmissionPolicy",
            "--namespace",
            await controlPlane.NewNamespaceAsync(),
            "-f",
            Path.Combine(Helm.Chart, "ci", set)
        );
        foreach (var watched in new[] { "plant-a", "plant-b" })
        {
            var there = await controlPlane.NewNamespaceAsync();
            text = text.Replace($"namespace: {watched}", $"namespace: {there}", StringComparison.Ordinal);
        }

        return Yaml.Documents(text);
    }

    /// <summary>How many objects the server says it would have stored. An old server cannot validate CRDs with CEL.</summary>
    private async Task<int> DryRunAsync(IReadOnlyList<JsonObject> objects)
    {
        var lines = 0;
        foreach (var part in objects.GroupBy(each => Helm.Kind(each) == "CustomResourceDefinition"))
        {
            var list = new JsonObject { ["apiVersion"] = "v1", ["kind"] = "List" };
            list["items"] = new JsonArray([.. part.Select(each => each.DeepClone())]);
            var file = Path.GetTempFileName();
            try
            {
                await File.WriteAllTextAsync(file, list.ToJsonString(), TestContext.Current.CancellationToken);
                var validate = part.Key ? "--validate=false" : "--validate=strict";
                var said = await controlPlane.KubectlAsync("apply", "--dry-run=server", validate, "-f", file);
                lines += said.Split("(server dry run)").Length - 1;
            }
            finally
            {
                File.Delete(file);
            }
        }

        return lines;
    }
}
