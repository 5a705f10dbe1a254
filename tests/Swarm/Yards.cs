using System.Text.Json.Nodes;
using EdgeRelease.Simulation;

namespace EdgeRelease.Tests.Swarm;

/// <summary>In every sixth world one or two further applications with a small fleet and a release each: the same operator
/// moves them, with tokens of their own, while everything happens to the first one (R1, I16).</summary>
internal sealed class Yards
{
    private readonly List<Stage> _stages = [];
    private readonly List<ReleaseActs> _releases = [];

    public Yards(World world, int seed)
    {
        var random = new Random(seed ^ 0x7a2d);
        var count = random.Next(6) == 0 ? random.Next(1, 3) : 0;
        for (var i = 1; i <= count; i++)
        {
            var name = $"yard-{i}";
            var application = world.Losant.AddApplication(name);
            var plant = new Plant(world, application, new FlowSetup($"pump-of-{name}"), Stage.Versions)
            {
                ObjectName = name,
            };
            var stage = new Stage(world, plant);
            for (var devices = random.Next(2, 7); devices > 0; devices--)
            {
                stage.AddDevice();
            }

            world.Connect(
                application,
                new JsonObject
                {
                    ["api"] = new JsonObject { ["pollActive"] = "30s", ["pollIdle"] = "2m" },
                },
                name
            );
            _stages.Add(stage);
            _releases.Add(new ReleaseActs(stage));
        }
    }

    /// <summary>What is in the field of each.</summary>
    public IEnumerable<Plant> Plants => _stages.Select(stage => stage.Plant);

    /// <summary>What was done.</summary>
    public IEnumerable<string> Told => _stages.SelectMany(stage => stage.Told);

    /// <summary>What people may do to them.</summary>
    public IEnumerable<Action> Acts =>
        _releases.SelectMany(releases => new Action[] { releases.Change }.Concat(releases.All));

    /// <summary>Creates the releases.</summary>
    public void Begin()
    {
        foreach (var (stage, releases) in _stages.Zip(_releases))
        {
            releases.Create($"release-of-{stage.Plant.ObjectName}");
        }
    }

    /// <summary>Devices keep still, and nobody holds the releases by annotation.</summary>
    public void Calm()
    {
        _stages.ForEach(stage => new FieldActs(stage).KeepStill());
        _releases.ForEach(releases => releases.End());
    }
}
