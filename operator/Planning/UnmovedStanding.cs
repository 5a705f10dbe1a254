using EdgeRelease.Observation;

namespace EdgeRelease.Planning;

/// <summary>Where a device stands that this revision has not sent forward: untouched, adopted, or carried over from
/// the revision before.</summary>
internal static class UnmovedStanding
{
    public static Standing Of(Yardstick yard, DeviceRow seen, DeploymentRow? deployment, LedgerRow? row)
    {
        if (row is { IsForward: true })
        {
            return Carried(yard, seen, deployment, row);
        }

        if (IsOn(yard, deployment, isCarried: false) is { } on)
        {
            return on;
        }

        return yard.IsTakenAway(deployment)
            ? new Standing { State = DeviceState.Drifted, Reason = "ForeignWriter" }
            : Idle(seen);
    }

    /// <summary>Adopted (rule 17), or on its way by somebody else's hand; null when it runs something else.</summary>
    private static Standing? IsOn(Yardstick yard, DeploymentRow? deployment, bool isCarried)
    {
        if (deployment is not { } row || row.Desired != yard.Version || yard.IsOutdated(row, isCarried))
        {
            return null;
        }

        if (!Yardstick.SameContent(row.DesiredEtag, yard.Etag))
        {
            return new Standing
            {
                State = DeviceState.Drifted,
                Reason = "VersionRepublished",
                IsRepublished = true,
            };
        }

        return Yardstick.Runs(row, yard.Version)
            ? new Standing
            {
                State = DeviceState.Updated,
                Reason = "Adopted",
                IsAdopted = true,
            }
            : new Standing
            {
                State = DeviceState.Waiting,
                Reason = "PendingByOthers",
                Outcome = Outcome.NotAccepted,
            };
    }

    /// <summary>The revision before moved it: settled it stays and ranks first, unsettled it goes back (rule 23).</summary>
    private static Standing Carried(Yardstick yard, DeviceRow seen, DeploymentRow? deployment, LedgerRow row)
    {
        var command = row.Last!;
        if (yard.At > command.At && yard.IsForeign(deployment, command))
        {
            return new Standing
            {
                State = DeviceState.Drifted,
                Reason = "ForeignWriter",
                Outcome = row.Outcome,
            };
        }

        var isAccepted = yard.At > command.At && deployment?.Desired == command.Version;
        var due = command.At + Times.AppliedWithin;
        if (row.Outcome == Outcome.Confirmed)
        {
            var on = IsOn(yard, deployment, isCarried: true) ?? Idle(seen);
            return on with { IsAccepted = isAccepted, Outcome = Outcome.Confirmed, DueAt = yard.At < due ? due : null };
        }

        if (!isAccepted && yard.At >= due)
        {
            return IsOn(yard, deployment, isCarried: true) ?? Idle(seen);
        }

        return new Standing
        {
            State = seen.Connected ? DeviceState.Updating : DeviceState.Deferred,
            Reason = "Superseded",
            HoldsSlot = seen.Connected,
            IsArmed = !seen.Connected,
            IsAccepted = isAccepted,
            WantsBack = BackCause.Superseded,
            DueAt = isAccepted ? null : due,
        };
    }

    /// <summary>Somebody else commanded it since the revision before did, and drift is corrected: it begins anew. Whoever
    /// put it on the version did so without this release, which then has nothing to tell it (rule 17): what it was confirmed
    /// on is no outcome of the version. With other content under the version's name it stays drifted.</summary>
    public static Standing TakenBack(Yardstick yard, DeviceRow seen, DeploymentRow? deployment, Standing drifted) =>
        IsOn(yard, deployment, isCarried: true) switch
        {
            { IsRepublished: true } => drifted,
            { } on => on,
            null => Idle(seen) with { IsTakenBack = true, Outcome = drifted.Outcome },
        };

    private static Standing Idle(DeviceRow seen) =>
        seen.Connected
            ? new Standing { State = DeviceState.Waiting, Reason = "Waiting" }
            : new Standing { State = DeviceState.Deferred, Reason = "Offline" };
}
