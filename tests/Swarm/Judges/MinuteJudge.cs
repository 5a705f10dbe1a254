using EdgeRelease.Planning;
using EdgeRelease.Simulation;

namespace EdgeRelease.Tests.Swarm;

/// <summary>I1: never more forward changes of desired versions by one release within 60 s than limits.perMinute.</summary>
internal sealed class MinuteJudge(Truth truth)
{
    private static readonly TimeSpan Length = TimeSpan.FromMinutes(1);

    private readonly Dictionary<string, List<(string Device, DateTimeOffset At)>> _changes = [];

    /// <summary>Judges a change that a forward call made. What Losant did later than any call ends is not the
    /// operator's pace.</summary>
    public void Judge(JudgedCall call, DeviceChangeRecord change)
    {
        var row = call.Sent.FirstOrDefault(row => row.Device.ToString() == change.DeviceId);
        if (row is null || change.At > JudgedCall.Command(row).At + Times.CallEndsWithin)
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
        changes.Add((change.DeviceId, truth.Now));
        var isJudged = call.IsOfThisSpec && changes.Count > limit;
        Violation.If(isJudged, "I1", $"{changes.Count} told within a minute");
    }
}
