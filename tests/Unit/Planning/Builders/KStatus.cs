using System.Text.Json;
using System.Text.Json.Nodes;
using EdgeRelease.Api;

namespace EdgeRelease.Tests.Unit.Planning.Builders;

/// <summary>What kstatus (cli-utils, Flux, kubectl-based tools) makes of an object of a kind that it does not know.
/// Written after its rules: deletion, generation, Reconciling and Stalled in the order of the list, Ready, else
/// Current.</summary>
internal static class KStatus
{
    public static string Of(EdgeReleaseStatus status, long generation, bool isDeleted = false)
    {
        var metadata = new JsonObject { ["generation"] = generation };
        if (isDeleted)
        {
            metadata["deletionTimestamp"] = "2026-11-22T09:00:00Z";
        }

        return Of(
            new JsonObject
            {
                ["metadata"] = metadata,
                ["status"] = JsonSerializer.SerializeToNode(status, ApiJson.Default.EdgeReleaseStatus),
            }
        );
    }

    public static string Of(JsonObject thing)
    {
        if (!string.IsNullOrEmpty((string?)thing["metadata"]!["deletionTimestamp"]))
        {
            return "Terminating";
        }

        var observed = (long?)thing["status"]?["observedGeneration"];
        if (observed is not null && observed != (long?)thing["metadata"]!["generation"])
        {
            return "InProgress";
        }

        var conditions = thing["status"]?["conditions"]?.AsArray() ?? [];
        foreach (var condition in conditions)
        {
            switch (((string?)condition!["type"], (string?)condition["status"]))
            {
                case ("Reconciling", "True"):
                    return "InProgress";
                case ("Stalled", "True"):
                    return "Failed";
            }
        }

        var ready = conditions.FirstOrDefault(condition => (string?)condition!["type"] == "Ready");
        return (string?)ready?["status"] is "False" or "Unknown" ? "InProgress" : "Current";
    }
}
