using EdgeRelease.Api;
using EdgeRelease.Observation;

namespace EdgeRelease.Planning;

/// <summary>Where a device stands after a command back to what it ran before.</summary>
internal static class BackStanding
{
    public static Standing Of(Yardstick yard, DeviceRow seen, DeploymentRow? deployment, LedgerRow row)
    {
        var command = row.Last!;
        if (yard.At > command.At && yard.IsForeign(deployment, command))
        {
            return new Standing
            {
                State = DeviceState.Drifted,
                Reason = "ForeignWriter",
                Outcome = row.Outcome,
                Error = row.Error,
            };
        }

        var isBack =
            deployment?.Desired == command.Version
            && deployment?.Current == command.Version
            && (deployment is not { } shown || Yardstick.IsLoaded(shown))
            && IsNewer(yard, deployment, command);
        return isBack ? Restored(yard, seen, deployment, row) : Restoring(yard, seen, deployment, row);
    }

    /// <summary>Whether what is seen is newer than the command: an entry from before it may only be an old answer, so
    /// without one of its own the command's time must have passed.</summary>
    private static bool IsNewer(Yardstick yard, DeploymentRow? deployment, Command command) =>
        yard.At > command.At && (Yardstick.IsOurs(deployment, command) || yard.At >= command.At + Times.AppliedWithin);

    private static Standing Restored(Yardstick yard, DeviceRow seen, DeploymentRow? deployment, LedgerRow row)
    {
        var isOn = !row.IsTried && yard.Version is not null && row.Last!.Version == yard.Version;
        if (isOn && !(deployment is { } told && yard.IsOutdated(told, isCarried: true)))
        {
            return new Standing
            {
                State = DeviceState.Updated,
                Reason = "Adopted",
                IsAdopted = true,
            };
        }

        var outcome = OutcomeOf(yard, row);
        var state = outcome switch
        {
            Outcome.Failed => DeviceState.Failed,
            Outcome.Lost => DeviceState.Lost,
            _ => seen.Connected ? DeviceState.Waiting : DeviceState.Deferred,
        };
        return new Standing
        {
            State = state,
            Reason = "Restored",
            Outcome = outcome,
            Error = row.Error,
            IsRestored = true,
            IsAccepted = true,
        };
    }

    /// <summary>The row's outcome; one that failed and was to be tried again has failed for good once the spec allows no
    /// more retries (rule 5).</summary>
    private static Outcome OutcomeOf(Yardstick yard, LedgerRow row) =>
        row is { Outcome: Outcome.None, Last.Cause: BackCause.Failure } && row.Attempts > yard.Health.Retries
            ? Outcome.Failed
            : row.Outcome;

    private static Standing Restoring(Yardstick yard, DeviceRow seen, DeploymentRow? deployment, LedgerRow row)
    {
        var command = row.Last!;
        var outcome = OutcomeOf(yard, row);
        var standing = new Standing
        {
            State = outcome switch
            {
                Outcome.Failed => DeviceState.Failed,
                Outcome.Lost => DeviceState.Lost,
                _ => seen.Connected ? DeviceState.Updating : DeviceState.Deferred,
            },
            Reason = "Restoring",
            Outcome = outcome,
            Error = row.Error,
            IsFailingBack = command.Refusals > Times.RestoreTries,
            HoldsSlot = seen.Connected || command.WasConnected || outcome is Outcome.Failed or Outcome.Lost,
            IsAccepted = deployment?.Desired == command.Version && IsNewer(yard, deployment, command),
        };
        if (!standing.IsAccepted)
        {
            var backoff = Backoff(command);
            var due = command.At + (backoff > Times.AppliedWithin ? backoff : Times.AppliedWithin);
            return standing with { WantsRepeat = yard.At >= due, DueAt = yard.At >= due ? null : due };
        }

        var timeout = TimeoutAt(yard, seen, deployment, command);
        var error = Yardstick.OwnError(deployment, command)?.Error;
        if (error is null && yard.At >= timeout && yard.ScannedAt < timeout)
        {
            return standing with { WantsScan = true };
        }

        if (error is null && yard.At >= timeout)
        {
            error = $"no answer within {Durations.Format(yard.Health.SettleTimeout)} of connected time";
        }

        DateTimeOffset?[] dues = [timeout, command.At + Times.AppliedWithin];
        return error is null
            ? standing with
            {
                DueAt = dues.Where(due => due > yard.At).Min(),
            }
            : Again(yard, standing, command, error);
    }

    /// <summary>When its connected time without an answer is over; null while it is offline.</summary>
    private static DateTimeOffset? TimeoutAt(Yardstick yard, DeviceRow seen, DeploymentRow? deployment, Command command)
    {
        var from = Yardstick.CommandTime(deployment, command);
        var clock = seen.ConnectionAt is { } at && at > from ? at : from;
        return seen.Connected ? clock + yard.Health.SettleTimeout : null;
    }

    private static Standing Again(Yardstick yard, Standing standing, Command command, string why)
    {
        var due = command.At + Backoff(command);
        return standing with
        {
            Reason = "RestoreFailing",
            Error = standing.Error ?? why,
            Refusal = why,
            IsFailingBack = command.Refusals >= Times.RestoreTries,
            WantsRepeat = yard.At >= due,
            DueAt = due,
        };
    }

    private static TimeSpan Backoff(Command command) =>
        Times.RestoreBackoff * (1 << Math.Min(command.Repeats, Times.RestoreTries));
}
