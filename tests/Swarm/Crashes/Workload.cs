using System.Text.Json.Nodes;
using EdgeRelease.Api;
using EdgeRelease.Controller;
using EdgeRelease.Simulation;

namespace EdgeRelease.Tests.Swarm;

/// <summary>One release from its creation to its end, in which nothing is random.</summary>
/// <param name="Name">Its name in plans.</param>
/// <param name="Version">What is rolled out: v2 works, v3 fails on every device.</param>
/// <param name="IsAborted">Whether somebody aborts it once the first device was told.</param>
internal sealed record Workload(string Name, string Version, bool IsAborted)
{
    private const string Release = "release-1";

    public static readonly IReadOnlyList<Workload> All =
    [
        new("RollOut", "v2", false),
        new("RollBack", "v3", false),
        new("Abort", "v2", true),
    ];

    private static readonly Watched Brief = new(TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(10));

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
        var plant = Field(world);
        var referee = new Referee(world, plant);
        world.Connect(plant.Application, TimeSpan.FromSeconds(15), TimeSpan.FromMinutes(1));
        world.Apply(Release, Spec());
        world.Border = border;
        world.Start();
        world.Run(TimeSpan.FromMilliseconds(5));
        if (border.IsRelieved)
        {
            world.Start(new Random(3));
        }

        if (IsAborted)
        {
            Abort(world, plant);
        }

        new Verdicts(world, plant, Brief).Judge(referee);
        return End(world, plant);
    }

    private void Abort(World world, Plant plant)
    {
        bool IsUnderWay() =>
            world.Release(Release)?.Status?.Revision == 1
            && plant.Application.Devices.Any(device => device.FindRow(plant.Flow)!.State.Desired == Version);
        for (var i = 0; i < 600 && !IsUnderWay(); i++)
        {
            world.Run(TimeSpan.FromSeconds(1));
        }

        world.Annotate(Release, Annotations.Abort, "r1");
    }

    private static Plant Field(World world)
    {
        var plant = new Plant(world, Plot.FlowName, ["v1", "v2", "v3"]);
        var apply = TimeSpan.FromSeconds(8);
        for (var i = 1; i <= 5; i++)
        {
            var setup = new DeviceSetup
            {
                Name = $"gateway-{i}",
                Behaviour = new DeviceBehaviour { ApplyLatency = new Spread(apply, apply) },
            };
            plant.Add(setup, "v1").SetOutcome("v3", Simulation.Outcome.Fails("sensor not found"));
        }

        return plant;
    }

    private JsonObject Spec() =>
        new()
        {
            ["flow"] = Plot.FlowName,
            ["application"] = "plant-a",
            ["version"] = Version,
            ["allDevices"] = true,
            ["rollout"] = new JsonObject
            {
                ["steps"] = new JsonArray(
                    new JsonObject { ["percentage"] = 40 },
                    new JsonObject { ["percentage"] = 100 }
                ),
            },
            ["limits"] = new JsonObject { ["maxUnavailable"] = "100%" },
            ["health"] = new JsonObject
            {
                ["confirm"] = "0s",
                ["settleTimeout"] = "3m",
                ["retryGrace"] = "0s",
            },
        };

    private static string End(World world, Plant plant)
    {
        var devices = plant.Application.Devices.Select(device => (device.Name, device.FindRow(plant.Flow)!.State));
        return string.Join(
            '\n',
            devices
                .Select(each => $"{each.Name} runs {each.State.Current} and should run {each.State.Desired}")
                .Prepend($"{world.Release(Release)!.Status!.Phase}")
        );
    }
}
