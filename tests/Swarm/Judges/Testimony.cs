using System.Text.Json.Nodes;
using EdgeRelease.Controller;
using EdgeRelease.Kubernetes;

namespace EdgeRelease.Tests.Swarm;

/// <summary>What the status of a courtroom says beside what a call needs.</summary>
internal static class Testimony
{
    /// <summary>The operator writes a status.</summary>
    public static void Says(this Courtroom court, Action<JsonObject> status)
    {
        court.World.Cluster.Edit(
            Kinds.Release,
            new ResourceKey(World.Namespace, Courtroom.Name),
            root => status(root["status"]!.AsObject()),
            "status"
        );
        court.Read();
    }

    /// <summary>The status says when the revision ended well.</summary>
    public static void Finished(this Courtroom court, DateTimeOffset at) =>
        court.Status["history"] = new JsonArray(
            new JsonObject
            {
                ["revision"] = 1,
                ["result"] = "Complete",
                ["finishedAt"] = at.ToString("O"),
            }
        );

    /// <summary>A status that is true but for one count.</summary>
    public static void Counts(this Courtroom court, string count, int value)
    {
        court.Status["phase"] = "Waiting";
        court.Status["devices"] = new JsonObject
        {
            ["matched"] = 10,
            ["eligible"] = 10,
            ["waiting"] = count is "updated" or "failed" ? 10 - value : 10,
        };
        court.Status["devices"]![count] = value;
        if (count == "eligible")
        {
            court.Status["devices"]!["waiting"] = value;
        }
    }
}
