using EdgeRelease.Planning;

namespace EdgeRelease.Tests.Swarm;

/// <summary>Which devices of a release a call takes away, and which are away already, by the servers' truth.</summary>
internal sealed class Absences(Truth truth)
{
    /// <summary>Rows that this call takes away: they ran what they were told before it.</summary>
    public List<LedgerRow> Taken(JudgedCall call) => [.. call.Sent.Where(row => WasThere(row) && IsCounted(row))];

    /// <summary>Rows that the call does not send: told, and they do not run it yet.</summary>
    public List<LedgerRow> Others(JudgedCall call)
    {
        var sent = call.Sent.Select(row => row.Device).ToHashSet();
        return
        [
            .. call.Rows.Values.Where(row =>
                !sent.Contains(row.Device) && IsCounted(row) && IsAway(row) && !WasGood(call, row)
            ),
        ];
    }

    /// <summary>Whether an earlier revision had given its slot back: what fails later is not away by this one.</summary>
    private static bool WasGood(JudgedCall call, LedgerRow row) =>
        row.Outcome == Outcome.Confirmed && (!row.IsTried || row.Revision < call.Revision);

    private bool WasThere(LedgerRow row) =>
        row.Last is not { } last
        || (row.Outcome == Outcome.Confirmed && truth.Row(row.Device)?.Current == last.Version);

    private bool IsCounted(LedgerRow row) =>
        row is { Closed: null }
        && (row.Next ?? row.Last) is { WasConnected: true }
        && truth.IsInGuard(row.Device)
        && truth.IsSteady(row.Device)
        && !truth.IsTouched(row.Device)
        && !truth.IsForeign(row.Device, row.Last);

    private bool IsAway(LedgerRow row) =>
        truth.Row(row.Device) is { } state
        && state.Desired == JudgedCall.Command(row).Version
        && state.Current != state.Desired
        && !truth.LatelyRan(row.Device, state.Desired);
}
