using EdgeRelease.Api;

namespace EdgeRelease.Planning;

/// <summary>How many devices are where (rule 1), and on which versions (F008).</summary>
internal static class Counts
{
    private const int VersionsNamed = 8;

    public static DeviceCounts Of(Fleet fleet, int target)
    {
        var states = fleet.Devices.CountBy(device => device.Standing.State).ToDictionary();
        return new DeviceCounts
        {
            Matched = fleet.Matched,
            Eligible = fleet.Eligible.Count,
            Target = target,
            Updated = states.GetValueOrDefault(DeviceState.Updated),
            Updating = states.GetValueOrDefault(DeviceState.Updating),
            Waiting = states.GetValueOrDefault(DeviceState.Waiting),
            Busy = fleet.Devices.Count(device => device.Standing is { State: DeviceState.Waiting, Busy: not null }),
            Deferred = states.GetValueOrDefault(DeviceState.Deferred),
            Failed = states.GetValueOrDefault(DeviceState.Failed),
            Lost = states.GetValueOrDefault(DeviceState.Lost),
            Restored = fleet.Devices.Count(device =>
                device.Standing is { State: DeviceState.Failed, IsRestored: true }
            ),
            Conflicted = states.GetValueOrDefault(DeviceState.Conflicted),
            Drifted = states.GetValueOrDefault(DeviceState.Drifted),
            Unknown = states.GetValueOrDefault(DeviceState.Unknown),
            Armed = fleet.Devices.Count(device => device.Standing is { State: DeviceState.Deferred, IsArmed: true }),
            Left = states.GetValueOrDefault(DeviceState.Left),
        };
    }

    /// <summary>The most frequent versions, <c>none</c> for devices without one, the rest as <c>other</c>.</summary>
    public static IReadOnlyDictionary<string, int> Versions(Fleet fleet)
    {
        var counts = new SortedDictionary<string, int>(StringComparer.Ordinal);
        var frequent = fleet
            .Versions.OrderByDescending(version => version.Value)
            .ThenBy(version => version.Key, StringComparer.Ordinal);
        foreach (var (index, (version, devices)) in frequent.Index())
        {
            var word =
                index >= VersionsNamed ? "other"
                : version.Length == 0 ? "none"
                : version;
            counts[word] = counts.GetValueOrDefault(word) + devices;
        }

        return counts;
    }

    /// <summary>What the failure policy is judged on; null before the revision's first command.</summary>
    public static EvidenceStatus? Evidence(Scene scene) =>
        scene.Fleet.Devices.Any(device => device.Row is { IsTried: true })
            ? new EvidenceStatus
            {
                Outcomes = scene.Evidence.Outcomes,
                Failures = scene.Evidence.Failed,
                Recovered = scene.Evidence.Recovered,
                Confounded = Confounding.Rows(scene.Memory).Count(),
                Lost = scene.Losses.Lost,
                Unattributed = scene.Losses.Unattributed,
                Verdict = StepVerdict.Of(scene),
                Steps = StepVerdict.BySteps(scene),
            }
            : null;
}
