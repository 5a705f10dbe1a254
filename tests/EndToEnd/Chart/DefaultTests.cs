using System.Text.Json.Nodes;
using Xunit;

namespace EdgeRelease.Tests.EndToEnd.Chart;

/// <summary>What the chart installs when nothing is asked for.</summary>
public sealed class DefaultTests
{
    private static readonly string[] OnRequest =
    [
        "ServiceMonitor",
        "PodMonitor",
        "PrometheusRule",
        "NetworkPolicy",
        "ConfigMap",
    ];

    [Fact]
    public async Task Rewrites_every_image_by_the_global_registry()
    {
        var images = await ImagesAsync(
            "--set",
            "global.imageRegistry=mirror.example.com,image.registry=own.example.com"
        );

        Assert.Equal(2, images.Count); // of the Deployment and of `helm test`
        Assert.All(images, image => Assert.StartsWith("mirror.example.com/", image, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Prefers_the_digest_to_the_tag_in_every_image()
    {
        var digest = $"sha256:{new string('0', 64)}";

        var images = await ImagesAsync("--set", $"image.tag=v9,image.digest={digest}");

        Assert.All(images, image => Assert.EndsWith($"operator@{digest}", image, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Projects_a_token_that_expires_and_mounts_no_other()
    {
        var pod = await PodAsync();
        var token = pod["volumes"]!.AsArray().Single(volume => (string?)volume!["name"] == "token")!;

        Assert.False((bool)pod["automountServiceAccountToken"]!);
        Assert.Equal(3600, (int)token["projected"]!["sources"]![0]!["serviceAccountToken"]!["expirationSeconds"]!);
        Assert.DoesNotContain(pod["volumes"]!.AsArray(), volume => volume!["secret"] is not null);
    }

    [Fact]
    public async Task Runs_two_replicas_of_which_a_lease_names_the_leader_and_three_probes_look_at_each()
    {
        var deployment = (await Helm.ObjectsAsync()).Single(each => Helm.Kind(each) == "Deployment");
        var container = (await PodAsync())["containers"]![0]!;

        Assert.Equal(2, (int)deployment["spec"]!["replicas"]!);
        Assert.Contains("--leader-elect=true", container["args"]!.AsArray().Select(arg => (string)arg!));
        string[] probes = ["livenessProbe", "readinessProbe", "startupProbe"];
        Assert.All(probes, probe => Assert.NotNull(container[probe]));
        Assert.All(["requests", "limits"], part => Assert.NotNull(container["resources"]![part]!["memory"]));
    }

    [Theory]
    [InlineData(1, 0)]
    [InlineData(2, 1)]
    public async Task Has_a_disruption_budget_only_with_several_replicas(int replicas, int budgets) =>
        Assert.Equal(
            budgets,
            (await Helm.ObjectsAsync("--set", $"replicaCount={replicas}")).Count(each =>
                Helm.Kind(each) == "PodDisruptionBudget"
            )
        );

    [Fact]
    public async Task Leaves_out_what_needs_kinds_of_others_or_could_cut_it_off() =>
        Assert.Empty((await Helm.ObjectsAsync()).Select(Helm.Kind).Intersect(OnRequest));

    [Fact]
    public async Task Tells_the_next_two_commands_after_the_installation()
    {
        var said = await Helm.RunAsync("install", "edgerelease", Helm.Chart, "--dry-run=client");
        var notes = said[said.IndexOf("NOTES:", StringComparison.Ordinal)..];

        Assert.Equal(
            ["create secret", "apply -n"],
            notes
                .Split('\n')
                .Where(line => line.StartsWith("  kubectl ", StringComparison.Ordinal))
                .Select(line => string.Join(' ', line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1..3]))
        );
    }

    [Fact]
    public async Task Tells_Helm_and_Artifact_Hub_what_it_is()
    {
        var chart = Yaml.Documents(Helm.Text("Chart.yaml"))[0];
        var kinds = Yaml.Documents("kinds:\n" + (string)chart["annotations"]!["artifacthub.io/crds"]!)[0]["kinds"]!;
        var rendered = (await Helm.ObjectsAsync()).Where(each => Helm.Kind(each) == "CustomResourceDefinition");

        Assert.StartsWith(">=", (string)chart["kubeVersion"]!, StringComparison.Ordinal);
        Assert.Equal(
            rendered.Select(each => (string)each["metadata"]!["name"]!).Order(StringComparer.Ordinal),
            kinds.AsArray().Select(kind => (string)kind!["name"]!).Order(StringComparer.Ordinal)
        );
    }

    [Fact]
    public async Task Has_a_pod_for_helm_test() =>
        Assert.Single(
            await Helm.ObjectsAsync(),
            each => Helm.Kind(each) == "Pod" && (string?)each["metadata"]!["annotations"]?["helm.sh/hook"] == "test"
        );

    private static async Task<JsonNode> PodAsync(params string[] arguments) =>
        (await Helm.ObjectsAsync(arguments)).Single(each => Helm.Kind(each) == "Deployment")["spec"]!["template"]![
            "spec"
        ]!;

    private static async Task<IReadOnlyList<string>> ImagesAsync(params string[] arguments) =>
        [
            .. (await Helm.ObjectsAsync(arguments))
                .Where(each => Helm.Kind(each) is "Deployment" or "Pod")
                .Select(each => each["spec"]!["template"]?["spec"] ?? each["spec"]!)
                .SelectMany(pod => (pod["initContainers"]?.AsArray() ?? []).Concat(pod["containers"]?.AsArray() ?? []))
                .Select(container => (string)container!["image"]!),
        ];
}
