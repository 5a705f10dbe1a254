using EdgeRelease.Api;

namespace EdgeRelease.Planning;

/// <summary>Which devices of a target move forward now: as many as slots and first contact allow (rules 15, 16).</summary>
internal static class ForwardWrites
{
    public static IReadOnlyList<Device> Of(Scene scene, IReadOnlyList<Device> target)
    {
        var room = Room(scene);
        var chosen = new List<Device>();
        foreach (var device in target.Where(IsRepeat).Concat(Candidates(scene, target)))
        {
            if (!device.IsReachable || room-- > 0)
            {
                chosen.Add(device);
            }
        }

        return chosen;
    }

    /// <summary>Devices of the target that have not been sent, in the order of the target.</summary>
    public static IEnumerable<Device> Candidates(Scene scene, IReadOnlyList<Device> target) =>
        target.Where(device =>
            device.IsCandidate && (device.IsReachable || scene.Wanted.Spec.Health.Offline == OfflinePolicy.Arm)
        );

    /// <summary>Offline devices that take the version when they return, once it is proven (F046).</summary>
    public static IReadOnlyList<Device> ToArm(Scene scene) =>
        scene.Wanted.Spec.Health.Offline == OfflinePolicy.Defer
            ? []
            : [.. scene.Fleet.Eligible.Where(device => device is { IsCandidate: true, IsReachable: false })];

    /// <summary>Whether a slot is held until a person or the device itself does something.</summary>
    public static bool HoldsForGood(Device device) =>
        device.Standing.State is DeviceState.Failed or DeviceState.Lost
        || device is { IsReachable: false, Row.Last.Kind: CommandKind.Back };

    private static bool IsRepeat(Device device) =>
        device is { Standing.WantsRepeat: true, Row.Last.Kind: CommandKind.Forward };

    private static int Room(Scene scene)
    {
        if (scene.Evidence.Succeeded > 0)
        {
            return scene.FreeSlots;
        }

        var firstContact = Math.Max(1, scene.Fleet.Eligible.Count / 100);
        var inFlight = scene.Fleet.Devices.Count(device =>
            device is { Standing.HoldsSlot: true, IsSettled: false, Row.IsForward: true }
        );
        return Math.Min(scene.FreeSlots, Math.Max(0, firstContact - inFlight));
    }
}
