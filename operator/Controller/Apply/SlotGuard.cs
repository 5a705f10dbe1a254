using EdgeRelease.Observation;
using EdgeRelease.Planning;

namespace EdgeRelease.Controller;

/// <summary>How many devices a batch would have away, of the release and of each group, held against the limits of the
/// release and of its application (I1).</summary>
/// <param name="wanted">What is wanted.</param>
/// <param name="fleet">The fleet before anything was sent.</param>
/// <param name="devices">Its devices.</param>
internal sealed class SlotGuard(Release wanted, Fleet fleet, IReadOnlyDictionary<DeviceId, Device> devices)
{
    /// <summary>More devices than may be away on the way forward; null when not so.</summary>
    public string? OfAll(Memory memory, Batch batch)
    {
        var most = wanted.Rails.Most(wanted.Spec.Limits.MaxUnavailable, fleet.Eligible.Count);
        var held = Held(memory, command => command.Kind == CommandKind.Forward);
        var before = held.Count;
        held.UnionWith(batch.Rows.Where(row => row.Next!.WasConnected).Select(row => row.Device));
        return held.Count > before && held.Count > most ? $"I1: {held.Count} slots of {most}" : null;
    }

    /// <summary>More devices of one group than may be away, whichever way they go (F019, F093, rule 12); null when not
    /// so.</summary>
    public string? OfGroups(Memory memory, Batch batch)
    {
        var limits = Groups.All(wanted);
        if (limits.Count == 0)
        {
            return null;
        }

        var held = Held(memory, _ => true);
        var more = batch.Rows.Where(row => row.Next!.WasConnected).Select(row => row.Device).Except(held).ToList();
        return limits.Select(limit => Of(limit, held, more)).FirstOrDefault(broken => broken is not null);
    }

    private string? Of(Groups limit, IReadOnlyCollection<DeviceId> held, IReadOnlyCollection<DeviceId> more)
    {
        var grown = more.SelectMany(id => GroupsOf(limit, id)).ToHashSet(StringComparer.Ordinal);
        var over = held.Concat(more)
            .SelectMany(id => GroupsOf(limit, id))
            .CountBy(group => group, StringComparer.Ordinal)
            .FirstOrDefault(group => grown.Contains(group.Key) && group.Value > limit.Most);
        return over.Key is null ? null : $"I1: {over.Value} slots of {limit.Most} in {over.Key}";
    }

    private IReadOnlyList<string> GroupsOf(Groups limit, DeviceId id) =>
        devices.TryGetValue(id, out var device) ? limit.Of(device.Seen) : [];

    /// <summary>Devices that hold a slot: by the observation, or by a command sent since.</summary>
    private HashSet<DeviceId> Held(Memory memory, Predicate<Command> counts)
    {
        var held = fleet.Devices.Where(device => device.Standing.HoldsSlot).Select(device => device.Id).ToHashSet();
        var sent = memory.Rows.Values.Where(row =>
            row.Last is { WasConnected: true } last && last.At > fleet.At && counts(last)
        );
        held.UnionWith(sent.Select(row => row.Device));
        return held;
    }
}
