using EdgeRelease.Api;
using EdgeRelease.Observation;

namespace EdgeRelease.Planning;

/// <summary>Where a device stands after its revision's forward command.
/// <code>
/// commanded -> accepted -> runs it --confirm--> Updated
///     |           |            \--dark, lostAfter--> Lost --back-->
///     |           |--error, retryGrace, or flapping--> Failed --back--> restored
///     |           \--settleTimeout of connected time--> Failed
///     \--not shown 60 s after the call ended--> again once, then NotAccepted
/// </code></summary>
internal static class ForwardStanding
{
    public static Standing Of(Yardstick yard, DeviceRow seen, DeploymentRow? deployment, LedgerRow row)
    {
        var command = row.Last!;
        if (yard.At <= command.At)
        {
            return Updating("Commanded", row) with { DueAt = command.At + Times.AppliedWithin };
        }

        if (yard.IsForeign(deployment, command))
        {
            return new Standing
            {
                State = DeviceState.Drifted,
                Reason = "ForeignWriter",
                Outcome = row.Outcome,
                Error = row.Error,
            };
        }

        if (deployment?.Desired != command.Version || ShowsOlderContent(yard, deployment, row))
        {
            return Unheard(yard, deployment, row);
        }

        var accepted = Accepted(yard, seen, deployment, row) with { IsAccepted = true };
        return Confounding.Is(yard, deployment, row) ? Confounding.Of(accepted) : accepted;
    }

    /// <summary>What the name meant before is no answer to our command, until Losant shows nothing else after a second
    /// one: then the content that was published anew is the same.</summary>
    private static bool ShowsOlderContent(Yardstick yard, DeploymentRow? deployment, LedgerRow row)
    {
        var command = row.Last!;
        var isTold = yard.Etag is null && command.Repeats > 0 && yard.At >= command.At + Times.AppliedWithin;
        return deployment is { } shown
            && yard.IsOutdated(shown, isCarried: false)
            && !Yardstick.IsOurs(deployment, command)
            && !isTold;
    }

    private static Standing Accepted(Yardstick yard, DeviceRow seen, DeploymentRow? deployment, LedgerRow row)
    {
        if (!Yardstick.SameContent(deployment?.DesiredEtag, yard.Etag))
        {
            return new Standing
            {
                State = DeviceState.Drifted,
                Reason = "VersionRepublished",
                IsRepublished = true,
                Outcome = row.Outcome,
            };
        }

        if (row.Outcome == Outcome.Failed)
        {
            return FailedForGood(row, row.Error, wantsBack: yard.RestoreFailed);
        }

        if (Yardstick.IsFlapping(deployment, row.Last!))
        {
            return FailedNow(yard, row, "changed between running and failing more than 3 times within an hour");
        }

        if (Yardstick.Runs(deployment, row.Last!.Version))
        {
            return Running(yard, seen, deployment, row);
        }

        return Yardstick.OwnError(deployment, row.Last) is { } error
            ? Failing(yard, row, error, Yardstick.ErredAt(deployment, row.Last, error, row.ErredAt))
            : Silent(yard, seen, deployment, row);
    }

    private static Standing Unheard(Yardstick yard, DeploymentRow? deployment, LedgerRow row)
    {
        var command = row.Last!;
        var due = command.At + Times.AppliedWithin;
        if (yard.At < due || command.Seen)
        {
            return Updating("Commanded", row) with { DueAt = yard.At < due ? due : null };
        }

        if (yard.ScannedAt < due)
        {
            return Updating("Commanded", row) with { WantsScan = true };
        }

        var missed =
            command.Repeats == 0
                ? Updating("NotApplied", row) with
                {
                    WantsRepeat = true,
                    HoldsSlot = false,
                }
                : new Standing
                {
                    State = DeviceState.Waiting,
                    Reason = "NotAccepted",
                    Outcome = Outcome.NotAccepted,
                };
        return missed with { IsOnEarlier = command.FromOurs && deployment?.Desired == command.From };
    }

