using EdgeRelease.Planning;
using EdgeRelease.Simulation;
using Outcome = EdgeRelease.Planning.Outcome;

namespace EdgeRelease.Tests.Swarm;

/// <summary>I1: never more changes of desired versions by one release within 60 s than limits.perMinute, forward and on the
/// ways back that keep the limit (rule 12).</summary>
internal sealed class MinuteJudge(Truth truth)
{
    private static readonly TimeSpan Length = TimeSpan.FromMinutes(1);

    private readonly Dictionary<string, List<Telling>> _changes = [];

    /// <summary>Judges a change that a call made. What Losant did later than any call ends is not the operator's pace.
    /// </summary>
    public void Judge(JudgedCall call, DeviceChangeRecord change)
    {
        var row = call.Sent.FirstOrDefault(row => row.Device.ToString() == change.DeviceId);
        if (row is null || !IsPaced(row) || change.At > JudgedCall.Command(row).At + Times.CallEndsWithin)
        {
            return;
        }

        if (!_changes.TryGetValue(call.Release.Uid, out var changes))
        {
            _changes[call.Release.Uid] = changes = [];
        }

        // While nothing is limited the ledger remembers the last time of a device and no other.
        var limit = call.Release.Spec.Limits.PerMinute;
        changes.RemoveAll(told => told.At <= truth.Now - Length || (limit is null && told.Device == change.DeviceId));
        // A ledger that is rebuilt knows nothing of devices that went back.
        changes.RemoveAll(told => !told.IsForward && told.At <= truth.LedgerLostAt);
        changes.Add(new Telling(change.DeviceId, truth.Now, call.IsForward));
        var isJudged = call.IsOfThisSpec && changes.Count > limit;
        Violation.If(isJudged, "I1", $"{changes.Count} told within a minute");
    }

    /// <summary>Whether a command waits for the limit. A restore that is sent again does not, nor does one that an offline
    /// device has not taken, or that finds a leaver unsettled.</summary>
    private static bool IsPaced(LedgerRow row) =>
        JudgedCall.Command(row) switch
        {
            { Kind: CommandKind.Forward } => true,
            { Repeats: > 0 } or { WasConnected: false } => false,
            { Cause: BackCause.Lowered or BackCause.Deletion } => true,
            { Cause: BackCause.Left } => row.Outcome == Outcome.Confirmed,
            _ => false,
        };

    private readonly record struct Telling(string Device, DateTimeOffset At, bool IsForward);
}
