using EdgeRelease.Observation;
using EdgeRelease.Planning;
using EdgeRelease.Simulation;
using Outcome = EdgeRelease.Planning.Outcome;

namespace EdgeRelease.Tests.Swarm;

/// <summary>I6 and I15: the next step begins only after an observation of the last one succeeded, and its soak, in true
/// time whatever the wall clocks say.</summary>
internal sealed class StepJudge(Truth truth, EvidenceJudge evidence)
{
    private readonly Dictionary<string, Mark> _marks = [];
    private long _lastScan;

    /// <summary>Sees a read that Losant answered.</summary>
    public void SeeRead(RequestRecord request)
    {
        if (
            request is { Status: 200, Method: "GET" }
            && request.Path.EndsWith($"/{truth.Kind}/deployments", StringComparison.Ordinal)
        )
        {
            _lastScan = request.Seq;
        }
    }

    public void Judge(JudgedCall call)
    {
        var status = call.Release.Status!;
        if (status.Step is not { } step)
        {
            return;
        }

        var position = step.Passed ? step.Of + 1 : step.Index;
        var isSame =
            _marks.TryGetValue(call.Release.Uid, out var before)
            && before.Revision == call.Revision
            && before.StepsHash == step.StepsHash;
        // A percentage that was lowered below what has moved leaves no step to take: none begins.
        var percentage = call.Release.Spec.RolloutPercentage ?? 100;
        var isCut = step.Passed && percentage < before?.Percentage;
        if (isSame && before!.Position < position && !status.FastLane && !isCut)
        {
            Violation.If(_lastScan < before.LastCall, "I6", $"step {position} began without a look at the one before");
            Settled(call, position);
            Soaked(call, before);
            evidence.JudgeStep(call, before.Position);
        }

        var isGoingOn = isSame && before!.Position == position;
        _marks[call.Release.Uid] = isGoingOn
            ? before! with
            {
                LastCall = call.Seq,
                Percentage = Math.Max(percentage, before.Percentage),
            }
            : new Mark(call.Revision, step.StepsHash, position)
            {
                LastCall = call.Seq,
                At = truth.Now,
                Percentage = percentage,
                Generation = call.Release.Meta.Generation,
                // Who joins while the step soaks does not prolong its soak.
                First = step.SoakUntil is null
                    ? [.. call.Sent.Where(row => JudgedCall.Command(row).WasConnected).Select(row => row.Device)]
                    : [],
            };
    }

    /// <summary>Every device of earlier steps that can be reached runs the version, or failed.</summary>
    private void Settled(JudgedCall call, int position)
    {
        var selection = call.Selection;
        var health = call.Release.Spec.Health;
        foreach (var row in call.Rows.Values)
        {
            var isJudged =
                row is { Closed: null, Next: null, Last.Kind: CommandKind.Forward, IsTried: true }
                && row.Revision == call.Revision
                && row.Step < position - 1
                && truth.IsSteady(row.Device)
                && !truth.IsTouched(row.Device)
                && !truth.IsForeign(row.Device, row.Last)
                && row.Outcome != Outcome.Confounded
                && Truth.IsSelected(selection, truth.Device(row.Device));
            if (!isJudged || truth.Row(row.Device) is not { } state || state.Desired != call.Version)
            {
                continue;
            }

            var since = row.Last!.At;
            var hasFailed =
                row.Outcome == Outcome.Failed
                && (
                    truth.Now - since >= health.SettleTimeout
                    || truth.Refused(row.Device, call.Version, since - Truth.ClockDoubt)
                );
            Violation.If(
                state.Current != call.Version && !hasFailed && !truth.LatelyRan(row.Device, call.Version),
                "I6",
                $"step {position} began while {row.Device} of step {row.Step + 1} ran {state.Current ?? "nothing"}"
            );
        }
    }

    /// <summary>The soak lasted since the devices of the step's first call ran the version; one that was armed may wake up
    /// whenever it does.</summary>
    private void Soaked(JudgedCall call, Mark before)
    {
        var steps = Ramp.StepsOf(call.Release.Spec.Rollout);
        var isPromoted = call.Release.Status!.LastHandled?.Promote == $"r{call.Revision}";
        if (isPromoted || before.Position > steps.Count || before.Generation != call.Release.Meta.Generation)
        {
            return;
        }

        var soak = steps[before.Position - 1].Soak;
        // Without lostAfter whoever goes dark is armed at once, and wakes up whenever it does.
        var areArmed = call.Release.Spec.Health.LostAfter == TimeSpan.Zero;
        var ran = before
            .First.Where(id =>
                call.Rows.GetValueOrDefault(id) is { Closed: null, Outcome: Outcome.Confirmed }
                && truth.TouchedAt(id) < before.At
                && !(areArmed && truth.WentDark(id, before.At))
            )
            .Max(id => truth.RanAt(id, call.Version, before.At));
        Violation.If(
            truth.Now - ran < soak - Truth.ClockDoubt,
            "I6",
            $"step {before.Position + 1} began {truth.Now - ran} after the one before had settled, its soak is {soak}"
        );
    }

    /// <summary>The step of which a release sent devices forward last.</summary>
    private sealed record Mark(int Revision, string? StepsHash, int Position)
    {
        public required long LastCall { get; init; }

        public required DateTimeOffset At { get; init; }

        /// <summary>The most that was asked for since the step began.</summary>
        public required int Percentage { get; init; }

        public required long Generation { get; init; }

        public required IReadOnlyList<DeviceId> First { get; init; }
    }
}
