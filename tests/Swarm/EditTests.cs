using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json.Nodes;
using EdgeRelease.Controller;
using EdgeRelease.Simulation;

namespace EdgeRelease.Tests.Swarm;

/// <summary>R6: whoever edits a release while it is under way, rightly or wrongly, comes to where a new release of the last
/// spec would have come: the devices are alike, so their number counts; one that is on its way back is not waited for when
/// others are as good. EDGERELEASE_EDITS and EDGERELEASE_SWARM_SEED choose how many and which.</summary>
public sealed class EditTests
{
    private const int Many = 150;
    private const string Name = "release-1";

    private static readonly Watched Brief = new(TimeSpan.FromMinutes(6), TimeSpan.FromMinutes(6));

    [Fact]
    public void Ends_where_a_new_release_of_the_last_spec_ends_whatever_was_edited_before()
    {
        var first = SwarmTests.Number("EDGERELEASE_SWARM_SEED") ?? 1;
        var count = SwarmTests.Number("EDGERELEASE_EDITS") ?? Many;
        var watch = Stopwatch.StartNew();
        var broken = new ConcurrentBag<string>();
        Parallel.For(
            0,
            count,
            SwarmTests.OneThreadEach,
            i =>
            {
                if (Difference(first + i) is { } difference)
                {
                    broken.Add($"seed {first + i}: {difference}");
                }
            }
        );
        Console.Error.WriteLine($"edits: {count} sequences from seed {first} in {watch.Elapsed.TotalSeconds:F0} s");
        Assert.True(
            broken.IsEmpty,
            $"{broken.Count} of {count} ended elsewhere\n{string.Join("\n\n", broken.Order().Take(10))}"
                + "\n\nagain: EDGERELEASE_EDITS=1 EDGERELEASE_SWARM_SEED=<seed>"
        );
    }

    private static string? Difference(int seed)
    {
        var edits = Edits(new Random(seed));
        try
        {
            var edited = End(seed, edits);
            var anew = End(seed, [edits[^1]]);
            return edited == anew ? null : $"{Told(edits)}\nended as\n{edited}\nnot as\n{anew}";
        }
        catch (Violation violation)
        {
            return $"{violation.Message}\n{Told(edits)}";
        }
    }

    private static string Told(IEnumerable<SpecEdit> edits) =>
        string.Join('\n', edits.Select(edit => $"{edit.Before.TotalSeconds:F0} s later {edit.Spec.ToJsonString()}"));

    /// <summary>Some specs, the last of them valid. Only where it covers all devices may others have brought other
    /// versions: a release does not take back what an earlier version of it brought to a device it no longer wants.</summary>
    private static List<SpecEdit> Edits(Random random)
    {
        var last = Spec(random, "v2");
        var coversAll = random.Next(2) == 0;
        if (coversAll)
        {
            last["rolloutPercentage"] = 100;
        }

        return
        [
            .. Enumerable
                .Range(0, random.Next(1, 6))
                .Select(_ => Spec(random, coversAll && random.Next(3) == 0 ? "v4" : "v2"))
                .Select(spec => random.Next(5) == 0 ? Wrong(random, spec) : spec)
                .Append(last)
                .Select(spec => new SpecEdit(TimeSpan.FromSeconds(Math.Pow(10, random.NextDouble() * 2.3)), spec)),
        ];
    }

    private static JsonObject Spec(Random random, string version)
    {
        var spec = new JsonObject
        {
            ["flow"] = Plot.FlowName,
            ["application"] = "plant-a",
            ["version"] = version,
            ["deviceTags"] = new JsonObject { ["line"] = "a" },
            ["rolloutPercentage"] = random.Next(0, 101),
            ["limits"] = new JsonObject { ["maxUnavailable"] = random.Next(2) == 0 ? "100%" : "30%" },
            ["health"] = new JsonObject { ["confirm"] = random.Next(2) == 0 ? "0s" : "10s" },
        };
        if (random.Next(2) == 0)
        {
            var percentage = random.Next(1, 60);
            spec["rollout"] = new JsonObject
            {
                ["steps"] = new JsonArray(
                    new JsonObject
                    {
                        ["name"] = "some",
                        ["percentage"] = percentage,
                        ["soak"] = random.Next(2) == 0 ? "0s" : "30s",
                    },
                    new JsonObject { ["name"] = "more", ["percentage"] = percentage + random.Next(1, 40) },
                    new JsonObject { ["name"] = "all", ["percentage"] = 100 }
                ),
            };
        }

        return spec;
    }

    private static JsonObject Wrong(Random random, JsonObject spec)
    {
        switch (random.Next(4))
        {
            case 0:
                spec["rolloutPercentage"] = 101 + random.Next(100);
                break;
            case 1:
                spec.Remove("version");
                break;
            case 2:
                spec["version"] = "never-published";
                break;
            default:
                spec["remove"] = true;
                break;
        }

        return spec;
    }

    private static string End(int seed, IReadOnlyList<SpecEdit> edits)
    {
        using var world = new World(seed) { IsSteady = true, IsAlone = true };
        var plant = new Plant(world, Plot.FlowName, ["v1", "v2", "v3", "v4"]);
        var apply = TimeSpan.FromSeconds(8);
        for (var i = 1; i <= 3 + (seed % 9); i++)
        {
            plant.Add(
                new DeviceSetup
                {
                    Name = $"gateway-{i}",
                    Tags = [new("line", "a")],
                    Behaviour = new DeviceBehaviour { ApplyLatency = new Spread(apply, apply) },
                },
                "v1"
            );
        }

        var referee = new Referee(world, plant);
        world.Connect(plant.Application, TimeSpan.FromSeconds(15), TimeSpan.FromMinutes(1));
        world.Start();
        foreach (var edit in edits)
        {
            world.Run(edit.Before);
            if (world.Release(Name) is null)
            {
                world.Apply(Name, edit.Spec.DeepClone().AsObject());
            }
            else
            {
                world.Cluster.Edit(Kinds.Release, Stage.Key(Name), root => root["spec"] = edit.Spec.DeepClone());
            }
        }

        new Verdicts(world, plant, Brief).Judge(referee);
        var status = world.Release(Name)!.Status!;
        var devices = plant
            .Application.Devices.Select(device => device.FindRow(plant.Flow)!.State)
            .GroupBy(row => $"run {row.Current} and should run {row.Desired}", StringComparer.Ordinal)
            .OrderBy(group => group.Key, StringComparer.Ordinal)
            .Select(group => $"{group.Count()} {group.Key}");
        return string.Join('\n', devices.Prepend($"{status.Phase} {status.Message}"));
    }

    /// <summary>A spec, and how long after the one before.</summary>
    private sealed record SpecEdit(TimeSpan Before, JsonObject Spec);
}
