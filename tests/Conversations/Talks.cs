using System.Text.Json;
using EdgeRelease.Kubernetes;

namespace EdgeRelease.Tests.Conversations;

/// <summary>The kind that conversations are about: a status subresource, one default in the spec, one in the status,
/// one rule (<c>spec.count</c> is at least 0), and unknown fields kept.</summary>
public static class Talks
{
    public static readonly ResourceKind Kind = new("conversations.example.com", "v1", "talks", "Talk");

    /// <summary>Its CustomResourceDefinition.</summary>
    public const string Definition = """
        {
          "apiVersion": "apiextensions.k8s.io/v1",
          "kind": "CustomResourceDefinition",
          "metadata": {"name": "talks.conversations.example.com"},
          "spec": {
            "group": "conversations.example.com",
            "scope": "Namespaced",
            "names": {"kind": "Talk", "plural": "talks", "singular": "talk"},
            "versions": [{
              "name": "v1", "served": true, "storage": true, "subresources": {"status": {}},
              "schema": {"openAPIV3Schema": {
                "type": "object",
                "properties": {
                  "spec": {
                    "type": "object", "x-kubernetes-preserve-unknown-fields": true,
                    "properties": {"count": {"type": "integer", "minimum": 0, "default": 3}}
                  },
                  "status": {
                    "type": "object", "x-kubernetes-preserve-unknown-fields": true,
                    "properties": {"observedGeneration": {"type": "integer"}},
                    "default": {"observedGeneration": -1}
                  }
                }
              }}
            }]
          }
        }
        """;

    /// <summary>A talk with <c>spec.text</c> "one" and the label app=talk.</summary>
    public static JsonElement Talk(ResourceKey key) =>
        Object(Kind, key, """, "labels": {"app": "talk"}}, "spec": {"text": "one"}""");

    /// <summary>An empty ConfigMap.</summary>
    public static JsonElement ConfigMap(ResourceKey key) => Object(ResourceKind.ConfigMap, key, "}");

    /// <summary>A lease that "one" holds.</summary>
    public static JsonElement Lease(ResourceKey key) =>
        Object(ResourceKind.Lease, key, """}, "spec": {"holderIdentity": "one", "leaseDurationSeconds": 15}""");

    private static JsonElement Object(ResourceKind kind, ResourceKey key, string rest) =>
        JsonElement.Parse(
            $$"""
            {
              "apiVersion": "{{kind.ApiVersion}}", "kind": "{{kind.Kind}}",
              "metadata": {"name": "{{key.Name}}", "namespace": "{{key.Namespace}}"
              {{rest}}
            }
            """
        );
}
