using EdgeRelease.Observation;

namespace EdgeRelease.Planning;

/// <summary>Ledger rows with the next command written ahead.</summary>
internal static class Commands
{
    /// <summary>The row of a device that goes forward, with what it goes back to (rule 9).</summary>
    public static LedgerRow Forward(Scene scene, Device device)
    {
        var row =
            Learnt(scene, device) is { Last: not null } known && !IsAnew(device, known) ? known : Fresh(scene, device);
        var last = row.Last;
        var isRepeat = device.Standing.WantsRepeat && last is { Kind: CommandKind.Forward };
        return row with
        {
            Step = row.IsTried ? row.Step : scene.Memory.Step.Index,
            Next = new Command
            {
                Kind = CommandKind.Forward,
                Version = scene.Wanted.Version,
                From = device.Deployment?.Desired,
                FromOurs = IsFromOurs(device, last, isRepeat),
                Batch = 0,
                At = At(scene, device),
                WasConnected = device.IsReachable,
                Repeats = isRepeat ? last!.Repeats + 1 : 0,
                IsCorrection = device.Standing.IsTakenBack,
            },
        };
    }

    /// <summary>Whether it had gone back and somebody told it something else since: that is what it runs before.</summary>
    private static bool IsAnew(Device device, LedgerRow row) =>
        device.Standing.IsTakenBack && row.Last is { Kind: CommandKind.Back };

    private static bool IsFromOurs(Device device, Command? last, bool isRepeat) =>
        isRepeat
            ? last!.FromOurs && last.From == device.Deployment?.Desired
            : device is { IsCarried: true, Standing.IsTakenBack: false } && last!.Version == device.Deployment?.Desired;

    /// <summary>The row of a drifted device that is sent to the version again.</summary>
    public static LedgerRow Correct(Scene scene, Device device)
    {
        var row = Forward(scene, device);
        return row with { Next = row.Next! with { IsCorrection = true } };
    }

    /// <summary>The row of a device that goes back.</summary>
    public static LedgerRow Back(Scene scene, Device device, BackCause cause)
    {
        var row = Learnt(scene, device) ?? Fresh(scene, device);
        var last = row.Last;
        var isRepeat = last is { Kind: CommandKind.Back };
        var isRemoval = cause == BackCause.Deletion && scene.Wanted.Spec.Policy.OnDelete == Api.DeletePolicy.Remove;
        return row with
        {
            Next = new Command
            {
                Kind = CommandKind.Back,
                Version = isRemoval ? null : row.Previous,
                From = device.Deployment?.Desired,
                Batch = 0,
                At = At(scene, device),
                WasConnected = device.IsReachable,
                Repeats = isRepeat ? last!.Repeats + 1 : 0,
                Cause = isRepeat && !isRemoval ? last!.Cause : cause,
                Refusals = (isRepeat ? last!.Refusals : 0) + (device.Standing.Refusal is null ? 0 : 1),
                Refusal = device.Standing.Refusal ?? (isRepeat ? last!.Refusal : null),
            },
        };
    }

    /// <summary>The device's row with what this pass learnt; a command written over the older row would forget it.</summary>
    private static LedgerRow? Learnt(Scene scene, Device device) =>
        device.Row is null ? null : scene.Memory.Rows.GetValueOrDefault(device.Id);

    private static LedgerRow Fresh(Scene scene, Device device)
    {
        var stable = scene.Memory.Rows.GetValueOrDefault(device.Id);
        var (previous, etag) = Predecessors.Of(device.Deployment);
        return new LedgerRow
        {
            Device = device.Id,
            Revision = scene.Memory.Revision,
            Previous = previous,
            PreviousEtag = etag,
            Stable = stable?.Stable,
            StableEtag = stable?.StableEtag,
            WasForwardAt = stable?.ForwardAt,
        };
    }

    /// <summary>Losant's clock now: not before anything that the device's log already shows.</summary>
    private static DateTimeOffset At(Scene scene, Device device)
    {
        var at = scene.Now;
        if (device.Deployment?.LastDesired is { } desired && desired.At > at)
        {
            at = desired.At;
        }

        return device.Deployment?.LastCurrent is { } current && current.At > at ? current.At : at;
    }
}
