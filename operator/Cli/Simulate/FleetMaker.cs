using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using EdgeRelease.Api;
using EdgeRelease.Simulation;

namespace EdgeRelease.Cli;

/// <summary>Makes the devices that a release asks for: each matches its selectors, some are in its rings, and the tags of its
/// groups and strata have several values.</summary>
[SuppressMessage("Security", "CA5394:Do not use insecure randomness", Justification = "A simulation must repeat.")]
internal static class FleetMaker
{
    /// <summary>What every device runs before.</summary>
    public const string Before = "before";

    private const int RingEvery = 20;
    private const int GroupSize = 5;
    private const int Values = 3;

    /// <summary>Reports at any moment would have the operator send one device at a time, at no other pace.</summary>
    private static readonly TimeSpan Reports = TimeSpan.FromSeconds(10);

    private static readonly Spread Latency = new(TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(30));

    /// <summary>Adds an application with the release's flow and devices.</summary>
    /// <param name="losant">The simulated Losant.</param>
    /// <param name="scenario">What is played.</param>
    /// <param name="random">Who fails, who is offline.</param>
    /// <returns>The application and the flow.</returns>
    public static (SimulatedApplication Application, SimulatedFlow Flow) Make(
        SimulatedLosant losant,
        Scenario scenario,
        Random random
    )
    {
        var spec = scenario.Release.Spec;
        var application = losant.AddApplication("simulated");
        var isId = Observation.DeviceId.TryParse(spec.Flow, out _);
        var setup = new FlowSetup(spec.Flow) { Id = isId ? spec.Flow : null };
        var flow = application.AddFlow(scenario.IsEmbedded ? setup with { FlowClass = "embedded" } : setup);
        flow.AddVersion(Before);
        if (!spec.Remove && spec.Version != Before)
        {
            flow.AddVersion(spec.Version!);
        }

        for (var number = 0; number < scenario.Devices; number++)
        {
            var device = application.AddDevice(
                new DeviceSetup
                {
                    Id = number < spec.DeviceIds.Count ? spec.DeviceIds[number] : null,
                    Name = $"{scenario.DeviceName}-{(number + 1).ToString("0000", CultureInfo.InvariantCulture)}",
                    DeviceClass = scenario.IsEmbedded ? "embedded" : "edgeCompute",
                    Tags = [.. Tags(scenario, number)],
                    Connected = random.NextDouble() >= scenario.Offline,
                    Behaviour = new DeviceBehaviour { ApplyLatency = Latency, ReportsEvery = Reports },
                }
            );
            application.Install(device, flow, Before);
            if (random.NextDouble() < scenario.Failing)
            {
                device.SetOutcome(spec.Remove ? null : spec.Version, Outcome.Fails("it does not start"));
            }
        }

        return (application, flow);
    }

    private static Dictionary<string, string> Tags(Scenario scenario, int number)
    {
        var (spec, guard) = (scenario.Release.Spec, scenario.Application?.Guard);
        var tags = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (key, value) in Ring(spec, number))
        {
            tags[key] = value;
        }

        foreach (var expression in spec.DeviceTagExpressions)
        {
            Match(tags, expression, number);
        }

        foreach (var (key, value) in (guard?.DeviceTags ?? NoTags).Concat(spec.DeviceTags))
        {
            tags[key] = value;
        }

        foreach (var limit in new[] { spec.Limits.PerGroup, guard?.PerGroup }.OfType<GroupLimitSpec>())
        {
            tags.TryAdd(limit.Tag, $"{limit.Tag}-{(number / GroupSize) + 1}");
        }

        foreach (var key in spec.Rollout?.SpreadBy ?? [])
        {
            tags.TryAdd(key, $"{key}-{(number % Values) + 1}");
        }

        return tags;
    }

    private static readonly Dictionary<string, string> NoTags = [];

    /// <summary>One of twenty devices is in each ring.</summary>
    private static IReadOnlyDictionary<string, string> Ring(EdgeReleaseSpec spec, int number)
    {
        var steps = spec.Rollout?.Steps ?? [];
        var rings = steps.Select(step => step.DeviceTags).Where(ring => ring is { Count: > 0 }).ToList();
        return number % RingEvery < rings.Count ? rings[number % RingEvery]! : NoTags;
    }

    private static void Match(Dictionary<string, string> tags, TagExpression expression, int number)
    {
        switch (expression.Operator)
        {
            case TagOperator.In:
                tags[expression.Key] = expression.Values[number % expression.Values.Count];
                break;
            case TagOperator.Exists:
                tags.TryAdd(expression.Key, "any");
                break;
            default:
                tags.Remove(expression.Key);
                break;
        }
    }
}
