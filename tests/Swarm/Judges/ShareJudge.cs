using EdgeRelease.Planning;

namespace EdgeRelease.Tests.Swarm;

/// <summary>I1: never more moved than the persisted step has, never more away than maxUnavailable of the release and of
/// the application's guard.</summary>
internal sealed class ShareJudge(Truth truth, Owners owners)
{
    private readonly HashSet<(string Uid, int Revision)> _fast = [];
    private readonly Absences _absences = new(truth);

    public void Judge(JudgedCall call)
    {
        if (!call.IsOfThisSpec)
        {
            return;
        }

        FastLane(call);
        var selection = call.Selection;
        var total = truth.Devices.Count(device =>
            Truth.IsSelected(selection, device) || truth.IsTouched(Observation.DeviceId.Parse(device.Id))
        );
        if (call.Fresh.Any())
        {
            Cap(call, selection, total);
        }

        Slots(call, total);
        Rail(call);
    }

    private void Cap(JudgedCall call, Selection selection, int total)
    {
        var moved = call
            .Rows.Values.Where(row =>
                call.IsMoved(row)
                && Truth.IsSelected(selection, truth.Device(row.Device))
                && !truth.IsTouched(row.Device)
                && !truth.IsForeign(row.Device, row.Last)
            )
            .Select(row => row.Device)
            .ToList();
        var ceiling = Share.Part(call.Release.Spec.RolloutPercentage ?? 100, total);
        Violation.If(moved.Count > ceiling, "I1", $"{moved.Count} moved, the ceiling of {total} is {ceiling}");
        var reached = new ReachedSteps(truth, call);
        foreach (var device in call.Fresh.Select(row => row.Device).Where(device => !truth.IsTouched(device)))
        {
            Violation.If(
                !reached.Allow(device, moved, total),
                "I1",
                $"{device} is not of {reached}: {moved.Count} moved of {total}"
            );
        }
    }

    /// <summary>Rule 22: steps are skipped only when nine of ten devices to move had the version before.</summary>
    private void FastLane(JudgedCall call)
    {
        if (!call.Release.Status!.FastLane || !_fast.Add(call.Attempt))
        {
            return;
        }

        var selection = call.Selection;
        var toMove = truth
            .Devices.Where(device => Truth.IsSelected(selection, device))
            .Select(device => Observation.DeviceId.Parse(device.Id))
            .Where(id => truth.Row(id)?.Current != call.Version)
            .ToList();
        var returning = toMove.Count(id => truth.EverHadBefore(id, call.Version, call.Seq));
        var certain = toMove.Count(id =>
            !truth.IsTouched(id)
            && !truth.IsForeign(id, call.Rows.GetValueOrDefault(id)?.Last)
            && !owners.WasOfAnother(call.Release.Uid, truth.Device(id), truth.Now - Truth.Lag)
        );
        Violation.If(
            returning * 10 < certain * 9,
            "I1",
            $"steps are skipped though {returning} of {certain} devices had {call.Version ?? "nothing"} before"
        );
    }

    private void Slots(JudgedCall call, int total)
    {
        var limit = call.Release.Spec.Limits.MaxUnavailable;
        var most = limit.IsPercent ? Math.Max(1, limit.Value * total / 100) : limit.Value;
        var away = call
            .Rows.Values.Where(row => call.IsMoved(row) && IsAway(call, row))
            .Select(row => row.Device)
            .ToList();
        // A limit that was lowered is exceeded by who is away already; an offline device that is armed takes no slot.
        var isTaking = call.Sent.Any(row => JudgedCall.Command(row).WasConnected);
        Violation.If(
            isTaking && away.Count > most,
            "I1",
            $"{away.Count} away of at most {most} at {truth.Now:HH:mm:ss}: {string.Join(", ", away)}"
        );
    }

    /// <summary>The guard may have been lowered while more were away: only who takes one more away breaks it. Percentages
    /// are not drawn.</summary>
    private void Rail(JudgedCall call)
    {
        if (truth.Rails.Guard.MaxUnavailable is not { IsPercent: false } rail)
        {
            return;
        }

        var more = _absences.Taken(call).Count;
        var away = more + _absences.Others(call).Count(row => call.IsMoved(row) && IsAway(call, row));
        Violation.If(more > 0 && away > rail.Value, "I1", $"{away} away, the guard lets {rail.Value} be");
    }

    private bool IsAway(JudgedCall call, LedgerRow row)
    {
        var command = JudgedCall.Command(row);
        // Without lostAfter whoever goes dark holds no slot; that it is back may not have been seen yet.
        var isSeen = call.Release.Spec.Health.LostAfter > TimeSpan.Zero || truth.IsSteady(row.Device);
        return isSeen
            && command is { Kind: CommandKind.Forward, WasConnected: true }
            && !truth.IsTouched(row.Device)
            && truth.IsInGuard(row.Device)
            && truth.Device(row.Device) is { Connected: true, Bundle: not { State.IsUnknown: true } }
            && truth.Row(row.Device) is { } state
            && state.Desired == command.Version
            && state.Current != command.Version
            && !truth.LatelyRan(row.Device, command.Version);
    }
}
