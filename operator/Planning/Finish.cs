using EdgeRelease.Api;

namespace EdgeRelease.Planning;

/// <summary>After the last step: arm who is offline, prove the end, then serve joiners in place (rules 18, 21).</summary>
internal static class Finish
{
    public static Walk Of(Scene scene)
    {
        var target = Share.Of(scene.Fleet, scene.Wanted, scene.Steps, scene.Steps.Count).Devices;
        var isWhole = IsWhole(scene);
        var due = ForwardWrites.Due(scene, target);
        due = isWhole ? [.. due.Union(ForwardWrites.ToArm(scene))] : due;
        var sending = ForwardWrites.Of(scene, due);
        var turn = new Turn(due, sending);
        if (scene.Memory.IsFinished)
        {
            var at = At(scene, scene.Memory.Result!.Value);
            var stuck = turn.Stuck(scene);
            var verdict = stuck is null ? at : at with { Message = $"{at.Message}; {stuck.Words}" };
            return new Walk(scene.Memory, target, sending, verdict)
            {
                Because = sending.Any(device => device.IsReachable)
                    ? "those that joined or came back after the end"
                    : "those that are offline take it when they return",
            };
        }

        if (due.Count > 0 || !scene.HasSettled(target) || Lowering.IsDue(scene))
        {
            var moving = Walk.Moving(scene, target, turn);
            return new Walk(scene.Memory, target, sending, moving);
        }

        return Ended(scene, target, isWhole ? RevisionResult.Complete : RevisionResult.AtPercentage);
    }

    /// <summary>Whether nothing is left out on purpose.</summary>
    private static bool IsWhole(Scene scene) =>
        scene.Wanted.Percentage == 100
        && scene.Steps[^1] is { Percentage: 100, DeviceTags: null } or { All: true, DeviceTags: null };

    private static Walk Ended(Scene scene, IReadOnlyList<Device> target, RevisionResult result)
    {
        var end = new EndOf(scene.Now, scene.Wanted.Spec.HistoryLimit);
        var memory = Revisions.Ended(scene.Memory, result, scene.Fleet, end);
        memory = memory with { Rows = Stable(memory) };
        var verdict = At(scene, result);
        return new Walk(memory, target, [], verdict) { Notices = [new Notice(verdict.Reason, verdict.Message)] };
    }

    /// <summary>A finished revision proves its version on every device that it confirmed (rule 9).</summary>
    private static Dictionary<Observation.DeviceId, LedgerRow> Stable(Memory memory) =>
        memory.Rows.ToDictionary(
            pair => pair.Key,
            pair =>
                pair.Value is { Outcome: Outcome.Confirmed, IsForward: true } row && row.Revision == memory.Revision
                    ? row with
                    {
                        Stable = row.Last!.Version,
                        StableEtag = memory.Version?.Etag,
                    }
                    : pair.Value
        );

    private static Verdict At(Scene scene, RevisionResult result)
    {
        var eligible = scene.Fleet.Eligible;
        var updated = eligible.Count(device => device.Standing.State == DeviceState.Updated);
        var what = scene.Wanted.Version is { } version ? $"run {version}" : "have the flow removed";
        var rest = Rest(scene);
        return result == RevisionResult.Complete
            ? new Verdict(Phase.Complete, Reasons.Complete, $"{updated} of {eligible.Count} devices {what}{rest}")
            : new Verdict(
                Phase.AtPercentage,
                Reasons.AtPercentage,
                $"{updated} of {eligible.Count} devices {what}, at {scene.Wanted.Percentage} %{rest}"
            );
    }

    private static string Rest(Scene scene)
    {
        var fleet = scene.Fleet;
        var eligible = fleet.Eligible;
        var unread = fleet.Devices.Count(device => device.Standing.State == DeviceState.Unknown);
        var armed = eligible.Count(device => device.Standing.IsArmed);
        var offline = eligible.Count(device => device.Standing.State == DeviceState.Deferred) - armed;
        var failed = eligible.Count(device => device.Standing.State == DeviceState.Failed);
        var lost = eligible.Count(device => device.Standing.State == DeviceState.Lost);
        var returned = eligible.Count(device => device.IsBackAgain);
        var ignored = eligible.Where(device => device.Standing.Reason == "NotAccepted").ToList();
        var parts = new List<string>();
        Say(parts, armed, "offline, change on return");
        Say(parts, offline, "offline, served on return");
        Say(parts, failed, "failed");
        Say(parts, eligible.Count(device => device.Standing.Reason == "Dark"), "dark, may return");
        Say(parts, lost - returned, "went dark");
        if (returned > 0)
        {
            parts.Add(Losses.Returned(returned, scene.Memory));
        }

        Say(parts, ignored.Count, $"not taken by Losant: {Names.Of(ignored.Select(device => device.Id))}");
        Say(parts, eligible.Count(device => device.Standing.Reason == "PendingByOthers"), "told by somebody else");
        Say(parts, eligible.Count(device => device.Standing.Busy is not null), "waiting for the bundle");
        Say(parts, unread, "cannot be read now");
        return parts.Count == 0 ? "" : "; " + string.Join(", ", parts);
    }

    private static void Say(List<string> parts, int count, string what)
    {
        if (count > 0)
        {
            parts.Add($"{count} {what}");
        }
    }
}
