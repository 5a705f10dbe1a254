using System.Text;
using System.Text.Json.Nodes;
using EdgeRelease.Api;
using EdgeRelease.Controller;
using EdgeRelease.Simulation;

namespace EdgeRelease.Tests.Unit.Controller;

/// <summary>Credentials, applications and faults of the cluster of a bench.</summary>
internal static class BenchCluster
{
    /// <summary>The Secret of all applications.</summary>
    public static void GiveToken(this Bench bench, string token) =>
        bench.Cluster.Apply(
            new JsonObject
            {
                ["apiVersion"] = "v1",
                ["kind"] = "Secret",
                ["metadata"] = new JsonObject { ["name"] = "losant", ["namespace"] = Bench.Namespace },
                ["data"] = new JsonObject { ["token"] = Convert.ToBase64String(Encoding.UTF8.GetBytes(token)) },
            }
        );

    /// <summary>A LosantApplication.</summary>
    public static void Connect(this Bench bench, string name, string applicationId) =>
        bench.Cluster.Apply(
            new JsonObject
            {
                ["apiVersion"] = ApiGroup.ApiVersion,
                ["kind"] = Kinds.Application.Kind,
                ["metadata"] = new JsonObject { ["name"] = name, ["namespace"] = Bench.Namespace },
                ["spec"] = new JsonObject
                {
                    ["applicationId"] = applicationId,
                    ["tokenSecretRef"] = new JsonObject { ["name"] = "losant", ["key"] = "token" },
                    ["api"] = new JsonObject { ["pollActive"] = "15s", ["pollIdle"] = "1m" },
                },
            }
        );

    /// <summary>Lets a fault befall the next call or watch event that a test means, and no other.</summary>
    public static void Befall(
        this Bench bench,
        Func<ClusterCall, bool> when,
        ClusterFaultKind kind,
        TimeSpan length = default
    )
    {
        var isDone = false;
        var others = bench.Cluster.Fault;
        bench.Cluster.Fault = call =>
        {
            if (isDone || !when(call))
            {
                return others(call);
            }

            isDone = true;
            return new ClusterFault(kind, length);
        };
    }

    /// <summary>What is said on the application.</summary>
    public static LosantApplicationStatus ApplicationStatus(this Bench bench) =>
        ApplicationObject.Of(bench.Cluster.Get(Kinds.Application, Bench.ApplicationKey)!.Value).Status
        ?? new LosantApplicationStatus();
}
