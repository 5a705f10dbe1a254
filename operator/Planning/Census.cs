using EdgeRelease.Api;
using EdgeRelease.Observation;

namespace EdgeRelease.Planning;

/// <summary>Finds each device's standing; counts what the selectors match on the way.</summary>
internal sealed class Census(Release wanted, Memory memory, Snapshot seen)
{
    private readonly Selection _selection = new(wanted.Spec);
    private readonly Rank _rank = new(wanted.FlowId, memory.VersionWord ?? wanted.VersionWord);
    private readonly HashSet<DeviceId> _named = [];
    private readonly Yardstick _yard = new(
        memory.Version is { } version ? version.Name : wanted.Version,
        memory.Version?.Etag,
        wanted.Spec.Health,
        wanted.Spec.FailurePolicy.RestoreFailed,
        memory.IsOver(wanted, seen.BeganAt),
        seen.BeganAt
    )
    {
        ScannedAt = seen.ScannedAt,
        WatchedUntil = memory.WatchedUntil(wanted.Spec.FailurePolicy.Watch),
        IsEnded = memory.IsEnded(wanted),
        LeftAloneSince = wanted.Spec.Policy.Drift == DriftPolicy.Report ? memory.StartedAt : null,
        Replaced = memory.Version?.ReplacedEtags ?? [],
        IsRenewed = memory.Version is { Renewed: true },
    };

    public int Matched { get; private set; }

    public IReadOnlyList<DeviceId> UnknownIds() => [.. _selection.Ids.Where(id => !_named.Contains(id)).Order()];

    public Device? Device(in DeviceRow device)
    {
        var isMatched = _selection.Matches(device);
        DeploymentRow? deployment = seen.Deployments.TryGetValue(device.Id, out var found) ? found : null;
        var isInside = isMatched && !_selection.Excludes(device);
        var row = Row(device, deployment, isInside);
        if (!isMatched && row is null)
        {
            return null;
        }

        if (isMatched)
        {
            Matched++;
            _named.Add(device.Id);
        }

        return new Device
        {
            Seen = device,
            Deployment = deployment,
            Row = row,
            Rank = _rank.Of(device.Id),
            Stratum = Strata.Of(wanted.Spec.Rollout, device),
            Standing = Standing(device, deployment, row, isInside),
            WasTaken = WasTaken(device.Id),
        };
    }

    private bool WasTaken(DeviceId id) =>
        memory.Rows.TryGetValue(id, out var row)
        && row is { IsTried: true, IsTaken: true }
        && row.Revision == memory.Revision;

    /// <summary>The device's open row of this revision; one that left and comes back goes on where it was (F021), in a later
    /// revision only if nobody has told it anything else meanwhile. One that a finished revision only owed its way back, and that
    /// comes back before it got it, is as any that was kept (rule 9).</summary>
    private LedgerRow? Row(in DeviceRow device, DeploymentRow? deployment, bool isInside)
    {
        if (
            !wanted.Rails.Admits(device.Tags)
            || !memory.Rows.TryGetValue(device.Id, out var row)
            || row.Revision != memory.Revision
            || (isInside && row.IsOwed)
        )
        {
            return null;
        }

        var isUntouched = row.IsTried || (row.Last is { } last && !_yard.IsForeign(deployment, last));
        var isBack = row.Closed == LedgerRow.HasLeft && isUntouched && isInside;
        return isBack ? row with { Closed = null }
            : row.Closed is null ? row
            : null;
    }

