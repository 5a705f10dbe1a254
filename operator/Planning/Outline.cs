using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using EdgeRelease.Api;

namespace EdgeRelease.Planning;

/// <summary>What is going to happen, before anything moves (F092, rule 41).</summary>
internal static class Outline
{
    private const int DevicesNamed = 10;
    private const int NodesNamed = 20;

    public static PlanStatus Of(Scene scene)
    {
        var sizes = Share.Sizes(scene.Fleet, scene.Wanted, scene.Steps);
        var steps = scene
            .Steps.Select(
                (step, index) =>
                    new PlannedStep
                    {
                        Name = string.IsNullOrEmpty(step.Name) ? null : step.Name,
                        Devices = sizes[index],
                    }
            )
            .ToList();
        var outline = new PlanStatus
        {
            Excluded = scene.Fleet.Excluded,
            Warnings = [.. Warnings(scene).Select(warning => Line.Of(warning, Line.Message))],
            Steps = steps,
            Coverage = Strata.Coverage(scene),
            CustomNodes =
            [
                .. scene
                    .Wanted.CustomNodes.Take(NodesNamed)
                    .Select(node => new PlannedNode
                    {
                        Name = node.Name,
                        Version = node.Version,
                        MinimumAgentVersion = node.MinimumAgentVersion,
                    }),
            ],
            FirstDevices = First(scene, steps[0].Devices),
        };
        return outline with { Hash = Hash(scene, outline) };
    }

    /// <summary>The first of the first step by rank; those that run the version already do not move.</summary>
    private static IReadOnlyList<string> First(Scene scene, int size) =>
        [
            .. Share
                .Of(scene.Fleet, scene.Wanted, scene.Steps, 0)
                .Devices.Take(size)
                .Where(device => !device.Standing.IsAdopted)
                .Take(DevicesNamed)
                .Select(device => device.Id.ToString()),
        ];

    private static IEnumerable<string> Warnings(Scene scene)
    {
        var unknown = scene.Fleet.UnknownIds;
        if (unknown.Count > 0)
        {
            yield return $"Losant does not list {unknown.Count} of spec.deviceIds: {Names.Of(unknown)}";
        }

        if (scene.Wanted.Spec.Health.Offline == OfflinePolicy.Arm)
        {
            yield return "health.offline: Arm sends offline devices a version that is not proven; they take it unwatched "
                + "when they return";
        }

        if (scene.Wanted.Steps[^1] is { Approval: true } last)
        {
            yield return $"approval says nothing on {last.Name}, the last step: nothing follows that it could hold";
        }

        if (Predecessors.Gone(scene) is { } gone)
        {
            yield return gone;
        }

        if (Whole(scene) is { } whole)
        {
            yield return whole;
        }

        if (scene.Fleet.Excluded.GetValueOrDefault("AgentUnknown") is > 0 and var silent)
        {
            yield return $"{Names.Count(silent)} left out because the agent never reported its version and "
                + $"{scene.Wanted.VersionWord} needs {scene.Wanted.MinimumAgentVersion} or newer";
        }
    }

    /// <summary>That whole groups of more than one device may be away at once; null when none may.</summary>
    private static string? Whole(Scene scene)
    {
        var limits = Groups.All(scene.Wanted);
        return limits.Select(limit => Whole(scene, limit, limits)).FirstOrDefault(warning => warning is not null);
    }

    private static string? Whole(Scene scene, Groups limit, IReadOnlyList<Groups> limits)
    {
        var whole = scene
            .Fleet.Eligible.SelectMany(device => limit.Of(device.Seen).Select(name => (name, device)))
            .GroupBy(pair => pair.name, pair => pair.device, StringComparer.Ordinal)
            .Select(group => (Name: group.Key, Devices: group.ToList()))
            .Where(group => group.Devices.Count > 1 && limits.All(other => other.Allows(group.Devices)))
            .OrderBy(group => group.Name, StringComparer.Ordinal)
            .ToList();
        return whole.Count == 0
            ? null
            : $"{limit.Setting} {limit.Most} lets every device of a group be away at once: in "
                + $"{Names.Count(whole.Count, "group")}, first {whole[0].Name} with {Names.Count(whole[0].Devices.Count)}";
    }

    private static string Hash(Scene scene, PlanStatus outline)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{scene.Wanted.VersionWord}\n{scene.Wanted.FlowVersionId}\n");
        foreach (var step in outline.Steps)
        {
            text.Append(CultureInfo.InvariantCulture, $"{step.Name}={step.Devices}\n");
        }

        foreach (var (reason, devices) in outline.Excluded)
        {
            text.Append(CultureInfo.InvariantCulture, $"{reason}={devices}\n");
        }

        text.AppendJoin('\n', outline.FirstDevices);
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())))[..8];
    }
}
