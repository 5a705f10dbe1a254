using EdgeRelease.Api;
using EdgeRelease.Observation;

namespace EdgeRelease.Planning;

/// <summary>Devices that somebody else commanded after the release did (rule 29, F082, F088, F089).</summary>
public static class Drift
{
    private const int SourcesNamed = 3;

    /// <summary>Two corrections of one device within this are a fight, and the release does not fight.</summary>
    public static readonly TimeSpan Fight = TimeSpan.FromHours(1);

    /// <summary>Whether the device was sent to the version twice within an hour: then it is only reported.</summary>
    /// <param name="row">What is remembered of it.</param>
    public static bool IsContested(LedgerRow row) => row.CorrectedAt - row.CorrectedBefore <= Fight;

    /// <summary>Whether a correction may be sent to the device.</summary>
    /// <param name="wanted">What is wanted.</param>
    /// <param name="device">The device.</param>
    public static bool MayBeCorrected(Release wanted, Device device) =>
        wanted.Spec.Policy.Drift == DriftPolicy.Correct
        && device.Standing is { State: DeviceState.Drifted, IsRepublished: false, Reason: not "UnknownBundle" }
        && device.Row is { Closed: null, IsTried: true, Last.Kind: CommandKind.Forward } row
        && row.Last.Version == wanted.Version
        && row.Outcome is Outcome.None or Outcome.Confirmed
        && !IsContested(row);

    /// <summary>Whether a device that somebody else commanded before this revision did begins anew in it: no correction
    /// within the share, but a first command, with its place in the steps, its attempt and its outcome.</summary>
    /// <param name="wanted">What is wanted.</param>
    /// <param name="memory">What is remembered.</param>
    /// <param name="standing">Where the device stands by its row.</param>
    /// <param name="row">Its row; null when it has none.</param>
    internal static bool IsTakenBack(Release wanted, Memory memory, in Standing standing, LedgerRow? row) =>
        wanted is { Spec.Policy.Drift: DriftPolicy.Correct, DeletedAt: null }
        && memory.Latch is null
        && standing is { State: DeviceState.Drifted, Reason: "ForeignWriter" }
        && row is { IsTried: false };

    /// <summary>The devices to send to the version again now: as many as the limits, first contact and the share allow.</summary>
    internal static IReadOnlyList<Device> Corrections(Scene scene)
    {
        if (scene.Wanted.Spec.Policy.Drift != DriftPolicy.Correct || !scene.Fleet.Seen.Believed)
        {
            return [];
        }

        var selection = new Selection(scene.Wanted.Spec);
        var drifted = scene
            .Fleet.Devices.Where(device => MayBeCorrected(scene.Wanted, device) && selection.Claims(device.Seen))
            .Where(device => device.IsReachable || IsArming(scene))
            .Where(device => BundleLock.Holder(scene.Wanted, device.Seen, device.Deployment, scene.Fleet.At) is null)
            .ToList();
        return ForwardWrites.Of(scene, drifted.Take(Room(scene, drifted)));
    }

    /// <summary>The memory without the corrections, once drift is only reported: a person has looked.</summary>
    internal static Memory Forgotten(Release wanted, Memory memory)
    {
        if (
            wanted.Spec.Policy.Drift == DriftPolicy.Correct
            || !memory.Rows.Values.Any(row => row.CorrectedAt is not null)
        )
        {
            return memory;
        }

        return memory with
        {
            Rows = memory.Rows.ToDictionary(
                pair => pair.Key,
                pair =>
                    pair.Value.CorrectedAt is null
                        ? pair.Value
                        : pair.Value with
                        {
                            CorrectedAt = null,
                            CorrectedBefore = null,
                        }
            ),
        };
    }

    /// <summary>The condition DriftDetected: how many, by whom and when, and what happens to them.</summary>
    internal static void Say(ConditionSet conditions, Scene scene)
    {
        var drifted = scene
            .Fleet.Devices.Where(device => device.Standing is { State: DeviceState.Drifted } or { IsTakenBack: true })
            .ToList();
        if (drifted.Count == 0)
        {
            return;
        }

        var contested = drifted.Where(device => device.Row is { } row && IsContested(row)).Select(device => device.Id);
        var fights = contested.Order().ToList();
        var correctable = drifted.Count(device => device.Standing.IsTakenBack || MayBeCorrected(scene.Wanted, device));
        var what = $"{Alone(drifted.Count, correctable)}: {By(drifted)}";
        var message =
            fights.Count == 0
                ? what
                : $"{what}; corrected twice within an hour and changed again: {Names.Of(fights)}, set policy.drift to Report "
                    + $"and back to Correct, or annotate {Annotations.Retry}=r{scene.Memory.Revision}, to try again";
        var reason = fights.Count == 0 ? Reasons.ForeignChange : Reasons.DriftContested;
        conditions.Say(ConditionTypes.DriftDetected, ConditionStatus.True, reason, message);
    }

    private static string Alone(int drifted, int correctable) =>
        correctable == 0 ? $"{Names.Count(drifted)} left alone"
        : correctable == drifted ? $"{Names.Count(drifted)} to be sent to the version again within the limits"
        : $"{Names.Count(correctable)} to be sent to the version again within the limits, {drifted - correctable} left alone";

    /// <summary>As <c>2 by user 5f..., last 2026-11-22T09:00:00Z, first device 57...</c>; the most frequent first.</summary>
    private static string By(List<Device> drifted)
    {
        var sources = drifted
            .GroupBy(SourceOf)
            .OrderByDescending(source => source.Count())
            .ThenBy(source => source.Key, StringComparer.Ordinal)
            .Take(SourcesNamed)
            .Select(source =>
                $"{source.Count()} {source.Key}{Last(source)}, first device {source.Min(device => device.Id)}"
            );
        return string.Join("; ", sources);
    }

    private static string SourceOf(Device device) =>
        device.Standing.Reason == "RestoreUnknown" ? "whose ledger and log are gone"
        : device.Standing.IsRepublished ? "with other content under the version's name"
        : device.Standing.Reason == "UnknownBundle" ? "with a bundle that somebody loaded by hand"
        : device.Deployment?.LastDesired is { SourceType: { } type } entry ? $"by {type} {entry.SourceId}".TrimEnd()
        : "by somebody that Losant does not name";

    private static string Last(IEnumerable<Device> devices) =>
        devices
            .Where(device => device.Standing.Reason != "UnknownBundle")
            .Max(device => device.Deployment?.LastDesired?.At)
            is { } at
            ? $", last {Line.Of(at)}"
            : "";

    /// <summary>Whether an offline device may be commanded now (rule 13).</summary>
    private static bool IsArming(Scene scene) =>
        scene.Wanted.Spec.Health.Offline switch
        {
            OfflinePolicy.Arm => true,
            OfflinePolicy.ArmWhenProven => scene.Memory.Result == RevisionResult.Complete,
            _ => false,
        };

    /// <summary>Places in the share as it is with the drifted devices counted in (I1).</summary>
    private static int Room(Scene scene, List<Device> drifted)
    {
        if (drifted.Count == 0)
        {
            return 0;
        }

        var all = scene.Fleet with
        {
            Eligible = [.. scene.Fleet.Eligible.Concat(drifted).OrderBy(device => device.Rank)],
        };
        var size = Share.Size(all, scene.Wanted, scene.Steps, scene.Memory.Step.Index);
        return Math.Max(0, size - scene.Fleet.Eligible.Count(device => device.IsPlaced));
    }
}
