using System.Text.Json.Nodes;
using EdgeRelease.Controller;
using EdgeRelease.Kubernetes;
using EdgeRelease.Simulation;

namespace EdgeRelease.Tests.Swarm;

/// <summary>What the operator works with is taken away for a while: the Secret, the LosantApplication, the API
/// server.</summary>
internal sealed class CutActs(Stage stage)
{
    private (string Client, TimeSpan Length)? _partition;
    private int _malformed;

    public IReadOnlyList<Action> All =>
        [
            () => Lose(ResourceKind.Secret, "losant", "data", Deed.SecretDeleted),
            () => Lose(Kinds.Application, World.ApplicationName, "spec", Deed.ApplicationDeleted),
            Partition,
            Malform,
        ];

    private World World => stage.World;

    /// <summary>What befalls a call of the operator to the API server now.</summary>
    public ClusterFault? Fault(ClusterCall call)
    {
        if (_partition is not { } cut || cut.Client != call.Client)
        {
            return null;
        }

        _partition = null;
        return new ClusterFault(ClusterFaultKind.Partitioned, cut.Length);
    }

    /// <summary>Somebody deletes an object, and makes it again some minutes later.</summary>
    private void Lose(ResourceKind kind, string name, string member, Deed deed)
    {
        var json = JsonObject.Create(World.Cluster.Get(kind, Stage.Key(name))!.Value)!;
        stage.Tell($"delete {kind.Kind} {name}", deed);
        World.Cluster.Remove(kind, Stage.Key(name));
        World.Run(TimeSpan.FromSeconds(stage.Random.Next(1, 500)));
        stage.Tell($"create {kind.Kind} {name}");
        World.Cluster.Apply(
            new JsonObject
            {
                ["apiVersion"] = kind.ApiVersion,
                ["kind"] = kind.Kind,
                ["metadata"] = new JsonObject { ["name"] = name, ["namespace"] = World.Namespace },
                [member] = json[member]!.DeepClone(),
            }
        );
    }

    /// <summary>The leader does not reach the API server, from a third of the lease's length to twice of it; Losant it
    /// reaches.</summary>
    private void Partition()
    {
        if (World.Process is not { } leader)
        {
            return;
        }

        var length = World.Timing.Duration * (stage.Random.Next(10, 61) / 30.0);
        stage.Tell($"the leader does not reach the API server for {length}");
        if (length > World.Timing.Duration)
        {
            stage.Count(Deed.PartitionedBeyondLease);
        }

        _partition = (leader.Name, length);
    }

    /// <summary>An older schema left a LosantApplication that cannot be read.</summary>
    private void Malform()
    {
        var name = $"broken-{++_malformed}";
        stage.Tell($"a malformed LosantApplication {name}", Deed.MalformedObject);
        World.Cluster.Plant(
            new JsonObject
            {
                ["apiVersion"] = Kinds.Application.ApiVersion,
                ["kind"] = Kinds.Application.Kind,
                ["metadata"] = new JsonObject { ["name"] = name, ["namespace"] = World.Namespace },
                ["spec"] = new JsonObject { ["applicationId"] = 7, ["api"] = "fast" },
            }
        );
    }
}
