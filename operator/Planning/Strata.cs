using System.Globalization;
using EdgeRelease.Api;
using EdgeRelease.Observation;

namespace EdgeRelease.Planning;

/// <summary>Devices with the same values of the keys of <c>rollout.spreadBy</c>, and how a step takes some of each (F022).</summary>
internal static class Strata
{
    private const string AgentVersion = "agentVersion";
    private const int Characters = 256;

    /// <summary>A device's combination of values; null when nothing is spread.</summary>
    public static string? Of(RolloutSpec? rollout, DeviceRow device) =>
        rollout is { SpreadBy: { Count: > 0 } keys }
            ? string.Join('\n', keys.Select(key => string.Join('\t', Values(key, device))))
            : null;

    /// <summary>Devices in the order in which a step takes them: those with a place, then those of the revision before,
    /// then the others; each time of the stratum that has the fewest so far, and among those by rank. A larger share
    /// contains the smaller one, because nothing here looks at the step's size.</summary>
    /// <param name="devices">The devices to order.</param>
    /// <param name="taken">The step's devices so far.</param>
    public static IEnumerable<Device> RoundRobin(IEnumerable<Device> devices, IEnumerable<Device> taken)
    {
        var counts = taken.CountBy(StratumOf, StringComparer.Ordinal).ToDictionary(StringComparer.Ordinal);
        foreach (var turn in devices.GroupBy(TurnOf).OrderBy(turn => turn.Key))
        {
            var next = new PriorityQueue<Queue<Device>, (int Count, UInt128 Rank)>();
            foreach (var stratum in turn.OrderBy(device => device.Rank).GroupBy(StratumOf, StringComparer.Ordinal))
            {
                var queue = new Queue<Device>(stratum);
                next.Enqueue(queue, (counts.GetValueOrDefault(stratum.Key), queue.Peek().Rank));
            }

            while (next.TryDequeue(out var queue, out var place))
            {
                var device = queue.Dequeue();
                counts[StratumOf(device)] = place.Count + 1;
                yield return device;
                if (queue.TryPeek(out var following))
                {
                    next.Enqueue(queue, (place.Count + 1, following.Rank));
                }
            }
        }
    }

    /// <summary>How many values of each key a target has, of those of all eligible devices; null when nothing is spread.</summary>
    public static string? Coverage(Scene scene)
    {
        if (scene.Wanted.Spec.Rollout is not { SpreadBy: { Count: > 0 } keys })
        {
            return null;
        }

        var target = scene.Target.Devices;
        var parts = keys.Select(key =>
            string.Create(
                CultureInfo.InvariantCulture,
                $"{key} {Distinct(key, target)}/{Distinct(key, scene.Fleet.Eligible)}"
            )
        );
        return Line.Of(string.Join(", ", parts), Characters);
    }

    private static int TurnOf(Device device) =>
        device.IsPlaced ? 0
        : device.IsCarried ? 1
        : 2;

    private static string StratumOf(Device device) => device.Stratum ?? "";

    private static int Distinct(string key, IEnumerable<Device> devices) =>
        devices.SelectMany(device => Values(key, device.Seen)).Distinct(StringComparer.Ordinal).Count();

    private static IEnumerable<string> Values(string key, DeviceRow device)
    {
        if (key == AgentVersion)
        {
            return device.AgentVersion is { } version ? [version] : [];
        }

        return device.Tags.Pairs.Where(tag => tag.Key == key).Select(tag => tag.Value).Order(StringComparer.Ordinal);
    }
}
