using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using EdgeRelease.Api;
using EdgeRelease.Kubernetes;

namespace EdgeRelease.Controller;

/// <summary>Says on an object that it cannot be read. Its other members stay as they are.</summary>
internal static class Malformed
{
    public static async Task ReportAsync(
        ICluster cluster,
        JsonElement json,
        string message,
        TimeProvider time,
        CancellationToken cancel
    )
    {
        var generation = json.GetProperty("metadata").TryGetProperty("generation", out var number)
            ? number.GetInt64()
            : 0;
        var edited = ResourceJson.Edited(json, root => Mark(root, generation, message, time.GetUtcNow()));
        if (JsonElement.DeepEquals(edited, json))
        {
            return;
        }

        try
        {
            await cluster.ReplaceAsync(Kinds.Release, edited, "status", cancel);
        }
        catch (ClusterException e) when (e.IsConflict || e.Status is 404 or 422)
        {
            // A newer object comes by the watch; one that the schema refuses cannot carry a status.
        }
    }

    private static void Mark(JsonObject root, long generation, string message, DateTimeOffset now)
    {
        var status = root["status"] as JsonObject ?? [];
        root["status"] = status;
        if (status["observedGeneration"]?.ToString() == generation.ToString(CultureInfo.InvariantCulture))
        {
            return;
        }

        var at = now.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
        status["observedGeneration"] = generation;
        status["phase"] = nameof(Phase.Blocked);
        status["message"] = $"the spec cannot be read: {message}";
        status["conditions"] = new JsonArray(
            Condition(ConditionTypes.Ready, "False", message, at, generation),
            Condition(ConditionTypes.Stalled, "True", message, at, generation)
        );
    }

    private static JsonObject Condition(string type, string status, string message, string at, long generation) =>
        new()
        {
            ["type"] = type,
            ["status"] = status,
            ["reason"] = Reasons.InvalidSpec,
            ["message"] = message,
            ["lastTransitionTime"] = at,
            ["observedGeneration"] = generation,
        };
}
