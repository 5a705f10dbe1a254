using EdgeRelease.Api;

namespace EdgeRelease.Planning;

/// <summary>A percentage below the one applied last gives devices back, newest first (F012, rule 18).</summary>
internal static class Lowering
{
    /// <summary>Whether devices are to be given back: of this version, not of one that cannot take over yet.</summary>
    public static bool IsDue(Scene scene) =>
        scene.Memory.Brings(scene.Wanted.Version) && scene.Wanted.Percentage < scene.Memory.AppliedPercentage;

    /// <summary>The devices to give back now, within the limits; armed ones need none.</summary>
    public static IReadOnlyList<Device> Surplus(Scene scene)
    {
        if (!IsDue(scene) || !scene.Fleet.Seen.Believed)
        {
            return [];
        }

        var moved = Moved(scene);
        var armed = moved.Where(device => device.Standing.IsArmed).ToList();
        var rest = moved.Where(device => !device.Standing.IsArmed).Take(Excess(scene) - armed.Count);
        return [.. armed.Concat(BackWrites.WithinLimits(scene, rest)).Where(BackWrites.MayGoBack)];
    }

    /// <summary>What keeps devices from being given back until somebody acts; null when nothing does.</summary>
    public static Budget? Stuck(Scene scene)
    {
        var holders = scene.SlotHolders;
        if (holders.Count >= scene.MaxUnavailable && holders.TrueForAll(IsForGood))
        {
            return Budget.OfAll(scene);
        }

        var sent = scene.Spent.Select(sending => sending.Device.Id).ToHashSet();
        var rest = Moved(scene).Take(Math.Max(0, Excess(scene))).Where(BackWrites.MayGoBack);
        return Budget.OfGroups(
            scene,
            [.. rest.Where(device => device.TakesSlot && !sent.Contains(device.Id))],
            IsForGood
        );
    }

    private static bool IsForGood(Device device) => ForwardWrites.HoldsForGood(device) || !device.IsReachable;

    /// <summary>The memory once nothing is left to give back: the lower percentage counts as applied.</summary>
    public static Memory Applied(Scene scene)
    {
        if (!IsDue(scene) || scene.Memory.Latch is not null || !IsCertain(scene) || !IsDone(scene))
        {
            return scene.Memory;
        }

        var step = scene.Memory.Step;
        return scene.Memory with
        {
            AppliedPercentage = scene.Wanted.Percentage,
            Result = null,
            Step = IsFull(scene)
                ? step with
                {
                    Index = scene.Steps.Count,
                    SoakingSince = null,
                    SoakUntil = null,
                }
                : step,
        };
    }

    /// <summary>Whether every device that may be too many can be seen.</summary>
    private static bool IsCertain(Scene scene) =>
        scene.Fleet.Seen.Believed
        && !scene.Fleet.Devices.Any(device => device is { Standing.State: DeviceState.Unknown, Row.IsForward: true });

    private static bool IsDone(Scene scene) =>
        Excess(scene) <= 0 && !Moved(scene).Exists(device => device.Standing.IsArmed);

    /// <summary>Whether the new ceiling cuts the step under way and is reached, so that no step is left to take.</summary>
    private static bool IsFull(Scene scene)
    {
        var capped = Share.FirstCapped(scene.Fleet, scene.Steps, scene.Wanted.Percentage);
        return Excess(scene) == 0 && capped <= scene.Memory.Step.Index;
    }

    /// <summary>Moved devices that are too many; negative while there is room. Adopted ones fill the share and stay;
    /// a device that cannot be read may be eligible, so that it takes nobody's place.</summary>
    private static int Excess(Scene scene)
    {
        var unread = scene.Fleet.Devices.Count(device => device.Standing.State == DeviceState.Unknown);
        var allowed = Share.Part(scene.Wanted.Percentage, scene.Fleet.Eligible.Count + unread);
        var adopted = scene.Fleet.Eligible.Count(device => device.Standing.IsAdopted && !IsMoved(scene, device));
        var moved = Moved(scene).Count;
        return Math.Min(moved, adopted + moved - allowed);
    }

    /// <summary>Devices that stand on our command, last commanded first, highest rank first among equals.</summary>
    private static List<Device> Moved(Scene scene) =>
        [
            .. scene
                .Fleet.Eligible.Where(device => IsMoved(scene, device))
                .OrderByDescending(device => device.Row!.Last!.At)
                .ThenByDescending(device => device.Rank),
        ];

    /// <summary>Whether it stands on a command to this version; what an older revision moved to another is not ours to
    /// give back.</summary>
    private static bool IsMoved(Scene scene, Device device) =>
        device is { Row.IsForward: true, Standing.WantsBack: BackCause.None }
        && (device.Row.IsTried || device.Row.Last!.Version == scene.Wanted.Version)
        && Rollback.Is(device) != Going.Nowhere;
}
