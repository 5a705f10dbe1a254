using EdgeRelease.Api;
using EdgeRelease.Controller;
using EdgeRelease.Planning;
using Outcome = EdgeRelease.Planning.Outcome;

namespace EdgeRelease.Tests.Swarm;

/// <summary>I7 by what devices told Losant: nobody goes forward once more have failed than the policy allows, and no step
/// begins after one that failed too often to pass.</summary>
internal sealed class EvidenceJudge(Plant plant, Truth truth)
{
    /// <summary>Too many failures among as many outcomes as there can be.</summary>
    public void Judge(JudgedCall call)
    {
        var status = call.Release.Status!;
        if (!IsJudged(call) || !IsWatched(call))
        {
            return;
        }

        var policy = call.Release.Spec.FailurePolicy;
        var tried = Tried(call).ToList();
        var accepted = status.Acknowledged ?? new AcknowledgedFailures();
        var failed = tried.Count(row => HasFailed(call, row)) - accepted.Failures;
        // Who left after an outcome still counts among those that have one.
        var all = call.Rows.Values.Count(row => row.IsTried && row.Revision == call.Revision);
        var outcomes = Math.Max(failed, all - accepted.Outcomes);
        var certain = failed + Confirmed(tried) - (accepted.Outcomes - accepted.Failures);
        Violation.If(
            failed > 0 && IsTooMany(policy, failed, outcomes) && certain >= (policy.MinOutcomes ?? 0),
            "I7",
            $"forward after {failed} of at most {outcomes} had failed"
        );
    }

    /// <summary>A step that ended with more failures than tolerated and was neither accepted nor waved through.</summary>
    /// <param name="call">The first call of the next step.</param>
    /// <param name="position">The number of the step before, from 1.</param>
    public void JudgeStep(JudgedCall call, int position)
    {
        var status = call.Release.Status!;
        var policy = call.Release.Spec.FailurePolicy;
        if (
            !IsJudged(call)
            || policy is not { Tolerance: { } tolerance, OnInconclusive: not InconclusiveAction.Continue }
            || status.Acknowledged is not null
        )
        {
            return;
        }

        var rows = Tried(call).Where(row => row.Step == position - 1).ToList();
        var failed = rows.Count(row =>
            row.Outcome == Outcome.Failed && row.OutcomeAt <= status.Step!.StartedAt && HasFailed(call, row)
        );
        Violation.If(
            failed * 100m > tolerance.Value * rows.Count,
            "I7",
            $"step {position + 1} began after {failed} of {rows.Count} had failed, {tolerance} are tolerated"
        );
    }

    /// <summary>Nothing goes back for a failure that came after the watch, unless the spec reopened the release.</summary>
    public static void JudgeBack(JudgedCall call)
    {
        var (release, status) = (call.Release, call.Release.Status!);
        if (call.Cause != BackCause.Rollback || status.Latch is not { Kind: LatchKind.Breach } latch)
        {
            return;
        }

        // It is judged by what was seen, and latched after that.
        Violation.If(
            release.Meta.Generation == 1 && WatchEnd(release) < latch.At - Truth.Underway,
            "I7",
            $"a breach at {latch.At:O} rolls back, the watch ended at {WatchEnd(release):O}"
        );
    }

    /// <summary>Nobody goes back for going dark that the operator saw after the watch, who had run the version for long
    /// enough before, unless the spec reopened the release.</summary>
    public void JudgeLost(JudgedCall call)
    {
        if (call.Cause != BackCause.Lost || call.Release.Meta.Generation > 1)
        {
            return;
        }

        var late = call
            .Sent.Where(row => row.OutcomeAt > WatchEnd(call.Release))
            .FirstOrDefault(row => WasGood(call, row));
        Violation.If(
            late is not null,
            "I7",
            $"{late?.Device} goes back for a loss at {late?.OutcomeAt:O}, the watch ended at {WatchEnd(call.Release):O}"
        );
    }

