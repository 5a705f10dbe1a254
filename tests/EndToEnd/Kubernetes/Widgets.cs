using System.Text.Json;
using System.Text.Json.Nodes;
using EdgeRelease.Kubernetes;
using Xunit;

namespace EdgeRelease.Tests.EndToEnd.Kubernetes;

/// <summary>A custom resource of these tests, with a status and without a strict schema; and ConfigMaps.</summary>
internal static class Widgets
{
    public static readonly ResourceKind Kind = new("tests.example.com", "v1", "widgets", "Widget");

    private static readonly ResourceKind Definitions = new(
        "apiextensions.k8s.io",
        "v1",
        "customresourcedefinitions",
        "CustomResourceDefinition"
    );

    private const string Definition = """
        {
          "apiVersion": "apiextensions.k8s.io/v1",
          "kind": "CustomResourceDefinition",
          "metadata": {"name": "widgets.tests.example.com"},
          "spec": {
            "group": "tests.example.com",
            "scope": "Namespaced",
            "names": {"kind": "Widget", "plural": "widgets", "singular": "widget"},
            "versions": [{
              "name": "v1", "served": true, "storage": true, "subresources": {"status": {}},
              "schema": {"openAPIV3Schema": {"type": "object", "x-kubernetes-preserve-unknown-fields": true}}
            }]
          }
        }
        """;

    /// <summary>Makes the server serve widgets.</summary>
    public static async Task InstallAsync(ICluster cluster)
    {
        var cancel = TestContext.Current.CancellationToken;
        try
        {
            await cluster.CreateAsync(Definitions, JsonElement.Parse(Definition), cancel);
        }
        catch (ClusterException e) when (e.IsConflict) { }
        await Eventually.HoldsAsync(async () =>
        {
            try
            {
                await cluster.ListAsync(Kind, new ListOptions(), cancel);
                return true;
            }
            catch (ClusterException)
            {
                return false;
            }
        });
    }

    public static JsonElement Widget(string ns, string name, JsonNode? size = null) =>
        ResourceJson.Element(
            new JsonObject
            {
                ["apiVersion"] = Kind.ApiVersion,
                ["kind"] = Kind.Kind,
                ["metadata"] = new JsonObject { ["name"] = name, ["namespace"] = ns },
                ["spec"] = new JsonObject { ["size"] = size ?? 1 },
            }
        );

    public static JsonElement ConfigMap(string ns, string name, string value = "") =>
        ResourceJson.Element(
            new JsonObject
            {
                ["apiVersion"] = "v1",
                ["kind"] = "ConfigMap",
                ["metadata"] = new JsonObject
                {
                    ["name"] = name,
                    ["namespace"] = ns,
                    ["labels"] = new JsonObject { ["tests.example.com/sample"] = "true" },
                },
                ["data"] = new JsonObject { ["value"] = value },
            }
        );

    public static string Value(JsonElement configMap) =>
        configMap.GetProperty("data").GetProperty("value").GetString()!;

    public static JsonElement WithValue(JsonElement configMap, string value) =>
        ResourceJson.Edited(configMap, root => root["data"]!["value"] = value);
}
