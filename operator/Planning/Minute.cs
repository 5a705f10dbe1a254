using EdgeRelease.Observation;

namespace EdgeRelease.Planning;

/// <summary>The devices told within the last minute, from the ledger's command times and Losant's log (F017). A command
/// that the log does not show, or no longer, may have been taken as late as its call could end.</summary>
internal static class Minute
{
    private static readonly TimeSpan Length = TimeSpan.FromMinutes(1);

    /// <summary>After this no command counts any more.</summary>
    public static readonly TimeSpan Longest = Times.CallEndsWithin + Length;

    /// <summary>Devices that may still be told now.</summary>
    public static int Room(Scene scene) =>
        scene.Wanted.Spec.Limits.PerMinute is { } most
            ? most - Ends(scene.Memory, scene.Fleet).Count - scene.Spent.Count(sending => sending.IsMetered)
            : int.MaxValue;

    /// <summary>Whether the limit also counts a command: forward ones, and those back that keep all limits (rule 12).</summary>
    public static bool Counts(Command command) =>
        command.Kind == CommandKind.Forward
        || command.Cause is BackCause.Left or BackCause.Lowered or BackCause.Deletion;

    /// <summary>Whether the device itself was sent forward within the minute: the ledger keeps one such time a device,
    /// so that it must wait for its next attempt.</summary>
    public static bool IsWithin(Scene scene, DeviceId id) =>
        scene.Wanted.Spec.Limits.PerMinute is not null
        && scene.Memory.Rows.TryGetValue(id, out var row)
        && ForwardEnd(row, scene.Fleet.Seen) > scene.Fleet.At;

    /// <summary>When the next device may be told, as far as the minute goes; null when one may be told now.</summary>
    public static DateTimeOffset? NextAt(Release wanted, Plan plan)
    {
        if (wanted.Spec.Limits.PerMinute is not { } most)
        {
            return null;
        }

        var fleet = plan.Fleet!;
        var sent = plan.Batches.SelectMany(batch => batch.Rows).Where(row => Counts(row.Next!));
        List<DateTimeOffset> ends = [.. Ends(plan.Memory, fleet), .. sent.Select(row => row.Next!.At + Length)];
        var own = plan
            .Target.Where(device => device.IsCandidate && plan.Memory.Rows.ContainsKey(device.Id))
            .Select(device => ForwardEnd(plan.Memory.Rows[device.Id], fleet.Seen))
            .Where(end => end > fleet.At)
            .Min();
        return ends.Count < most ? own : Earlier(ends.Order().ElementAt(ends.Count - most), own);
    }

    /// <summary>In words, that the minute is used up and when it goes on; empty when it does not hold anybody.</summary>
    public static string Says(Scene scene)
    {
        if (scene.Wanted.Spec.Limits.PerMinute is not { } most)
        {
            return "";
        }

        var ends = Ends(scene.Memory, scene.Fleet);
        if (ends.Count < most)
        {
            return "";
        }

        var at = ends.Order().ElementAt(ends.Count - most);
        return $"; limits.perMinute {most} is used up, the next device is told after {Line.Of(at)}";
    }

    private static DateTimeOffset? Earlier(DateTimeOffset one, DateTimeOffset? other) => other < one ? other : one;

    /// <summary>When each command that counts now will count no more.</summary>
    private static List<DateTimeOffset> Ends(Memory memory, Fleet fleet)
    {
        var ends = new List<DateTimeOffset>();
        foreach (var row in memory.Rows.Values)
        {
            if (ForwardEnd(row, fleet.Seen) is { } forward && forward > fleet.At)
            {
                ends.Add(forward);
            }

            if (row.Last is { Kind: CommandKind.Back } back && Counts(back) && End(row, back, fleet.Seen) > fleet.At)
            {
                ends.Add(End(row, back, fleet.Seen));
            }
        }

        return ends;
    }

    private static DateTimeOffset? ForwardEnd(LedgerRow row, Snapshot seen) =>
        row.Last is { Kind: CommandKind.Forward } last ? End(row, last, seen) : row.WasForwardAt + Longest;

    private static DateTimeOffset End(LedgerRow row, Command command, Snapshot seen) =>
        seen.Deployments.TryGetValue(row.Device, out var deployment) && Yardstick.IsOurs(deployment, command)
            ? deployment.LastDesired!.At + Length
            : command.At + Longest;
}
