using System.Text.Json.Nodes;
using EdgeRelease.Api;
using EdgeRelease.Controller;
using EdgeRelease.Kubernetes;

namespace EdgeRelease.Tests.Swarm;

/// <summary>The reference workloads of the crash plans (R2): v2 and v4 work, v3 fails on every device.</summary>
internal static class Workloads
{
    private static readonly ResourceKey Key = new(World.Namespace, Workload.Release);

    public static IReadOnlyList<Workload> All { get; } =
    [
        new("RollOut", _ => { }),
        new("RollBack", spec => spec["version"] = "v3"),
        new("Abort", _ => { }, new WorkloadAct(IsUnderWay, Annotates(Annotations.Abort, "r1"))),
        new(
            "Gates",
            spec =>
                spec["rollout"]!["steps"]![0] = new JsonObject
                {
                    ["name"] = "first",
                    ["percentage"] = 40,
                    ["soak"] = "2m",
                    ["approval"] = true,
                },
            new WorkloadAct(
                In(Phase.Waiting),
                (world, _) =>
                    world.Annotate(
                        Workload.Release,
                        Annotations.Approve,
                        world.Release(Workload.Release)!.Status!.WaitingFor!.Token
                    )
            )
        ),
        new(
            "Lower",
            spec => spec["rolloutPercentage"] = 100,
            new WorkloadAct(In(Phase.Complete), Edits(spec => spec["rolloutPercentage"] = 40))
        ),
        new(
            "Remove",
            spec =>
            {
                spec.Remove("version");
                spec["remove"] = true;
            }
        ),
        new("DeleteRestore", OnDelete("Restore"), new WorkloadAct(In(Phase.Complete), Deletes)),
        new("DeleteRemove", OnDelete("Remove"), new WorkloadAct(In(Phase.Complete), Deletes)),
        new(
            "Retry",
            spec => spec["version"] = "v3",
            new WorkloadAct(
                In(Phase.RolledBack),
                (world, plant) =>
                {
                    foreach (var device in plant.Application.Devices)
                    {
                        device.SetOutcome("v3", Simulation.Outcome.Works);
                    }

                    world.Annotate(Workload.Release, Annotations.Retry, "r1");
                }
            )
        ),
        new("Supersede", _ => { }, new WorkloadAct(IsUnderWay, Edits(spec => spec["version"] = "v4"))),
        new(
            "Drift",
            spec => spec["policy"] = new JsonObject { ["drift"] = "Correct" },
            new WorkloadAct(In(Phase.Complete), (_, plant) => plant.Write(plant.Application.Devices[0], "v1"))
        ),
        new(
            "Members",
            spec => spec["policy"] = new JsonObject { ["onLeave"] = "Restore" },
            new WorkloadAct(
                In(Phase.Complete),
                (_, plant) =>
                {
                    plant.Add(new Simulation.DeviceSetup { Name = "joiner", Tags = [new("line", "a")] }, "v1");
                    plant.Touch(plant.Application.Devices[1]);
                    plant.Application.Devices[1].Retag([new("line", "b")]);
                }
            )
        ),
        new(
            "Lost",
            spec => spec["health"]!["confirm"] = "20s",
            new WorkloadAct(
                (_, _) => true,
                (_, plant) => plant.Application.Devices[2].SetOutcome("v2", Simulation.Outcome.BricksConnection)
            )
        ),
        new("Takeover", _ => { }, new WorkloadAct(IsUnderWay, TakesOver)),
        new("BundleBack", spec => spec["version"] = "v3") { IsEmbedded = true },
        new("Turns", _ => { }) { IsEmbedded = true, IsDouble = true },
        new(
            "Export",
            spec =>
                spec["embedded"] = new JsonObject
                {
                    ["exportCanary"] = new JsonObject { ["callbackUrl"] = "https://bench.example/hook" },
                }
        )
        {
            IsEmbedded = true,
        },
    ];

    private static bool IsTold(Simulation.SimulatedDevice device) => device.Rows[0].State.Desired != "v1";

    private static bool IsUnderWay(World world, Plant plant) =>
        world.Release(Workload.Release)?.Status?.Revision == 1 && plant.Application.Devices.Any(IsTold);

    private static Func<World, Plant, bool> In(Phase phase) =>
        (world, _) => world.Release(Workload.Release)?.Status?.Phase == phase;

    private static Action<World, Plant> Annotates(string annotation, string value) =>
        (world, _) => world.Annotate(Workload.Release, annotation, value);

    private static Action<World, Plant> Edits(Action<JsonObject> edit) =>
        (world, _) => world.Cluster.Edit(Kinds.Release, Key, root => edit(root["spec"]!.AsObject()));

    private static Action<JsonObject> OnDelete(string policy) =>
        spec => spec["policy"] = new JsonObject { ["onDelete"] = policy };

    private static void Deletes(World world, Plant plant) => world.Cluster.Remove(Kinds.Release, Key);

    private static void TakesOver(World world, Plant plant) =>
        world.Apply(
            "release-2",
            new JsonObject
            {
                ["flow"] = Plot.FlowName,
                ["application"] = "plant-a",
                ["version"] = "v4",
                ["deviceTags"] = new JsonObject { ["line"] = "a" },
                ["rolloutPercentage"] = 100,
                ["limits"] = new JsonObject { ["maxUnavailable"] = "100%" },
                ["health"] = new JsonObject { ["confirm"] = "0s", ["settleTimeout"] = "3m" },
                ["policy"] = new JsonObject { ["priority"] = 5 },
            }
        );
}
