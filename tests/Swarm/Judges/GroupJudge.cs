using EdgeRelease.Planning;

namespace EdgeRelease.Tests.Swarm;

/// <summary>I1: no call, forward or back, has more devices of a group away than limits.perGroup allows.</summary>
internal sealed class GroupJudge(Truth truth)
{
    public void Judge(JudgedCall call)
    {
        if (!call.IsOfThisSpec || call.Release.Spec.Limits.PerGroup is not { } limit)
        {
            return;
        }

        var groups = new Groups(limit);
        var sent = call.Sent.Select(row => row.Device).ToHashSet();
        var more = call.Sent.Where(row => WasThere(row) && IsCounted(row)).ToList();
        var away = call.Rows.Values.Where(row => !sent.Contains(row.Device) && IsCounted(row) && IsAway(row));
        var all = away.Concat(more).ToList();
        foreach (var group in more.SelectMany(row => groups.Of(Truth.Seen(truth.Device(row.Device)))).Distinct())
        {
            var count = all.Count(row => groups.Of(Truth.Seen(truth.Device(row.Device))).Contains(group));
            Violation.If(count > limit.MaxUnavailable, "I1", $"{count} of {group} away");
        }
    }

    /// <summary>Whether it ran what it was told before this call, so that this call takes it away.</summary>
    private static bool WasThere(LedgerRow row) => row.Last is null || row.Outcome == Outcome.Confirmed;

    private bool IsCounted(LedgerRow row) =>
        row is { Closed: null }
        && (row.Next ?? row.Last) is { WasConnected: true }
        && truth.IsSteady(row.Device)
        && !truth.IsTouched(row.Device)
        && !truth.IsForeign(row.Device, row.Last);

    /// <summary>Told, and does not run it yet.</summary>
    private bool IsAway(LedgerRow row) =>
        truth.Row(row.Device) is { } state
        && state.Desired == JudgedCall.Command(row).Version
        && state.Current != state.Desired;
}