    private static Standing Running(Yardstick yard, DeviceRow seen, DeploymentRow? deployment, LedgerRow row)
    {
        var since = Yardstick.RunsSince(deployment, row.Last!);
        var cameBack = seen.ConnectionAt > since;
        var wasGood = seen.Connected
            ? cameBack || yard.At - since >= yard.Health.Confirm
            : seen.ConnectionAt - since >= yard.Health.Confirm;
        var confirmed = row.Outcome == Outcome.Confirmed || wasGood;
        var isLeftAlone = confirmed && yard.IsOver && !(yard.LostAt(seen, row.Last!) <= yard.WatchedUntil);
        if (!seen.Connected && row.Last!.WasConnected && !isLeftAlone)
        {
            return Dark(yard, seen, row, confirmed);
        }

        if (confirmed)
        {
            return Confirmed();
        }

        return seen.Connected ? Updating("Confirming", row) with { DueAt = since + yard.Health.Confirm } : Armed(row);
    }

    /// <summary>Rule 6: connected when commanded, disconnected now.</summary>
    private static Standing Dark(Yardstick yard, DeviceRow seen, LedgerRow row, bool confirmed)
    {
        if (yard.Health.LostAfter == TimeSpan.Zero)
        {
            return confirmed ? Confirmed() : Armed(row);
        }

        var due = yard.LostAt(seen, row.Last!);
        return yard.At < due
            ? Updating("Dark", row) with
            {
                DueAt = due,
                HoldsSlot = !confirmed,
            }
            : Lost(isKept: confirmed && yard.IsEnded);
    }

    /// <summary>After the end a device that was good stays so in the ledger: it goes back by a breach only.</summary>
    private static Standing Lost(bool isKept) =>
        new()
        {
            State = DeviceState.Lost,
            Reason = "Lost",
            Outcome = isKept ? Outcome.Confirmed : Outcome.Lost,
            HoldsSlot = !isKept,
            WantsBack = isKept ? BackCause.None : BackCause.Lost,
        };

    private static Standing Failing(Yardstick yard, LedgerRow row, CurrentEntry error, DateTimeOffset since)
    {
        var due = since + yard.Health.RetryGrace;
        var standing =
            yard.At < due
                ? Updating("Failing", row) with
                {
                    IsFailing = true,
                    DueAt = due,
                    Error = error.Error,
                }
                : FailedNow(yard, row, error.Error!);
        return standing with { ErredAt = since };
    }

    private static Standing Silent(Yardstick yard, DeviceRow seen, DeploymentRow? deployment, LedgerRow row)
    {
        if (!seen.Connected)
        {
            return row.Last!.WasConnected ? Dark(yard, seen, row, confirmed: false) : Armed(row);
        }

        var from = Yardstick.CommandTime(deployment, row.Last!);
        var clock = seen.ConnectionAt is { } at && at > from ? at : from;
        var due = clock + yard.Health.SettleTimeout;
        return yard.At < due ? Updating("Applying", row) with { DueAt = due }
            : yard.ScannedAt < due ? Updating("Applying", row) with { WantsScan = true }
            : FailedNow(yard, row, $"no answer within {Durations.Format(yard.Health.SettleTimeout)} of connected time");
    }

    private static Standing FailedNow(Yardstick yard, LedgerRow row, string error)
    {
        var canRetry = row.Previous is not null && row.Last!.Version is not null;
        var attemptsLeft = canRetry && row.Attempts <= yard.Health.Retries;
        return attemptsLeft
            ? Updating("RestoringToRetry", row) with
            {
                IsFailing = true,
                WantsBack = BackCause.Failure,
                Error = error,
            }
            : FailedForGood(row, error, yard.RestoreFailed);
    }

    private static Standing FailedForGood(LedgerRow row, string? error, bool wantsBack) =>
        new()
        {
            State = DeviceState.Failed,
            Reason = "Failed",
            Outcome = Outcome.Failed,
            Error = error ?? row.Error,
            HoldsSlot = true,
            WantsBack = wantsBack ? BackCause.Failure : BackCause.None,
        };

    private static Standing Updating(string reason, LedgerRow row) =>
        new()
        {
            State = DeviceState.Updating,
            Reason = reason,
            Outcome = row.Outcome,
            HoldsSlot = true,
        };

    private static Standing Confirmed() =>
        new()
        {
            State = DeviceState.Updated,
            Reason = "Confirmed",
            Outcome = Outcome.Confirmed,
        };

    private static Standing Armed(LedgerRow row) =>
        new()
        {
            State = DeviceState.Deferred,
            Reason = "Armed",
            IsArmed = true,
            Outcome = row.Outcome,
        };
}
