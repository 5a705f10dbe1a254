using System.Text.Json.Nodes;
using EdgeRelease.Kubernetes;
using EdgeRelease.Tests.EndToEnd.Crd;
using Xunit;

namespace EdgeRelease.Tests.EndToEnd.GitOps;

/// <summary>Flux's expressions for "the first step is enough", evaluated by an API server: each is the only rule of a kind
/// whose objects look like releases. A rule cannot read metadata, so the generation stands in the spec.</summary>
[Collection(nameof(CelCollection))]
public sealed class FluxTests(CelPlane plane)
{
    private const string Group = "flux.edgerelease.test";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Calls_a_release_ready_when_its_second_step_began_and_failed_when_it_goes_back()
    {
        _ = plane.Cluster; // skips where there is none
        var expressions = Expressions();
        foreach (var (name, expression) in expressions)
        {
            await plane.InstallAsync(Definition(name, expression));
        }

        var cases = new (string Name, string Status, bool Failed, bool Current)[]
        {
            ("unseen", """{"observedGeneration": -1}""", false, false),
            ("older", Status(2, "True", 3), false, false),
            ("no step yet", Status(3, "Unknown", null), false, false),
            ("first step", Status(3, "Unknown", 1), false, false),
            ("second step", Status(3, "Unknown", 2), false, true),
            ("complete", Status(3, "True", null), false, true),
            ("complete in one step", Status(3, "True", 1), false, true),
            ("rolling back", Status(3, "False", 2), true, false),
        };
        foreach (var each in cases)
        {
            Assert.Equal((each.Name, each.Failed), (each.Name, await HoldsAsync("failed", each.Status)));
            Assert.Equal((each.Name, each.Current), (each.Name, await HoldsAsync("current", each.Status)));
        }

        Assert.Equal(["current", "failed"], expressions.Keys.Order());
    }

    private static string Status(long observed, string ready, int? step)
    {
        var index = step is null ? "" : $$""", "step": {"index": {{step}}}""";
        return $$"""{"observedGeneration": {{observed}}, "conditions": [{"type": "Ready", "status": "{{ready}}"}]{{index}}}""";
    }

    private static Dictionary<string, string> Expressions()
    {
        var path = Path.Combine(ControlPlane.RepositoryRoot(), "examples", "12-flux", "first-step.yaml");
        var checks = Yaml.Documents(File.ReadAllText(path)).Single()["spec"]!["healthCheckExprs"]!.AsArray().Single()!;
        return checks
            .AsObject()
            .Where(member => member.Key is not ("apiVersion" or "kind"))
            .ToDictionary(member => member.Key, member => (string)member.Value!);
    }

    private async Task<bool> HoldsAsync(string name, string status)
    {
        var body = new JsonObject
        {
            ["apiVersion"] = $"{Group}/v1",
            ["kind"] = name,
            ["metadata"] = new JsonObject { ["name"] = $"o-{Guid.NewGuid():N}" },
            ["spec"] = new JsonObject { ["generation"] = 3 },
            ["status"] = JsonNode.Parse(status),
        };
        try
        {
            await plane.Cluster.CreateAsync(
                new ResourceKind(Group, "v1", $"{name}s", name),
                CelPlane.Element(body),
                Cancel
            );
            return true;
        }
        catch (ClusterException e) when (e.Status == 422)
        {
            return false;
        }
    }

    private static string Definition(string name, string expression)
    {
        var rule = expression
            .Replace("metadata.generation", "self.spec.generation", StringComparison.Ordinal)
            .Replace("status.", "self.status.", StringComparison.Ordinal)
            .Replace("c.self.status", "c.status", StringComparison.Ordinal);
        return """
            apiVersion: apiextensions.k8s.io/v1
            kind: CustomResourceDefinition
            metadata: {name: NAMEs.GROUP}
            spec:
              group: GROUP
              scope: Cluster
              names: {kind: NAME, plural: NAMEs, singular: NAME, listKind: NAMEList}
              versions:
              - name: v1
                served: true
                storage: true
                schema:
                  openAPIV3Schema:
                    type: object
                    x-kubernetes-validations: [{rule: "RULE"}]
                    properties:
                      spec: {type: object, properties: {generation: {type: integer}}}
                      status:
                        type: object
                        properties:
                          observedGeneration: {type: integer}
                          step: {type: object, properties: {index: {type: integer}}}
                          conditions:
                            type: array
                            maxItems: 20
                            items:
                              type: object
                              properties: {type: {type: string, maxLength: 30}, status: {type: string, maxLength: 30}}
            """.Replace("NAME", name, StringComparison.Ordinal).Replace(
            "GROUP",
            Group,
            StringComparison.Ordinal
        ).Replace("RULE", rule, StringComparison.Ordinal);
    }
}
