using System.Text.Json.Nodes;
using EdgeRelease.Controller;
using EdgeRelease.Kubernetes;

namespace EdgeRelease.Tests.Swarm;

/// <summary>What others do to the cluster of a courtroom.</summary>
internal static class Bystanders
{
    /// <summary>Somebody else leads.</summary>
    public static void Lease(this Courtroom court, string holder) =>
        court.World.Cluster.Apply(
            new JsonObject
            {
                ["apiVersion"] = "coordination.k8s.io/v1",
                ["kind"] = "Lease",
                ["metadata"] = new JsonObject { ["name"] = World.Lease.Name, ["namespace"] = World.Lease.Namespace },
                ["spec"] = new JsonObject { ["holderIdentity"] = holder },
            }
        );

    /// <summary>The application was frozen some minutes ago.</summary>
    public static void Freeze(this Courtroom court, string scope) =>
        court.Rail("frozen", new JsonObject { ["scope"] = scope, ["reason"] = "a test" });

    /// <summary>The application has this guard since some minutes.</summary>
    public static void Guard(this Courtroom court, JsonObject guard) => court.Rail("guard", guard);

    private static void Rail(this Courtroom court, string member, JsonObject value)
    {
        court.World.Cluster.Edit(
            Kinds.Application,
            new ResourceKey(World.Namespace, "plant-a"),
            root => root["spec"]![member] = value
        );
        court.World.Run(TimeSpan.FromMinutes(5));
    }

    /// <summary>Another release of the same devices.</summary>
    public static void Beside(this Courtroom court, string name, int priority) =>
        court.World.Apply(name, CourtroomObjects.Spec(priority));

    /// <summary>The operator has seen so many devices.</summary>
    public static void Observed(this Courtroom court, int devices) =>
        court.World.Cluster.Edit(
            Kinds.Application,
            new ResourceKey(World.Namespace, "plant-a"),
            root => root["status"] = new JsonObject { ["observation"] = new JsonObject { ["devices"] = devices } },
            "status"
        );
}
