using EdgeRelease.Api;
using EdgeRelease.Observation;

namespace EdgeRelease.Planning;

/// <summary>Another release of another flow has told a microcontroller and may not have settled on it, so that its bundle
/// is that release's for now.</summary>
/// <param name="Release">Its namespace and name.</param>
/// <param name="At">Losant's clock when it told the device last.</param>
/// <param name="Confirm">How long a device must stay good for it; null where it was sent back.</param>
public sealed record BundleHold(string Release, DateTimeOffset At, TimeSpan? Confirm)
{
    /// <summary>The microcontrollers that a release may not have settled on, by its ledger: those that it sent back, and
    /// those that it moved and that have not succeeded, failed or gone dark.</summary>
    /// <param name="release">The release's namespace and name.</param>
    /// <param name="confirm">Its <c>health.confirm</c>.</param>
    /// <param name="memory">Its memory.</param>
    public static IEnumerable<KeyValuePair<DeviceId, BundleHold>> Of(string release, TimeSpan confirm, Memory memory)
    {
        ArgumentNullException.ThrowIfNull(memory);
        foreach (var (device, row) in memory.Rows)
        {
            if (
                row is { Closed: null, Last: { } last }
                && (last.Kind == CommandKind.Back || row.Outcome is Outcome.None or Outcome.Confounded)
            )
            {
                yield return new(
                    device,
                    new BundleHold(release, last.At, last.Kind == CommandKind.Back ? null : confirm)
                );
            }
        }
    }

    /// <summary>Whether the device is connected, has loaded what Losant built, and nothing has happened to it for as long as
    /// the release needs to see it good. It counts as good for that release then, also when that looks only later; one that
    /// somebody else took, or whose release cannot look any more, is held no longer. One that goes back need only have
    /// loaded what Losant must have built by now.</summary>
    /// <param name="seen">The device.</param>
    /// <param name="deployment">Its row; null when it has none.</param>
    /// <param name="at">Losant's clock when they were read.</param>
    internal bool IsOver(in DeviceRow seen, DeploymentRow? deployment, DateTimeOffset at)
    {
        if (deployment is { Bundle.IsPending: true })
        {
            return false;
        }

        DateTimeOffset?[] happened = [At, deployment?.UpdatedAt, seen.ConnectionAt];
        return Confirm is { } confirm
            ? seen.Connected && at >= happened.Max() + Times.AppliedWithin + confirm
            : at >= At + Times.AppliedWithin;
    }
}

/// <summary>What releases of other flows hold of an application's microcontrollers.</summary>
/// <param name="Devices">The microcontrollers and who holds each.</param>
public sealed record BundleHolds(IReadOnlyDictionary<DeviceId, BundleHold> Devices)
{
    /// <summary>Nothing is held.</summary>
    public static readonly BundleHolds None = new(new Dictionary<DeviceId, BundleHold>());

    /// <summary>When any release of the application asked for a bundle last, by Losant's clock; null when none
    /// did.</summary>
    public DateTimeOffset? ExportedAt { get; init; }

    /// <summary>A release that cannot be read: it may hold any of them; null when there is none.</summary>
    public string? Unreadable { get; init; }
}

/// <summary>At most one release at a time has not settled on a microcontroller, over all its flows: otherwise nobody could
/// tell whose version a failing bundle is to blame on (F124). Going back never waits.</summary>
internal static class BundleLock
{
    private const int Named = 10;

    /// <summary>The standing of a device that could be told, with what it waits for.</summary>
    public static Standing Of(
        Release wanted,
        in DeviceRow seen,
        DeploymentRow? deployment,
        Standing idle,
        DateTimeOffset at
    )
    {
        var isCandidate = idle is { IsArmed: false, Outcome: not (Outcome.NotAccepted or Outcome.Confounded) };
        return isCandidate && Holder(wanted, seen, deployment, at) is { } holder
            ? idle with
            {
                Reason = "BundleBusy",
                Busy = holder,
            }
            : idle;
    }

    /// <summary>Somebody loaded a bundle by hand after the device was moved: what it runs is not ours to judge, and not
    /// ours to overwrite (F047).</summary>
    public static Standing HandLoaded(LedgerRow row) =>
        new()
        {
            State = DeviceState.Drifted,
            Reason = "UnknownBundle",
            Outcome = row.Outcome,
            Error = row.Error,
        };

    /// <summary>The wait of a step that has nobody else to send or to wait for; null when it has.</summary>
    public static Verdict? Wait(Scene scene, IReadOnlyList<Device> target)
    {
        var busy = target.Where(device => device is { Standing.Busy: not null, IsReachable: true }).ToList();
        var isIdle = !scene.IsBlind && target.All(device => device.IsSettled || device.Standing.Busy is not null);
        if (busy.Count == 0 || !isIdle)
        {
            return null;
        }

        var holders = busy.CountBy(device => device.Standing.Busy!, StringComparer.Ordinal)
            .OrderByDescending(holder => holder.Value)
            .ThenBy(holder => holder.Key, StringComparer.Ordinal)
            .Take(3)
            .Select(holder => $"{holder.Value} by {holder.Key}");
        return new Verdict(
            Phase.Waiting,
            Reasons.BundleBusy,
            $"{Walk.Progress(scene, target)}; {Names.Count(busy.Count)} waiting while the bundle is being changed: "
                + string.Join(", ", holders)
        )
        {
            WaitingFor = new WaitingFor
            {
                Kind = WaitingKind.Bundle,
                Devices = [.. busy.Select(device => device.Id).Order().Take(Named).Select(id => id.ToString())],
            },
        };
    }

    /// <summary>What is changing the bundle of a device, in words; null when nothing else is.</summary>
    public static string? Holder(Release wanted, in DeviceRow seen, DeploymentRow? deployment, DateTimeOffset at)
    {
        if (wanted.Held.Unreadable is { } unreadable)
        {
            return $"release {unreadable}, which cannot be read";
        }

        if (wanted.Held.Devices.TryGetValue(seen.Id, out var hold) && !hold.IsOver(seen, deployment, at))
        {
            return $"release {hold.Release}";
        }

        return deployment is { Bundle: { IsPending: true, Rebuilt: { } change } } ? change.Words : null;
    }
}
