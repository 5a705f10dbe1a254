using EdgeRelease.Api;
using EdgeRelease.Observation;
using EdgeRelease.Planning;
using EdgeRelease.Simulation;

namespace EdgeRelease.Tests.Swarm;

/// <summary>Whose device a call moves, from what and how often: I2, I3, I4 and I8.</summary>
internal sealed class OwnerJudge(Truth truth, Owners owners)
{
    private readonly Dictionary<(string Uid, int Revision, string Device), Forwards> _forwards = [];
    private readonly Dictionary<(string Uid, string Device), DateTimeOffset> _backs = [];
    private readonly Dictionary<(string Uid, DeviceId Device), HashSet<string>> _previous = [];
    private readonly Dictionary<string, Told> _ours = [];

    /// <summary>I2: named, not excluded; what changed lately may not have been seen.</summary>
    public void JudgeForward(JudgedCall call)
    {
        if (!call.IsOfThisSpec)
        {
            return;
        }

        var selection = call.Selection;
        foreach (var row in call.Sent.Where(row => !truth.IsTouched(row.Device)))
        {
            Violation.If(!Truth.IsSelected(selection, truth.Device(row.Device)), "I2", $"{row.Device} is not selected");
        }
    }

    /// <summary>I3: of several releases that name a device only its owner commands it.</summary>
    public void JudgeOwner(JudgedCall call)
    {
        foreach (var row in call.Sent.Where(row => !truth.IsTouched(row.Device)))
        {
            Violation.If(
                owners.IsOfAnother(call.Release.Uid, truth.Device(row.Device), truth.Now - Truth.Lag),
                "I3",
                $"{row.Device} is commanded by {call.Release.Key} and belongs to another release"
            );
        }
    }

    /// <summary>I8: a device goes back to what its row says, or is removed with the release.</summary>
    public static void JudgeBack(JudgedCall call)
    {
        foreach (var row in call.Sent)
        {
            Violation.If(
                call.Version != row.Previous && !IsRemoval(call),
                "I8",
                $"{row.Device} goes to {call.Version ?? "nothing"}, not to {row.Previous ?? "nothing"}"
            );
        }
    }

    /// <summary>Judges what a call really changed.</summary>
    public void JudgeChange(JudgedCall call, DeviceChangeRecord change)
    {
        var id = DeviceId.Parse(change.DeviceId);
        if (call.Rows.GetValueOrDefault(id) is not { } row)
        {
            return;
        }

        NotForeign(call, row, change);
        _ours[change.DeviceId] = new Told(call.Release.Uid, change.To, truth.Now);
        if (call.IsForward)
        {
            Previous(call, row, change);
            Once(call, change);
            return;
        }

        BackOnce(call, change);
        if (call.Cause is BackCause.Lowered or BackCause.Left)
        {
            _forwards.Remove((call.Release.Uid, call.Revision, change.DeviceId));
        }
    }

    /// <summary>I3: what is overwritten is ours, or what was there when we planned, or what a call of the release that had
    /// the device before did late.</summary>
    private void NotForeign(JudgedCall call, LedgerRow row, DeviceChangeRecord change)
    {
        var isLate =
            _ours.TryGetValue(change.DeviceId, out var told)
            && told.Release != call.Release.Uid
            && told.Version == change.From
            && truth.Now - told.At < Truth.Underway;
        var command = JudgedCall.Command(row);
        var isKnown =
            change.From == command.Version
            || change.From == command.From
            || change.From == row.Previous
            || change.From == row.Last?.Version;
        Violation.If(
            !isKnown && !isLate && !truth.IsTouched(row.Device),
            "I3",
            $"{row.Device} had {change.From ?? "nothing"}, neither {command.From ?? "nothing"} nor {command.Version ?? "nothing"}"
        );
    }

    /// <summary>I8: what a device is to go back to is what it ran or was told just before its first command.</summary>
    private void Previous(JudgedCall call, LedgerRow row, DeviceChangeRecord change)
    {
        var key = (call.Release.Uid, row.Device);
        var inherited = _previous.TryGetValue(key, out var known) ? known : _previous[key] = [];
        var word = row.Previous ?? "";
        var isTrue =
            inherited.Contains(word) || change.From == row.Previous || truth.LatelyHad(row.Device, row.Previous);
        inherited.Add(word);
        Violation.If(
            !row.IsTried && !isTrue,
            "I8",
            $"{row.Device} is to go back to {row.Previous ?? "nothing"}, but had {change.From ?? "nothing"}"
        );
    }

    /// <summary>I4: one effective forward change for each attempt; whoever left, or was another's, and came back begins
    /// anew.</summary>
    private void Once(JudgedCall call, DeviceChangeRecord change)
    {
        _backs.Remove((call.Release.Uid, change.DeviceId));
        var key = (call.Release.Uid, call.Revision, change.DeviceId);
        var before = _forwards.GetValueOrDefault(key);
        var id = DeviceId.Parse(change.DeviceId);
        if (truth.TouchedAt(id) > before.At || owners.WasOfAnother(call.Release.Uid, truth.Device(id), before.At))
        {
            before = default;
        }

        var now = new Forwards(before.Count + 1, Math.Max(before.Retries, call.Release.Spec.Health.Retries), truth.Now);
        _forwards[key] = now;
        Violation.If(
            now.Count > 1 + now.Retries,
            "I4",
            $"{change.DeviceId} was sent forward {now.Count} times in r{call.Revision}, with {now.Retries} retries"
        );
    }

    /// <summary>Whether a deleted release takes the version off every device that has it, whoever brought it (rule 31); an edit
    /// between intent and call may say otherwise by now.</summary>
    private static bool IsRemoval(JudgedCall call) =>
        call.Version is null
        && call.Release.Meta.DeletionTimestamp is not null
        && (call.Release.Spec.Policy.OnDelete == DeletePolicy.Remove || !call.IsOfThisSpec);

    /// <summary>I4: one effective back change for each forward one, in whichever revision, unless somebody else had the
    /// device since.</summary>
    private void BackOnce(JudgedCall call, DeviceChangeRecord change)
    {
        var (key, id) = ((call.Release.Uid, change.DeviceId), DeviceId.Parse(change.DeviceId));
        var isAgain =
            _backs.TryGetValue(key, out var before)
            && truth.TouchedAt(id) <= before
            && !owners.WasOfAnother(call.Release.Uid, truth.Device(id), before);
        _backs[key] = truth.Now;
        Violation.If(
            isAgain && !IsRemoval(call),
            "I4",
            $"{change.DeviceId} was sent back to {change.To ?? "nothing"} a second time"
        );
    }

    [System.Runtime.InteropServices.StructLayout(System.Runtime.InteropServices.LayoutKind.Auto)]
    private readonly record struct Forwards(int Count, int Retries, DateTimeOffset At);

    /// <summary>What a call changed last.</summary>
    private sealed record Told(string Release, string? Version, DateTimeOffset At);
}
