using EdgeRelease.Api;
using EdgeRelease.Controller;
using EdgeRelease.Simulation;

namespace EdgeRelease.Tests.Unit.Controller;

/// <summary>Microcontrollers and several releases on a bench.</summary>
internal static class EmbeddedBench
{
    /// <summary>A flow of the application with versions v1 and v2.</summary>
    public static SimulatedFlow AddFlow(this Bench bench, string name, string flowClass = "embedded")
    {
        var flow = bench.Application.AddFlow(new FlowSetup(name) { FlowClass = flowClass });
        flow.AddVersion("v1");
        flow.AddVersion("v2");
        return flow;
    }

    /// <summary>Microcontrollers that run v1 of flows.</summary>
    public static void AddBoards(this Bench bench, int count, params SimulatedFlow[] flows)
    {
        for (var i = 0; i < count; i++)
        {
            var device = bench.Application.AddDevice(
                new DeviceSetup { DeviceClass = "embedded", Tags = [new("line", "a")] }
            );
            foreach (var flow in flows)
            {
                bench.Application.Install(device, flow, "v1");
            }
        }
    }

    public static bool IsComplete(this Bench bench, string name) => bench.StatusOf(name)?.Phase == Phase.Complete;

    /// <summary>The reason of the release's condition Ready.</summary>
    public static string? ReadyOf(this Bench bench, string name) =>
        bench.StatusOf(name)?.Conditions.FirstOrDefault(condition => condition.Type == ConditionTypes.Ready)?.Reason;

    private static EdgeReleaseStatus? StatusOf(this Bench bench, string name) =>
        ReleaseObject.Of(bench.Cluster.Get(Kinds.Release, new(Bench.Namespace, name))!.Value).Status;
}
