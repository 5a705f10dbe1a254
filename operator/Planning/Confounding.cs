using EdgeRelease.Observation;

namespace EdgeRelease.Planning;

/// <summary>Microcontrollers whose bundle was built anew for something else, as globals or another flow, before they had
/// settled: whatever becomes of them says nothing about the version (F125).</summary>
internal static class Confounding
{
    /// <summary>Rebuilds within this are one.</summary>
    private static readonly TimeSpan Together = TimeSpan.FromMinutes(1);

    /// <summary>Whether something else was built into the device's bundle between the command and its outcome.</summary>
    public static bool Is(Yardstick yard, DeploymentRow? deployment, LedgerRow row)
    {
        if (row.Outcome != Outcome.None)
        {
            return row.Outcome == Outcome.Confounded;
        }

        if (
            deployment is not { Bundle.Rebuilt: { } change }
            || change.At < Yardstick.CommandTime(deployment, row.Last!)
        )
        {
            return false;
        }

        var isSettledBefore =
            Yardstick.Runs(deployment, row.Last!.Version)
            && change.At - Yardstick.RunsSince(deployment, row.Last) >= yard.Health.Confirm;
        return !isSettledBefore;
    }

    /// <summary>The standing without its meaning: good is no success, and bad is no failure, but goes back all the
    /// same.</summary>
    public static Standing Of(Standing standing) =>
        standing switch
        {
            { State: DeviceState.Lost } => standing,
            { State: DeviceState.Updated } => standing with { Reason = "Confounded", Outcome = Outcome.Confounded },
            { State: DeviceState.Failed } or { WantsBack: BackCause.Failure } => standing with
            {
                State = DeviceState.Updating,
                Reason = "Confounded",
                Outcome = Outcome.Confounded,
                WantsBack = BackCause.Failure,
                IsFailing = false,
            },
            _ => standing with { Outcome = Outcome.Confounded, IsFailing = false },
        };

    /// <summary>The rows of the revision whose devices prove nothing.</summary>
    public static IEnumerable<LedgerRow> Rows(Memory memory) =>
        memory.Rows.Values.Where(row => row.Outcome == Outcome.Confounded && row.Revision == memory.Revision);

    /// <summary>How often bundles were built anew while devices of the revision were under way.</summary>
    public static int Rebuilds(Memory memory)
    {
        var count = 0;
        DateTimeOffset? last = null;
        foreach (var at in Rows(memory).Select(row => row.OutcomeAt).OfType<DateTimeOffset>().Order())
        {
            if (last is null || at - last >= Together)
            {
                count++;
                last = at;
            }
        }

        return count;
    }

    /// <summary>That it happened again, in words; null when it did not.</summary>
    public static string? Repeated(Memory memory)
    {
        var rebuilds = Rebuilds(memory);
        return rebuilds >= 2 && rebuilds > memory.Acknowledged.Rebuilds
            ? $"bundles were built anew {rebuilds} times for something else while devices were under way: "
                + $"no proof from {Names.Count(Rows(memory).Count())}"
            : null;
    }
}
