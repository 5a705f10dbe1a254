using System.Text.Json.Nodes;
using EdgeRelease.Kubernetes;

namespace EdgeRelease.Tests.Swarm;

/// <summary>The objects of a courtroom as JSON.</summary>
internal static class CourtroomObjects
{
    /// <summary>Steps of 20 and 100 % with a soak, two devices at a time.</summary>
    public static JsonObject Spec(int priority = 0) =>
        new()
        {
            ["flow"] = Plot.FlowName,
            ["version"] = "v2",
            ["deviceTags"] = new JsonObject { ["line"] = "a" },
            ["rollout"] = new JsonObject
            {
                ["steps"] = new JsonArray(
                    new JsonObject
                    {
                        ["name"] = "first",
                        ["percentage"] = 20,
                        ["soak"] = "5m",
                    },
                    new JsonObject { ["name"] = "all", ["percentage"] = 100 }
                ),
            },
            ["policy"] = new JsonObject { ["priority"] = priority },
            ["limits"] = new JsonObject { ["maxUnavailable"] = 2 },
        };

    public static JsonObject Of(ResourceKind kind, string name, params (string Name, JsonNode? Value)[] members)
    {
        var root = new JsonObject
        {
            ["apiVersion"] = kind.ApiVersion,
            ["kind"] = kind.Kind,
            ["metadata"] = new JsonObject { ["name"] = name, ["namespace"] = World.Namespace },
        };
        foreach (var (member, value) in members)
        {
            root[member] = value;
        }

        return root;
    }
}
