using System.Text.Json.Nodes;
using Xunit;

namespace EdgeRelease.Tests.EndToEnd.Chart;

/// <summary>What the chart lets the operator do.</summary>
public sealed class RoleTests
{
    private const string Watched = """watchNamespaces=["plant-a","plant-b"]""";

    [Fact]
    public async Task Has_no_wildcard_and_only_gets_secrets()
    {
        var rules = (await RolesAsync()).SelectMany(Rules).ToList();

        Assert.NotEmpty(rules);
        Assert.DoesNotContain(rules, rule => rule.ToJsonString().Contains('*', StringComparison.Ordinal));
        var secrets = rules.Where(rule => rule["resources"]!.AsArray().Any(each => (string?)each == "secrets"));
        Assert.Equal("""["get"]""", Assert.Single(secrets)["verbs"]!.ToJsonString());
    }

    [Fact]
    public async Task Renders_roles_and_nothing_cluster_wide_but_CRDs_for_named_namespaces()
    {
        var all = await Helm.ObjectsAsync("--namespace", "rollouts", "--set-json", Watched);
        var cluster = all.Where(each => each["metadata"]!["namespace"] is null).Select(Helm.Kind).Distinct();

        Assert.Equal(["CustomResourceDefinition"], cluster);
        Assert.Equal(
            ["Role plant-a/edgerelease", "Role plant-b/edgerelease", "Role rollouts/edgerelease-leader"],
            all.Where(each => Helm.Kind(each) == "Role").Select(Helm.Name).Order(StringComparer.Ordinal)
        );
        Assert.All(
            all.Where(each => Helm.Kind(each) == "RoleBinding"),
            binding => Assert.Equal("rollouts", (string?)binding["subjects"]![0]!["namespace"])
        );
    }

    [Fact]
    public async Task Grants_in_a_namespace_what_it_grants_in_all()
    {
        var everywhere = (await RolesAsync()).Single(role => Helm.Name(role) == "ClusterRole edgerelease");
        var here = (await RolesAsync("--set-json", Watched)).Single(role =>
            Helm.Name(role) == "Role plant-a/edgerelease"
        );

        Assert.True(JsonNode.DeepEquals(everywhere["rules"], here["rules"]));
    }

    [Fact]
    public async Task Lets_viewers_see_editors_release_and_admins_connect()
    {
        var roles = (await RolesAsync()).ToDictionary(Helm.Name);

        foreach (
            var (who, writes) in new[] { ("view", null), ("edit", "edgereleases"), ("admin", "losantapplications") }
        )
        {
            var role = roles[$"ClusterRole edgerelease-{who}"];
            var rule = Assert.Single(Rules(role));
            Assert.Equal(
                "true",
                (string?)role["metadata"]!["labels"]![$"rbac.authorization.k8s.io/aggregate-to-{who}"]
            );
            Assert.Equal(
                writes is not null,
                rule["verbs"]!.ToJsonString().Contains("create", StringComparison.Ordinal)
            );
            Assert.True(writes is null || rule["resources"]!.ToJsonString() == $"[\"{writes}\"]");
        }
    }

    private static async Task<IReadOnlyList<JsonObject>> RolesAsync(params string[] arguments) =>
        [.. (await Helm.ObjectsAsync(arguments)).Where(each => Helm.Kind(each) is "Role" or "ClusterRole")];

    private static IEnumerable<JsonNode> Rules(JsonObject role) => role["rules"]!.AsArray().Select(rule => rule!);
}