    /// <summary>Whether it surely was confirmed before it went dark.</summary>
    private bool WasGood(JudgedCall call, LedgerRow row) =>
        row.Last is { Kind: CommandKind.Forward } last
        && truth.RanAt(row.Device, last.Version, last.At) is { } ran
        && truth.DarkSince(row.Device) - ran > call.Release.Spec.Health.Confirm + Truth.Lag;

    /// <summary>When the watch of the present revision ends or ended; null before its end.</summary>
    private static DateTimeOffset? WatchEnd(ReleaseObject release) => EndOf(release) + release.Spec.FailurePolicy.Watch;

    /// <summary>When failures can have begun to be late; an edit may have lengthened the watch since.</summary>
    private static DateTimeOffset? LateAt(ReleaseObject release) =>
        release.Meta.Generation == 1 ? WatchEnd(release) : EndOf(release);

    private static DateTimeOffset? EndOf(ReleaseObject release) =>
        release.Status!.History.FirstOrDefault(past => past.Revision == release.Status.Revision)?.FinishedAt;

    /// <summary>Before the end, or within the watch. Later failures are nobody's evidence.</summary>
    private bool IsWatched(JudgedCall call) => !(WatchEnd(call.Release) <= truth.Now);

    private bool IsJudged(JudgedCall call) => call.IsOfThisSpec && !plant.MayFailInnocently;

    /// <summary>Without those that failed after the end, when nobody watched any longer: an edit may lengthen the watch.
    /// </summary>
    private static IEnumerable<LedgerRow> Tried(JudgedCall call) =>
        call
            .Rows.Values.Where(row => row is { Closed: null, IsTried: true } && row.Revision == call.Revision)
            .Where(row => !(row.IsLate && row.OutcomeAt > LateAt(call.Release)));

    /// <summary>By its own log, so long ago that every observation shows it, and without another attempt. Who lost the guard's
    /// tags is no part of any release.</summary>
    private bool HasFailed(JudgedCall call, LedgerRow row)
    {
        var health = call.Release.Spec.Health;
        var isOurs = !truth.IsTouched(row.Device) && !truth.IsForeign(row.Device, row.Last);
        isOurs &= truth.IsInGuard(row.Device);
        isOurs &= row.Last is null || !truth.IsConfounded(row.Device, row.Last);
        if (health.Retries > 0 || !isOurs || truth.Device(row.Device).DeletedAt is not null)
        {
            return false;
        }

        var isBack = row is { Outcome: Outcome.Failed, Last: { Kind: CommandKind.Back, Cause: BackCause.Failure } };
        return isBack
            || (
                row.Last is { Kind: CommandKind.Forward } last
                && truth.Row(row.Device) is { } state
                && state.Desired == last.Version
                && state.Current != last.Version
                && truth.RefusedBefore(row.Device, last, truth.Now - health.RetryGrace - Truth.Lag, Truth.ClockDoubt)
            );
    }

    /// <summary>Devices that surely have their outcome: those without one may not count for minOutcomes yet.</summary>
    private static int Confirmed(IEnumerable<LedgerRow> rows) => rows.Count(row => row.Outcome == Outcome.Confirmed);

    /// <summary>The rules again, written as they are read: an average of plain ratios.</summary>
    private static bool IsTooMany(FailurePolicySpec policy, int failed, int outcomes)
    {
        if (policy.Tolerance is not { } tolerance)
        {
            var limit = policy.MaxFailures ?? IntOrPercent.Count(0);
            return limit.IsPercent ? failed * 100 > limit.Value * outcomes : failed > limit.Value;
        }

        var tolerated = (double)tolerance.Value / 100;
        var ratio = Enumerable
            .Range(1, 95)
            .Select(i => tolerated + ((0.99 - tolerated) * i / 95))
            .Average(rate =>
                Math.Pow(rate / tolerated, failed) * Math.Pow((1 - rate) / (1 - tolerated), outcomes - failed)
            );
        return ratio > 1.000001 / (1 - ((double)policy.Confidence.Value / 100));
    }
}
