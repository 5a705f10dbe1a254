using EdgeRelease.Observation;

namespace EdgeRelease.Planning;

/// <summary>The devices told within the last minute, from the ledger's command times and Losant's log (F017). A command
/// that the log does not show, or no longer, may have been taken as late as its call could end.</summary>
public static class Minute
{
    private static readonly TimeSpan Length = TimeSpan.FromMinutes(1);

    /// <summary>After this no command counts any more.</summary>
    internal static readonly TimeSpan Longest = Times.CallEndsWithin + Length;

    /// <summary>Devices that may still be told now.</summary>
    internal static int Room(Scene scene) =>
        scene.Wanted.Spec.Limits.PerMinute is { } most
            ? most - Ends(scene.Memory, scene.Fleet).Count - scene.Spent.Count(sending => sending.IsMetered)
            : int.MaxValue;

    /// <summary>Whether the limit also counts a command: forward ones, and those back that keep all limits (rule 12).</summary>
    /// <param name="command">The command.</param>
    public static bool Counts(Command command) =>
        command
            is { Kind: CommandKind.Forward }
                or { Cause: BackCause.Left or BackCause.Lowered or BackCause.Deletion };

    /// <summary>Whether the device itself was told within the minute: the ledger keeps one time each way, and the next
    /// way forward would take its place, so that it must wait.</summary>
    internal static bool IsWithin(Scene scene, DeviceId id) =>
        scene.Wanted.Spec.Limits.PerMinute is not null
        && scene.Memory.Rows.TryGetValue(id, out var row)
        && Ends(row, scene.Fleet).Any();

    /// <summary>When the next device may be told, as far as the minute goes; null when one may be told now.</summary>
    internal static DateTimeOffset? NextAt(Release wanted, Plan plan)
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
            .Select(device => Ends(plan.Memory.Rows[device.Id], fleet).Max(end => (DateTimeOffset?)end))
            .Min();
        return ends.Count < most ? own : Earlier(ends.Order().ElementAt(ends.Count - most), own);
    }

    /// <summary>In words, that the minute is used up and when it goes on; empty when it does not hold anybody.</summary>
    internal static string Says(Scene scene)
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
    private static List<DateTimeOffset> Ends(Memory memory, Fleet fleet) =>
        [.. memory.Rows.Values.SelectMany(row => Ends(row, fleet))];

    private static IEnumerable<DateTimeOffset> Ends(LedgerRow row, Fleet fleet)
    {
        if (ForwardEnd(row, fleet.Seen) is { } forward && forward > fleet.At)
        {
            yield return forward;
        }

        if (row.Last is { Kind: CommandKind.Back } back && Counts(back) && End(row, back, fleet.Seen) > fleet.At)
        {
            yield return End(row, back, fleet.Seen);
        }
    }

    private static DateTimeOffset? ForwardEnd(LedgerRow row, Snapshot seen) =>
        row.Last is { Kind: CommandKind.Forward } last ? End(row, last, seen) : row.WasForwardAt + Longest;

    private static DateTimeOffset End(LedgerRow row, Command command, Snapshot seen) =>
        seen.Deployments.TryGetValue(row.Device, out var deployment) && Yardstick.IsOurs(deployment, command)
            ? deployment.LastDesired!.At + Length
            : command.At + Longest;
}
