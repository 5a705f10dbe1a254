using Xunit;

namespace EdgeRelease.Tests.EndToEnd.Chart;

/// <summary>Installed, upgraded and uninstalled by real helm, and applied by kubectl, on an API server of their own: the
/// CRDs are the cluster's.</summary>
public sealed class LifecycleTests(ControlPlaneFixture controlPlane)
{
    private const string Crd = "crd/edgereleases.edgerelease.dev";

    /// <summary>An API server older than 1.25 cannot validate CRDs with CEL, nor apply them server-side.</summary>
    private static readonly string[] ForOldServers = ["--disable-openapi-validation", "--server-side=false"];

    [Fact]
    public async Task Upgrades_CRDs_and_leaves_them_when_uninstalled()
    {
        var plane = await controlPlane.StartPrivateAsync();
        using var folder = new TemporaryFolder();
        var older = OlderChart(folder.Path);

        await HelmAsync(
            plane,
            ["install", "er", older, "--namespace", "rollouts", "--create-namespace", .. ForOldServers]
        );
        Assert.Equal("before", await ColumnAsync(plane));

        await HelmAsync(plane, ["upgrade", "er", Helm.Chart, "--namespace", "rollouts", .. ForOldServers]);
        Assert.Equal("Flow", await ColumnAsync(plane));

        await HelmAsync(plane, ["uninstall", "er", "--namespace", "rollouts"]);
        Assert.Equal("Flow", await ColumnAsync(plane));
        Assert.Equal(
            "",
            await plane.KubectlAsync(
                "get",
                "deployment,clusterrole",
                "-A",
                "-l",
                "app.kubernetes.io/instance=er",
                "-o",
                "name"
            )
        );
    }

    [Fact]
    public async Task Is_applied_from_the_static_YAML_by_kubectl()
    {
        var plane = await controlPlane.StartPrivateAsync();
        var file = Path.Combine(ControlPlane.RepositoryRoot(), "charts", "install", "install.yaml");
        var objects = Yaml.Documents(await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken));

        // policy/v1 is younger than the oldest API server of these tests.
        var budgets = await plane.KubectlAsync("api-resources", "--api-group=policy", "--no-headers");
        var missing = budgets.Contains(" policy/v1 ", StringComparison.Ordinal) ? 0 : 1;
        string said;
        using (var folder = new TemporaryFolder())
        {
            var without = Path.Combine(folder.Path, "install.yaml");
            await File.WriteAllTextAsync(
                without,
                string.Join("\n---\n", objects.Where(each => missing == 0 || Helm.Kind(each) != "PodDisruptionBudget")),
                TestContext.Current.CancellationToken
            );
            said = await plane.KubectlAsync("apply", "--validate=false", "-f", without);
        }

        TestContext.Current.TestOutputHelper?.WriteLine(
            $"not served here: {missing} of {objects.Count} (PodDisruptionBudget)"
        );
        Assert.Equal(objects.Count, said.Split(" created\n").Length - 1 + missing);
    }

    /// <summary>The chart with another column in one CRD.</summary>
    private static string OlderChart(string folder)
    {
        foreach (var file in Directory.EnumerateFiles(Helm.Chart, "*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(folder, Path.GetRelativePath(Helm.Chart, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }

        var crd = Path.Combine(folder, "files", "crds", "edgereleases.yaml");
        var text = File.ReadAllText(crd);
        File.WriteAllText(crd, text.Replace("- name: Flow\n", "- name: before\n", StringComparison.Ordinal));
        return folder;
    }

    private static Task<string> ColumnAsync(ControlPlane plane) =>
        plane.KubectlAsync("get", Crd, "-o", "jsonpath={.spec.versions[0].additionalPrinterColumns[0].name}");

    private static Task<string> HelmAsync(ControlPlane plane, string[] arguments) =>
        Helm.RunAsync([.. arguments, "--kubeconfig", plane.Kubeconfig]);
}
