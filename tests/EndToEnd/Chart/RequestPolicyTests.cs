using System.Text.Json.Nodes;
using EdgeRelease.Api;
using Xunit;

namespace EdgeRelease.Tests.EndToEnd.Chart;

/// <summary>When the chart has the policy about acts, and what comes with it.</summary>
public sealed class RequestPolicyTests
{
    private const string Kind = "admissionregistration.k8s.io/v1/ValidatingAdmissionPolicy";
    private const string Enabled = "requestPolicy.enabled=true";

    private static readonly string[] Policy = ["ValidatingAdmissionPolicy", "ValidatingAdmissionPolicyBinding"];

    [Theory]
    [InlineData("1.30.0")]
    [InlineData("1.29.0", "--api-versions", Kind)]
    public async Task Comes_with_a_binding_where_the_API_server_has_the_kind(string version, params string[] more)
    {
        var all = await Helm.ObjectsAsync(["--set", Enabled, "--kube-version", version, .. more]);
        var rendered = all.Where(each => Policy.Contains(Helm.Kind(each))).ToDictionary(Helm.Kind);

        Assert.Equal(Policy, rendered.Keys.Order(StringComparer.Ordinal));
        var bound = rendered["ValidatingAdmissionPolicyBinding"]["spec"]!;
        Assert.Equal((string?)rendered["ValidatingAdmissionPolicy"]["metadata"]!["name"], (string?)bound["policyName"]);
        Assert.Equal("""["Deny"]""", bound["validationActions"]!.ToJsonString());
        Assert.Equal("Fail", (string?)rendered["ValidatingAdmissionPolicy"]["spec"]!["failurePolicy"]);
    }

    [Theory]
    [InlineData("Kubernetes 1.30", "--kube-version", "1.29.14")]
    [InlineData("Kubernetes 1.30", "--kube-version", "1.20.2")]
    [InlineData("cluster-wide", "--set", "watchNamespaces={plant-a}")]
    public async Task Is_refused_where_it_could_not_be_installed(string named, params string[] more)
    {
        var refused = await Assert.ThrowsAsync<InvalidOperationException>(() =>
            Helm.TemplateAsync(["--set", Enabled, .. more])
        );

        Assert.Contains(named, refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Annotations.Approve)]
    [InlineData(Annotations.Promote)]
    [InlineData(Annotations.Paused)]
    [InlineData(Annotations.Abort)]
    public async Task Has_a_rule_for_the_annotation(string annotation)
    {
        var policy = (await Helm.ObjectsAsync("--set", Enabled)).Single(each => Helm.Kind(each) == Policy[0]);
        var rules = policy["spec"]!["validations"]!.AsArray().Select(rule => (string)rule!["expression"]!);

        Assert.Single(rules, rule => rule.Contains($"'{annotation}'", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("true", "approve promote pause abort")]
    [InlineData("false", "")]
    public async Task Lets_the_admins_of_a_namespace_act_and_its_editors_only_where_they_are_given_a_verb(
        string enabled,
        string verbs
    )
    {
        var roles = (await Helm.ObjectsAsync("--set", $"requestPolicy.enabled={enabled}"))
            .Where(each => Helm.Kind(each) == "ClusterRole")
            .ToDictionary(Helm.Name, Verbs);

        Assert.Equal($"create update patch delete {verbs}".Trim(), roles["ClusterRole edgerelease-admin"]);
        Assert.Equal("create update patch delete", roles["ClusterRole edgerelease-edit"]);
        Assert.DoesNotContain("approve", roles["ClusterRole edgerelease"], StringComparison.Ordinal);
    }

    private static string Verbs(JsonObject role) =>
        string.Join(' ', role["rules"]!.AsArray().SelectMany(rule => rule!["verbs"]!.AsArray()));
}
