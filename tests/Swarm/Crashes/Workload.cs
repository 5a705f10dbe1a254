using System.Text.Json.Nodes;
using EdgeRelease.Api;
using EdgeRelease.Controller;
using EdgeRelease.Kubernetes;
using EdgeRelease.Simulation;

namespace EdgeRelease.Tests.Swarm;

/// <summary>What somebody does once the release says something.</summary>
/// <param name="When">What it says; the status is null before there is one.</param>
/// <param name="Does">What is done.</param>
internal sealed record WorkloadAct(Func<World, Plant, bool> When, Action<World, Plant> Does);

/// <summary>One release from its creation to its end, in which nothing is random.</summary>
/// <param name="Name">Its name in plans.</param>
/// <param name="Shape">Changes the spec, which brings v2 to five devices in steps of 40 and 100 %.</param>
/// <param name="Acts">What people do, one after the other.</param>
internal sealed record Workload(string Name, Action<JsonObject> Shape, params IReadOnlyList<WorkloadAct> Acts)
{
    public const string Release = "release-1";
    private const string Valve = "valve";

    private static readonly Watched Brief = new(TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(10));

    /// <summary>Whether the devices are microcontrollers, with a second flow in the same bundles.</summary>
    public bool IsEmbedded { get; init; }

    /// <summary>Whether the second flow is released at the same time.</summary>
    public bool IsDouble { get; init; }

    /// <summary>How it ends, and how many calls the first replica makes, when nothing happens.</summary>
    public (string End, int Calls) Undisturbed()
    {
        using var world = new World(1) { IsSteady = true };
        var border = new Border(world, null);
        var end = Run(world, border);
        return (end, border.Calls);
    }

    /// <summary>Plays it with one interruption.</summary>
    /// <param name="plan">The interruption.</param>
    /// <param name="wanted">The end when nothing happens.</param>
    /// <returns>What is wrong; null for nothing.</returns>
    public string? Play(CrashPlan plan, string wanted)
    {
        using var world = new World(1) { IsSteady = true };
        try
        {
            var border = new Border(world, plan);
            var end = Run(world, border);
            return !border.HasStruck ? $"only {border.Calls} calls were made"
                : end != wanted ? $"it ended as\n{end}\nnot as\n{wanted}"
                : null;
        }
        catch (Violation violation)
        {
            return violation.Message;
        }
        catch (InvalidOperationException crash)
        {
            return crash.ToString();
        }
    }

    private string Run(World world, Border border)
    {
        var plants = Field(world);
        var plant = plants[0];
        var referees = plants.Select(each => new Referee(world, each)).ToList();
        var (bundles, exports) = (new BundleJudge(world, plant.Application), new ExportJudge(world, plant));
        world.Connect(plant.Application, TimeSpan.FromSeconds(15), TimeSpan.FromMinutes(1));
        var spec = Spec();
        Shape(spec);
        world.Apply(Release, spec);
        if (IsDouble)
        {
            var other = Spec();
            other["flow"] = Valve;
            world.Apply("release-2", other);
        }

        border.Surround(world);
        world.Start();
        world.Run(TimeSpan.FromMilliseconds(5));
        for (var i = 0; i < border.Standbys; i++)
        {
            world.Start(new Random(3 + i));
        }

        foreach (var act in Acts)
        {
            Violation.If(
                !world.RunUntil(() => act.When(world, plant), TimeSpan.FromHours(1)),
                "I19",
                $"never came to an act: {world.Release(Release)?.Status?.Phase} {world.Release(Release)?.Status?.Message}"
            );
            act.Does(world, plant);
        }

        foreach (var (each, referee) in plants.Zip(referees))
        {
            new Verdicts(world, each, Brief).Judge(referee);
        }

        var broken = bundles.Found ?? exports.Found;
        return broken is null ? End(world, plants) : throw new Violation("bundles", broken);
    }

    /// <summary>The flow on five devices; of microcontrollers also the second flow.</summary>
    private IReadOnlyList<Plant> Field(World world)
    {
        IReadOnlyList<string> versions = ["v1", "v2", "v3", "v4"];
        if (!IsEmbedded)
        {
            var field = new Plant(world, Plot.FlowName, versions);
            AddDevices(field);
            return [field];
        }

        var application = world.Losant.AddApplication("plant");
        var touched = new Dictionary<string, DateTimeOffset>();
        var plants = new[] { Plot.FlowName, Valve }
            .Select(flow => new Plant(world, application, new FlowSetup(flow) { FlowClass = "embedded" }, versions)
            {
                Touched = touched,
            })
            .ToList();
        AddDevices(plants[0]);
        foreach (var device in application.Devices)
        {
            application.Install(device, plants[1].Flow, "v1");
        }

        return plants;
    }

    private static void AddDevices(Plant plant)
    {
        var apply = TimeSpan.FromSeconds(8);
        for (var i = 1; i <= 5; i++)
        {
            var setup = new DeviceSetup
            {
                Name = $"gateway-{i}",
                Tags = [new("line", "a")],
                Behaviour = new DeviceBehaviour { ApplyLatency = new Spread(apply, apply) },
            };
            plant.Add(setup, "v1").SetOutcome("v3", Simulation.Outcome.Fails("sensor not found"));
        }
    }

    private static JsonObject Spec() =>
        new()
        {
            ["flow"] = Plot.FlowName,
            ["application"] = "plant-a",
            ["version"] = "v2",
            ["deviceTags"] = new JsonObject { ["line"] = "a" },
            ["rollout"] = new JsonObject
            {
                ["steps"] = new JsonArray(
                    new JsonObject { ["name"] = "first", ["percentage"] = 40 },
                    new JsonObject { ["name"] = "all", ["percentage"] = 100 }
                ),
            },
            ["limits"] = new JsonObject { ["maxUnavailable"] = "100%" },
            ["health"] = new JsonObject
            {
                ["confirm"] = "0s",
                ["settleTimeout"] = "3m",
                ["retryGrace"] = "0s",
                ["lostAfter"] = "3m",
            },
        };

    private static string End(World world, IReadOnlyList<Plant> plants)
    {
        var devices = plants.SelectMany(plant =>
            plant.Application.Devices.Select(device => (device.Name, device.FindRow(plant.Flow)?.State))
        );
        var releases = world.Cluster.All(Kinds.Release).Select(ReleaseObject.Of);
        return string.Join(
            '\n',
            releases
                .Select(release => $"{release.Key.Name} {release.Status?.Phase}")
                .Concat(
                    devices.Select(each =>
                        $"{each.Name} runs {each.State?.Current} and should run {each.State?.Desired}"
                    )
                )
        );
    }
}
