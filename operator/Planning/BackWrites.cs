using EdgeRelease.Api;

namespace EdgeRelease.Planning;

/// <summary>Which devices go back now, and why. Being in the target does not matter here (rule 10).</summary>
internal static class BackWrites
{
    public static IEnumerable<Dispatch> Of(Scene scene)
    {
        if (scene.Wanted.Rails.IsShutDown)
        {
            return [];
        }

        if (scene.Wanted.DeletedAt is not null)
        {
            return Deletion.Writes(scene);
        }

        return scene.Memory switch
        {
            { Latch: { } latch, Result: null } => Rollback.Writes(scene, latch),
            { Latch: { } latch } => Rollback.Writes(scene, latch).Append(Sent(scene, Leavers(scene), BackCause.Left)),
            _ => ByThemselves(scene),
        };
    }

    /// <summary>Whether a back write may be sent to the device: an open row of ours, desired is our version, or that of
    /// the revision before where this one's command never arrived.</summary>
    public static bool MayGoBack(Device device) =>
        device.Row is { IsForward: true } && (device.Standing.IsAccepted || device.Standing.IsOnEarlier);

    /// <summary>Restores that Losant or the device did not take yet and that are due again.</summary>
    /// <param name="scene">The scene.</param>
    /// <param name="may">Which devices may be sent; null for all.</param>
    public static Dispatch Repeats(Scene scene, Func<Device, bool>? may = null)
    {
        var due = scene
            .Fleet.Devices.Where(device => device is { Standing.WantsRepeat: true, Row.Last.Kind: CommandKind.Back })
            .Where(device => may?.Invoke(device) ?? true)
            .Select(device => Commands.Back(scene, device, device.Row!.Last!.Cause));
        var rows = due.ToList();
        return new Dispatch(rows, $"restore again {rows.Count} that did not go back");
    }

    /// <summary>As many as the limits allow; whoever holds a slot already needs none.</summary>
    public static List<Device> WithinLimits(Scene scene, IEnumerable<Device> devices)
    {
        var allowance = Allowance.Of(scene);
        return [.. devices.Where(allowance.Take)];
    }

    /// <summary>The devices that batches send back.</summary>
    public static IReadOnlyList<Sending> Sending(Scene scene, IEnumerable<Batch> back)
    {
        var rows = back.SelectMany(batch => batch.Rows).ToDictionary(row => row.Device);
        return
        [
            .. scene
                .Fleet.Devices.Where(device => rows.ContainsKey(device.Id))
                .Select(device => new Sending(device, Minute.Counts(rows[device.Id].Next!))),
        ];
    }

    private static IEnumerable<Dispatch> ByThemselves(Scene scene)
    {
        var due = scene.Fleet.Devices.Where(device =>
            device.Standing.WantsBack != BackCause.None && MayGoBack(device) && !LeavesSettled(device.Standing)
        );
        foreach (var group in due.GroupBy(device => device.Standing.WantsBack).OrderBy(group => group.Key))
        {
            yield return Sent(scene, [.. group], group.Key);
        }

        var leavers = Leavers(scene);
        yield return Sent(scene, leavers, BackCause.Left);
        var spent = scene with { Spent = [.. leavers.Select(device => new Sending(device, true))] };
        yield return Sent(scene, Lowering.Surplus(spent), BackCause.Lowered);
        yield return Repeats(scene, device => !IsSettledLeaver(device) || scene.MayLeave(device));
    }

    /// <summary>Devices that leave a version that they have settled on, as windows, freezes and limits allow.</summary>
    private static List<Device> Leavers(Scene scene)
    {
        var due = scene.Fleet.Devices.Where(device => LeavesSettled(device.Standing) && MayGoBack(device));
        return WithinLimits(scene, due.Where(scene.MayLeave));
    }

    /// <summary>Whether it is to leave a version that it has settled on.</summary>
    internal static bool LeavesSettled(in Standing standing) =>
        standing is { WantsBack: BackCause.Left, HoldsSlot: false, IsArmed: false };

    /// <summary>Whether it was told to leave a version that it had settled on.</summary>
    private static bool IsSettledLeaver(Device device) =>
        device.Row is { Outcome: Outcome.Confirmed, Last.Cause: BackCause.Left };

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
