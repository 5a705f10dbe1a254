using EdgeRelease.Api;

namespace EdgeRelease.Planning;

/// <summary>Which devices go back now, and why. Being in the target does not matter here (rule 10).</summary>
internal static class BackWrites
{
    public static IEnumerable<Dispatch> Of(Scene scene)
    {
        if (scene.Wanted.DeletedAt is not null)
        {
            return Deletion.Writes(scene);
        }

        return scene.Memory.Latch is { } latch ? Rollback.Writes(scene, latch) : ByThemselves(scene);
    }

    /// <summary>Whether a back write may be sent to the device: an open row of ours, desired is our version.</summary>
    public static bool MayGoBack(Device device) => device.Row is { IsForward: true } && device.Standing.IsAccepted;

    /// <summary>Restores that Losant or the device did not take yet and that are due again.</summary>
    public static Dispatch Repeats(Scene scene)
    {
        var due = scene
            .Fleet.Devices.Where(device => device is { Standing.WantsRepeat: true, Row.Last.Kind: CommandKind.Back })
            .Select(device => Commands.Back(scene, device, device.Row!.Last!.Cause));
        var rows = due.ToList();
        return new Dispatch(rows, $"restore again {rows.Count} that did not go back");
    }

    /// <summary>As many as the free slots allow; whoever holds a slot already needs none.</summary>
    public static List<Device> WithinSlots(Scene scene, IEnumerable<Device> devices)
    {
        var free = scene.FreeSlots;
        var chosen = new List<Device>();
        foreach (var device in devices)
        {
            if (!TakesSlot(device) || free-- > 0)
            {
                chosen.Add(device);
            }
        }

        return chosen;
    }

    /// <summary>The free slots that back writes take: nothing else may use them in the same plan.</summary>
    public static int NewSlots(Scene scene, IEnumerable<Batch> back)
    {
        var ids = back.SelectMany(batch => batch.Devices).ToHashSet();
        return scene.Fleet.Devices.Count(device => ids.Contains(device.Id) && TakesSlot(device));
    }

    private static bool TakesSlot(Device device) => !device.Standing.HoldsSlot && device.IsReachable;

    private static IEnumerable<Dispatch> ByThemselves(Scene scene)
    {
        var due = scene.Fleet.Devices.Where(device => device.Standing.WantsBack != BackCause.None && MayGoBack(device));
        var unsettled = due.Where(device => device.Standing.WantsBack != BackCause.Left || device.Standing.HoldsSlot);
        foreach (var group in unsettled.GroupBy(device => device.Standing.WantsBack).OrderBy(group => group.Key))
        {
            yield return Sent(scene, [.. group], group.Key);
        }

        var leavers = WithinSlots(
            scene,
            due.Where(device => device.Standing is { WantsBack: BackCause.Left, HoldsSlot: false })
        );
        yield return Sent(scene, leavers, BackCause.Left);
        yield return Sent(scene, Lowering.Surplus(scene with { Spent = leavers.Count(TakesSlot) }), BackCause.Lowered);
        yield return Repeats(scene);
    }

    public static Dispatch Sent(Scene scene, IReadOnlyList<Device> devices, BackCause cause) =>
        new([.. devices.Select(device => Commands.Back(scene, device, cause))], Because(cause, devices));

    private static string Because(BackCause cause, IReadOnlyList<Device> devices) =>
        cause switch
        {
            BackCause.Failure => $"restore {devices.Count} that failed",
            BackCause.Lost => $"restore {devices.Count} that went dark",
            BackCause.Superseded => $"restore {devices.Count} that a newer revision found unsettled",
            BackCause.Left => $"restore {devices.Count} that left",
            BackCause.Lowered => $"give back {devices.Count}: the percentage was lowered",
            BackCause.Deletion => $"take back {devices.Count}: the release is being deleted",
            _ => $"roll back {devices.Count}",
        };
}
