using EdgeRelease.Api;
using EdgeRelease.Observation;

namespace EdgeRelease.Planning;

/// <summary>Another release of another flow has not settled on a microcontroller, so that its bundle is that release's
/// for now.</summary>
/// <param name="Release">Its namespace and name.</param>
/// <param name="FlowId">Its flow, 24 hex digits.</param>
/// <param name="At">Losant's clock when it told the device last.</param>
public sealed record BundleHold(string Release, string FlowId, DateTimeOffset At)
{
    /// <summary>Until when the hold lasts whatever the row shows; null until the release has an outcome.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>The microcontrollers that a release has not settled on, by its ledger. Of one that goes back the row tells
    /// when it is there, once Losant must show that it was told.</summary>
    /// <param name="release">The release's namespace and name.</param>
    /// <param name="flowId">Its flow, 24 hex digits.</param>
    /// <param name="memory">Its memory.</param>
    public static IEnumerable<KeyValuePair<DeviceId, BundleHold>> Of(string release, string flowId, Memory memory)
    {
        ArgumentNullException.ThrowIfNull(memory);
        foreach (var (device, row) in memory.Rows)
        {
            if (
                row is { Closed: null, Last: { } last }
                && (last.Kind == CommandKind.Back || row.Outcome == Outcome.None)
            )
            {
                var hold = new BundleHold(release, flowId, last.At);
                var isBack = last.Kind == CommandKind.Back;
                yield return new(device, isBack ? hold with { Until = last.At + Times.AppliedWithin } : hold);
            }
        }
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

    /// <summary>A release whose ledger cannot be read: it may hold any of them; null when there is none.</summary>
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
        DeviceId device,
        DeploymentRow? deployment,
        Standing idle,
        DateTimeOffset at
    )
    {
        var isCandidate = idle is { IsArmed: false, Outcome: not (Outcome.NotAccepted or Outcome.Confounded) };
        return isCandidate && Holder(wanted, device, deployment, at) is { } holder
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
            $"{Walk.Progress(scene, target)}; {busy.Count} devices wait because their bundle is being changed: "
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
    public static string? Holder(Release wanted, DeviceId device, DeploymentRow? deployment, DateTimeOffset at)
    {
        var bundle = deployment?.Bundle;
        if (wanted.Held.Unreadable is { } unreadable)
        {
            return $"release {unreadable}, whose ledger cannot be read";
        }

        if (wanted.Held.Devices.TryGetValue(device, out var hold) && !(hold.Until <= at) && !IsOver(hold, bundle))
        {
            return $"release {hold.Release}";
        }

        return bundle is { IsPending: true, Rebuilt: { } change } ? change.Words : null;
    }

    /// <summary>Somebody else built the bundle for the holder's flow since: the device has drifted from it.</summary>
    private static bool IsOver(BundleHold hold, Bundle? bundle) =>
        bundle?.Rebuilt is { Flow: { } flow } change
        && flow == DeviceId.Parse(hold.FlowId)
        && change.At > hold.At + Times.AppliedWithin;
}
