using EdgeRelease.Api;
using EdgeRelease.Observation;

namespace EdgeRelease.Planning;

/// <summary>Which groups of <c>limits.perGroup</c> a device is in (F019).</summary>
/// <param name="limit">The limit.</param>
public sealed class Groups(GroupLimitSpec limit)
{
    /// <summary>Devices of one group that may be away.</summary>
    public int Most => limit.MaxUnavailable;

    /// <summary>A release's groups; null when it has no limit for any.</summary>
    /// <param name="wanted">What is wanted.</param>
    public static Groups? Of(Release wanted)
    {
        ArgumentNullException.ThrowIfNull(wanted);
        return wanted.Spec.Limits.PerGroup is { } limit ? new Groups(limit) : null;
    }

    /// <summary>The device's groups, as <c>site=hamburg</c>: one for each value of the tag, or its id alone.</summary>
    /// <param name="device">The device.</param>
    public IReadOnlyList<string> Of(in DeviceRow device)
    {
        List<string> values =
        [
            .. device.Tags.Pairs.Where(tag => tag.Key == limit.Tag).Select(tag => $"{tag.Key}={tag.Value}").Distinct(),
        ];
        return values.Count > 0 ? values : [device.Id.ToString()];
    }
}

/// <summary>The slots of each group that are taken: by who holds one, and by what the plan sends (rule 15).</summary>
internal sealed class GroupSlots
{
    private readonly Groups? _groups;
    private readonly Dictionary<string, List<Device>> _holders = new(StringComparer.Ordinal);

    public GroupSlots(Scene scene)
    {
        _groups = Groups.Of(scene.Wanted);
        foreach (var device in scene.Fleet.Devices.Where(device => device.Standing.HoldsSlot))
        {
            Take(device);
        }

        foreach (var sending in scene.Spent.Where(sending => sending.Device.TakesSlot))
        {
            Take(sending.Device);
        }
    }

    /// <summary>The groups of a device that have no slot left.</summary>
    public IReadOnlyList<string> Full(Device device) =>
        _groups is null ? [] : [.. _groups.Of(device.Seen).Where(group => HoldersOf(group).Count >= _groups.Most)];

    /// <summary>Who takes the slots of a group.</summary>
    public IReadOnlyList<Device> HoldersOf(string group) => _holders.GetValueOrDefault(group) ?? [];

    public void Take(Device device)
    {
        foreach (var group in _groups?.Of(device.Seen) ?? [])
        {
            if (!_holders.TryGetValue(group, out var holders))
            {
                _holders[group] = holders = [];
            }

            holders.Add(device);
        }
    }
}
