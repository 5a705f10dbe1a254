using EdgeRelease.Api;

namespace EdgeRelease.Planning;

/// <summary>Which devices of a target move forward now: as many as the limits and first contact allow (rules 15, 16).</summary>
internal static class ForwardWrites
{
    public static IReadOnlyList<Device> Of(Scene scene, IEnumerable<Device> due) =>
        [.. Judged(scene, due).Where(each => each.Hold is null).Select(each => each.Device)];

    /// <summary>Each device with what keeps it back; null for those that move.</summary>
    public static IEnumerable<(Device Device, Hold? Hold)> Judged(Scene scene, IEnumerable<Device> due)
    {
        var allowance = Allowance.Of(scene, FirstContact(scene));
        foreach (var device in due)
        {
            yield return (
                device,
                !scene.IsOpen(device) ? Hold.Window
                : Minute.IsWithin(scene, device.Id) ? Hold.Minute
                : allowance.Held(device)
            );
        }
    }

    /// <summary>Devices of the target to send as soon as the limits allow: repeats first, then in the target's order.</summary>
    public static List<Device> Due(Scene scene, IReadOnlyList<Device> target) =>
        [.. target.Where(IsRepeat), .. Candidates(scene, target)];

    /// <summary>Offline devices that take the version when they return, once it is proven (F046).</summary>
    public static IReadOnlyList<Device> ToArm(Scene scene) =>
        scene.Wanted.Spec.Health.Offline == OfflinePolicy.Defer
            ? []
            :
            [
                .. scene
                    .Fleet.Eligible.Where(device => device is { IsCandidate: true, IsReachable: false })
                    .Where(scene.IsOpen),
            ];

    /// <summary>Whether a slot is held until a person or the device itself does something.</summary>
    public static bool HoldsForGood(Device device) =>
        device.Standing.State is DeviceState.Failed or DeviceState.Lost
        || device is { IsReachable: false, Row.Last.Kind: CommandKind.Back };

    /// <summary>Devices that may be under way before the revision's first success (rule 16).</summary>
    public static int MostAtFirst(Scene scene) => Math.Max(1, scene.Fleet.Eligible.Count / 100);

    /// <summary>Whether its command never arrived and is due again.</summary>
    internal static bool IsRepeat(Device device) =>
        device is { Standing.WantsRepeat: true, Row.Last.Kind: CommandKind.Forward };

    /// <summary>Devices of the target that have not been sent, in the order of the target.</summary>
    private static IEnumerable<Device> Candidates(Scene scene, IReadOnlyList<Device> target) =>
        target.Where(device =>
            device.IsCandidate && (device.IsReachable || scene.Wanted.Spec.Health.Offline == OfflinePolicy.Arm)
        );

    /// <summary>Devices that may start before the revision's first success; no limit after it.</summary>
    private static int FirstContact(Scene scene)
    {
        if (scene.Evidence.Succeeded > 0)
        {
            return int.MaxValue;
        }

        return MostAtFirst(scene)
            - scene.Fleet.Devices.Count(device =>
                device is { Standing.HoldsSlot: true, IsSettled: false, Row.IsForward: true }
            );
    }
}
