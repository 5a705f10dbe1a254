using EdgeRelease.Api;
using EdgeRelease.Planning;
using EdgeRelease.Simulation;

namespace EdgeRelease.Tests.Swarm;

/// <summary>I3: what somebody else commanded after us is overwritten only by the policy for it, and no device more than
/// twice within an hour.</summary>
internal sealed class DriftJudge(World world, Plant plant)
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    private readonly Dictionary<(string Uid, int Revision, string Device), List<DateTimeOffset>> _corrections = [];

    /// <summary>Judges what a call really changed.</summary>
    public void JudgeChange(JudgedCall call, DeviceChangeRecord change)
    {
        var row = call.Sent.FirstOrDefault(sent => sent.Device.ToString() == change.DeviceId);
        if (!call.IsForward || row?.Last is not { Kind: CommandKind.Forward } last || change.From == last.Version)
        {
            return;
        }

        // What somebody commanded after the observation cannot be known.
        var seenAt = call.Release.Status!.Observation?.At;
        var isForeign = plant.Foreign.TryGetValue(change.DeviceId, out var at) && at > last.At && !(at >= seenAt);
        if (!isForeign || JudgedCall.Command(row).Repeats > 0)
        {
            return;
        }

        Violation.If(
            call.IsOfThisSpec && call.Release.Spec.Policy.Drift != DriftPolicy.Correct,
            "I3",
            $"{change.DeviceId} had {change.From ?? "nothing"} of somebody else, and drift is only reported"
        );
        var key = (call.Release.Uid, call.Revision, change.DeviceId);
        var times = _corrections.TryGetValue(key, out var known) ? known : _corrections[key] = [];
        times.Add(world.Time.Now);
        var lately = times.Count(time => world.Time.Now - time < Hour);
        Violation.If(lately > 2, "I3", $"{change.DeviceId} was corrected {lately} times within an hour");
    }
}