    private Standing Standing(in DeviceRow device, DeploymentRow? deployment, LedgerRow? row, bool isInside)
    {
        if (!isInside && row?.Last is null)
        {
            return new Standing { State = DeviceState.Excluded, Reason = "Excluded" };
        }

        if (!wanted.Rails.Admits(device.Tags))
        {
            return new Standing { State = DeviceState.Excluded, Reason = "GuardRefused" };
        }

        if (Owner(device, isInside) is { } rival)
        {
            return new Standing { State = DeviceState.Conflicted, Reason = rival };
        }

        if (isInside && IsUnprovable(device.Id))
        {
            return new Standing { State = DeviceState.Drifted, Reason = "RestoreUnknown" };
        }

        if (deployment is null && !seen.AbsentRowsAreCertain)
        {
            return new Standing
            {
                State = DeviceState.Unknown,
                Reason = "RowUnreadable",
                HoldsSlot = row is not null,
            };
        }

        return isInside ? Inside(device, deployment, row) : Outside(device, deployment, row!);
    }

    private bool IsUnprovable(DeviceId id) =>
        memory.Rows.TryGetValue(id, out var row)
        && row.Closed == LedgerRow.RestoreUnknown
        && row.Revision == memory.Revision;

    /// <summary>What this revision has not sent forward must be able to run the version; a row from before keeps the
    /// way back open (rule 10).</summary>
    private Standing Inside(in DeviceRow device, DeploymentRow? deployment, LedgerRow? row)
    {
        var obstacle = row is { IsTried: true, Last: not null }
            ? null
            : Fitness.Obstacle(wanted, _yard, device, deployment);
        if (obstacle is not null && row?.Last is null)
        {
            return new Standing { State = DeviceState.Excluded, Reason = obstacle };
        }

        var found = Moved(device, deployment, row);
        var isTakenBack = obstacle is null && Drift.IsTakenBack(wanted, memory, found, row);
        var moved = isTakenBack ? UnmovedStanding.TakenBack(_yard, device, deployment, found) : found;
        var isIdle = moved is { State: DeviceState.Waiting or DeviceState.Deferred, WantsBack: BackCause.None };
        return !isIdle ? moved
            : obstacle is not null ? moved with { State = DeviceState.Excluded, Reason = obstacle }
            : BundleLock.Of(wanted, device, deployment, moved, _yard.At);
    }

    private bool IsHandLoaded(DeploymentRow? deployment) =>
        deployment is { Bundle.IsUnknown: true } && !wanted.Spec.Embedded.AllowUnknownBundle;

    private Standing Moved(in DeviceRow device, DeploymentRow? deployment, LedgerRow? row) =>
        row switch
        {
            { Last: not null } when IsHandLoaded(deployment) => BundleLock.HandLoaded(row),
            { Last.Kind: CommandKind.Back } => BackStanding.Of(_yard, device, deployment, row),
            { IsTried: true, Last: not null } => ForwardStanding.Of(_yard, device, deployment, row),
            _ => UnmovedStanding.Of(_yard, device, deployment, row),
        };

    /// <summary>A leaver keeps what its state calls for: an unsettled one goes back at once (rule 29).</summary>
    private Standing Outside(in DeviceRow device, DeploymentRow? deployment, LedgerRow row)
    {
        var inside = Moved(device, deployment, row);
        if (inside.State == DeviceState.Drifted)
        {
            return inside;
        }

        var isUnheard = inside is { IsAccepted: false } and ({ WantsRepeat: true } or { Outcome: Outcome.NotAccepted });
        var isKept = inside.Outcome == Outcome.Confirmed && (_yard.IsEnded || !row.IsTried);
        var isIdle = inside is { State: DeviceState.Waiting or DeviceState.Deferred, IsArmed: false };
        var isUnsettled = !isUnheard && !isKept && !isIdle && inside.State != DeviceState.Updated;
        var isToRestore = inside.IsAccepted && wanted.Spec.Policy.OnLeave == LeavePolicy.Restore;
        var goesBack = isUnsettled || isToRestore;
        return inside with
        {
            State = DeviceState.Left,
            Reason = "Left",
            WantsBack = goesBack && row.IsForward ? BackCause.Left : BackCause.None,
        };
    }

    private string? Owner(DeviceRow device, bool isClaimed) =>
        wanted.Rivals.FirstOrDefault(rival => rival.Owns(device, isClaimed))?.Name;
}
