using System.Text.Json.Nodes;
using EdgeRelease.Controller;
using EdgeRelease.Kubernetes;
using EdgeRelease.Simulation;

namespace EdgeRelease.Tests.Swarm;

/// <summary>What the acts of a plot share: the world, the field, the releases and the randomness.</summary>
internal sealed class Stage
{
    private readonly Dictionary<string, VirtualProcess> _replicas = [];
    private int _added;

    public Stage(World world)
        : this(
            world,
            new Plant(world, Plot.FlowName, Versions)
            {
                Guard = world.Random.Next(6) == 0 ? new Dictionary<string, string> { ["ring"] = "field" } : [],
            }
        ) { }

    public Stage(World world, Plant plant)
    {
        World = world;
        Menu = new Menu(world.Random);
        Plant = plant;
    }

    public static IReadOnlyList<string> Versions { get; } = ["v1", "v2", "v3", "v4", "v5"];

    public World World { get; }

    public Random Random => World.Random;

    public Menu Menu { get; }

    public Plant Plant { get; }

    public List<string> Told { get; } = [];

    /// <summary>The names of the releases, deleted ones included.</summary>
    public List<string> Names { get; } = [];

    public SimulatedDevice AddDevice()
    {
        var setup = Menu.Device(++_added);
        var version = Random.Next(12) == 0 ? null : Versions[Random.Next(3) == 0 ? 1 : 0];
        return Plant.Add(setup, version is null || Plant.Flow.FindVersion(version) is null ? null : version);
    }

    /// <summary>Windows around now.</summary>
    public JsonObject Schedule()
    {
        var schedule = Menu.Schedule(World.Time.Now);
        if (schedule["windows"]!.AsArray().Any(window => window!["timeZoneTag"] is not null))
        {
            Count(Deed.LocalWindows);
        }

        return schedule;
    }

    public SimulatedDevice AnyDevice() => Any(Plant.Application.Devices);

    public T Any<T>(IReadOnlyList<T> items) => items[Random.Next(items.Count)];

    public static ResourceKey Key(string name) => new(World.Namespace, name);

    public void Tell(string what) => Told.Add($"{World.Time.Now:HH:mm:ss} {what}");

    /// <summary>How often each deed was done.</summary>
    public Dictionary<Deed, long> Deeds { get; } = [];

    public void Tell(string what, Deed deed)
    {
        Tell(what);
        Count(deed);
    }

    public void Count(Deed deed) => Deeds[deed] = Deeds.GetValueOrDefault(deed) + 1;

    /// <summary>Starts a replica of the operator.</summary>
    public void StartReplica()
    {
        var replica = World.Start();
        _replicas[replica.Name] = replica;
    }

    /// <summary>Counts what nobody does at one moment: who failed after all, and how often a replica took over from one
    /// that is still alive.</summary>
    public void CountConsequences()
    {
        var late = Plant.Application.Devices.Count(device =>
            device.FindRow(Plant.Flow)?.State.Logs.Any(log => log.Error == Menu.LateError) == true
        );
        Deeds[Deed.FailedAfterRunning] = late;
        var leader = "";
        foreach (var write in World.Cluster.Record.Where(write => write.Kind == ResourceKind.Lease))
        {
            var holder = write.After.GetProperty("spec").GetProperty("holderIdentity").GetString()!;
            if (holder != leader && _replicas.TryGetValue(leader, out var before) && !before.IsDead)
            {
                Count(Deed.LedByTwo);
            }

            leader = holder;
        }
    }

    /// <summary>Changes the object of a release, which must exist.</summary>
    public void Edit(string name, Action<System.Text.Json.Nodes.JsonObject> edit) =>
        World.Cluster.Edit(Kinds.Release, Key(name), edit);
}
