using EdgeRelease.Api;
using EdgeRelease.Observation;
using EdgeRelease.Planning;
using EdgeRelease.Simulation;
using Outcome = EdgeRelease.Planning.Outcome;

namespace EdgeRelease.Tests.Swarm;

/// <summary>I7 for losses, rule 7: nothing goes back because devices went dark unless two of them did, ten others can be
/// compared with, and, where no groups are told apart, what the others did makes an accident unlikely. All that is not
/// certain counts for the release.</summary>
internal sealed class LossJudge(Truth truth)
{
    private const double Significance = 0.01;

    /// <summary>How a release says that it goes back because of losses.</summary>
    private const string Dark = "went dark on the version";

    private readonly HashSet<(string Uid, int Revision)> _judged = [];

    /// <summary>Rollbacks that were judged.</summary>
    public int Judged => _judged.Count;

    /// <summary>Judges the first call that takes a revision back.</summary>
    public void JudgeBack(JudgedCall call)
    {
        var latch = call.Release.Status!.Latch;
        var isByLosses =
            call.Cause == BackCause.Rollback
            && latch is { Kind: LatchKind.Breach, Reason: { } reason }
            && reason.Contains(Dark, StringComparison.Ordinal);
        if (!isByLosses || truth.LedgerLostAt is not null || !_judged.Add(call.Attempt))
        {
            return;
        }

        var lost = Tried(call).Where(row => row.Outcome == Outcome.Lost || IsDark(row)).ToList();
        Violation.If(lost.Count < 2, "I7", $"back because of losses, but {lost.Count} were lost");
        var others = truth.Devices.Count(device =>
            Truth.IsSelected(call.Selection, device) || truth.IsTouched(DeviceId.Parse(device.Id))
        );
        others -= lost.Count;
        Violation.If(others < 10, "I7", $"back because of losses, but only {others} others can be compared with");
        if (call.Release.Spec.Limits.PerGroup is null && !truth.HasGroups && call.Release.Status.Acknowledged is null)
        {
            Unlikely(call, lost, others);
        }
    }

    private void Unlikely(JudgedCall call, List<LedgerRow> lost, int others)
    {
        var tried = Tried(call).Select(row => row.Device).ToHashSet();
        var since = lost.Max(row => row.ForwardAt) ?? truth.Now;
        var dark = truth.Devices.Count(device =>
            Truth.IsSelected(call.Selection, device)
            && !tried.Contains(DeviceId.Parse(device.Id))
            && truth.HasBeenDarkSince(DeviceId.Parse(device.Id), since)
        );
        var last = lost.Max(row => row.Outcome == Outcome.Lost ? row.OutcomeAt : truth.Now);
        var moved = lost.Union(Tried(call).Where(row => HasOutcome(row) && row.ForwardAt <= last)).Count();
        var chance = Chance(lost.Count, moved, dark, others);
        Violation.If(
            chance > Significance,
            "I7",
            $"back because {lost.Count} of {moved} went dark, and {dark} of {others} others: the chance is {chance:F3}"
        );
    }

    private static IEnumerable<LedgerRow> Tried(JudgedCall call) =>
        call.Rows.Values.Where(row => row is { Closed: null, IsTried: true } && row.Revision == call.Revision);

    private static bool HasOutcome(LedgerRow row) => row.Outcome is Outcome.Confirmed or Outcome.Failed or Outcome.Lost;

    /// <summary>Whether it was good until the end and is dark: its row says so no more.</summary>
    private bool IsDark(LedgerRow row) =>
        row is { Outcome: Outcome.Confirmed, Last.WasConnected: true } && truth.DarkSince(row.Device) is not null;

    /// <summary>The chance that so many of those that went dark, or more, are among the moved (Fisher, one-sided).</summary>
    private static double Chance(int lost, int moved, int dark, int others)
    {
        var all = Choose(moved + others, lost + dark);
        return Enumerable
            .Range(lost, Math.Min(moved, lost + dark) - lost + 1)
            .Sum(ours => Choose(moved, ours) * Choose(others, lost + dark - ours) / all);
    }

    private static double Choose(int of, int count) =>
        count > of ? 0 : Enumerable.Range(1, count).Aggregate(1.0, (product, i) => product * (of - count + i) / i);
}
