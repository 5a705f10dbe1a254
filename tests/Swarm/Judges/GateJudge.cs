using System.Text.Json;
using EdgeRelease.Api;
using EdgeRelease.Controller;
using EdgeRelease.Kubernetes;
using EdgeRelease.Observation;
using EdgeRelease.Planning;

namespace EdgeRelease.Tests.Swarm;

/// <summary>Rule 27: no device of the next step moves before a person opened the gate between, by what people wrote into
/// the object.</summary>
internal sealed class GateJudge(World world, Truth truth)
{
    private readonly HashSet<(string Uid, string Prefix)> _opened = [];

    public void Judge(JudgedCall call)
    {
        Unasked(call);
        var status = call.Release.Status!;
        var isPromoted = status.LastHandled?.Promote == $"r{status.Revision}";
        Violation.If(
            isPromoted && !IsPromoted(call),
            "R27",
            $"r{status.Revision} was promoted, but nobody asked for it"
        );
        // A device that is taken back from somebody else has a place already.
        if (
            isPromoted
            || call.Sent.All(row => row.IsTried && JudgedCall.Command(row).IsCorrection)
            || !call.IsOfThisSpec
            || status.FastLane
            || status.Result is not null
            || status.Step is not { } step
        )
        {
            return;
        }

        var steps = call.Release.Spec.Rollout?.Steps ?? [];
        var position = step.Passed ? steps.Count : step.Index - 1;
        var gate = Enumerable
            .Range(0, Math.Max(0, Math.Min(position, steps.Count - 1)))
            .LastOrDefault(index => steps[index].Approval, -1);
        var ceiling = call.Release.Spec.RolloutPercentage ?? 100;
        if (gate < 0 || ceiling < steps[gate].Percentage || !WasAsked(call, steps[gate], gate, ceiling))
        {
            return;
        }

        var opened = (call.Release.Uid, $"r{status.Revision}-s{gate + 1}-");
        var isOpen = _opened.Contains(opened) || IsOpened(call.Release, opened.Item2);
        Violation.If(!isOpen, "R27", $"step {position + 1} began, but nobody approved step {gate + 1}");
        _opened.Add(opened);
    }

    /// <summary>A ring that nobody was in is skipped, gate and all, and a ring or count that the ceiling may have cut
    /// short is the last step.</summary>
    private bool WasAsked(JudgedCall call, RolloutStep step, int index, int ceiling) =>
        step.Percentage is not null
            && step.DeviceTags is null
            && (ceiling == 100 || call.Release.Spec.Rollout!.Steps.Take(index).All(IsOfAll))
        || (
            ceiling == 100
            && call.Rows.Values.Any(row =>
                row.Step == index
                && call.IsMoved(row)
                && Truth.IsSelected(call.Selection, truth.Device(row.Device))
                && truth.TouchedAt(row.Device) < row.Last?.At
                && (
                    step.DeviceTags is not { } ring || Selection.HasAll(new TagSet(truth.Device(row.Device).Tags), ring)
                )
            )
        );

    private static bool IsOfAll(RolloutStep step) => step.Percentage is not null && step.DeviceTags is null;

    /// <summary>More devices moved than the application lets pass unasked, by the rows of devices that are there and that
    /// the guard covers: who lost the guard's tags is no part of any release.</summary>
    private void Unasked(JudgedCall call)
    {
        if (truth.Rails.Guard.ApprovalAbove is not { } most)
        {
            return;
        }

        var moved = call.Rows.Values.Count(row =>
            call.IsMoved(row)
            && truth.IsInGuard(row.Device)
            && truth.Device(row.Device).DeletedAt is null
            && !truth.IsTouched(row.Device)
        );
        var isAsked = moved <= most || IsOpened(call.Release, $"r{call.Revision}-a{most}-");
        Violation.If(!isAsked, "R27", $"{moved} devices moved, but nobody approved more than {most}");
    }

    private bool IsPromoted(JudgedCall call)
    {
        var opened = (call.Release.Uid, $"r{call.Revision}");
        var isPromoted =
            _opened.Contains(opened)
            || Past(call.Release)
                .Any(json =>
                    ReleaseObject.Of(json).Meta.Annotations.GetValueOrDefault(Annotations.Promote) == opened.Item2
                );
        if (isPromoted)
        {
            _opened.Add(opened);
        }

        return isPromoted;
    }

    private bool IsOpened(ReleaseObject release, string prefix)
    {
        var (percentage, isAsked) = (100, false);
        foreach (var json in Past(release))
        {
            var past = ReleaseObject.Of(json);
            var raised = past.Spec.RolloutPercentage ?? 100;
            var isToken = past
                .Spec.Approve.Append(past.Meta.Annotations.GetValueOrDefault(Annotations.Approve))
                .Any(Is);
            if (isToken || (isAsked && raised > percentage))
            {
                return true;
            }

            (percentage, isAsked) = (raised, isAsked || Is(past.Status?.Step?.Asked));
        }

        return false;

        bool Is(string? token) => token?.StartsWith(prefix, StringComparison.Ordinal) == true;
    }

    private IEnumerable<JsonElement> Past(ReleaseObject release) =>
        world
            .Cluster.Record.Where(write => write.Kind == Kinds.Release && write.Key == release.Key)
            .Select(write => write.After)
            .Where(json => ResourceJson.UidOf(json) == release.Uid)
            .Append(release.Json);
}
