using EdgeRelease.Api;
using EdgeRelease.Observation;

namespace EdgeRelease.Planning;

/// <summary>Which groups of a limit per group a device is in (F019, F093).</summary>
/// <param name="limit">The limit.</param>
public sealed class Groups(GroupLimitSpec limit)
{
    /// <summary>Devices of one group that may be away.</summary>
    public int Most => limit.MaxUnavailable;

    /// <summary>What a person raises to have more devices of a group away.</summary>
    public string Setting { get; init; } = "limits.perGroup.maxUnavailable";

    /// <summary>The groups that a release's devices are named and judged by: of its own limit, else of the guard's; null
    /// when neither has one.</summary>
    /// <param name="wanted">What is wanted.</param>
    public static Groups? Of(Release wanted) => All(wanted) is [var first, ..] ? first : null;

    /// <summary>All limits per group that hold for a release, its own first: each must allow a device to go.</summary>
    /// <param name="wanted">What is wanted.</param>
    public static IReadOnlyList<Groups> All(Release wanted)
    {
        ArgumentNullException.ThrowIfNull(wanted);
        List<Groups> all = [];
        if (wanted.Spec.Limits.PerGroup is { } own)
        {
            all.Add(new Groups(own));
        }

        if (wanted.Rails.Guard.PerGroup is { } rail)
        {
            all.Add(new Groups(rail) { Setting = wanted.Rails.Setting("perGroup.maxUnavailable") });
        }

        return all;
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

    /// <summary>Whether all of these devices may be away at the same time.</summary>
    internal bool Allows(IEnumerable<Device> devices) =>
        devices
            .SelectMany(device => Of(device.Seen))
            .CountBy(group => group, StringComparer.Ordinal)
            .All(group => group.Value <= Most);
}

/// <summary>A group under one limit.</summary>
/// <param name="Limit">The limit.</param>
/// <param name="Name">The group, as <c>site=hamburg</c>.</param>
internal sealed record Group(Groups Limit, string Name)
{
    /// <summary>What a person raises to have more devices of these groups away.</summary>
    public static string Settings(IEnumerable<Group> groups) =>
        string.Join(" and ", groups.Select(group => group.Limit.Setting).Distinct());
}

/// <summary>The slots of each group that are taken: by who holds one, and by what the plan sends (rule 15).</summary>
internal sealed class GroupSlots
{
    private readonly IReadOnlyList<Groups> _limits;
    private readonly Dictionary<Group, List<Device>> _holders = [];

    public GroupSlots(Scene scene)
    {
        _limits = Groups.All(scene.Wanted);
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
    public IReadOnlyList<Group> Full(Device device) =>
        [.. Of(device).Where(group => HoldersOf(group).Count >= group.Limit.Most)];

    /// <summary>Who takes the slots of a group.</summary>
    public IReadOnlyList<Device> HoldersOf(Group group) => _holders.GetValueOrDefault(group) ?? [];

    public void Take(Device device)
    {
        foreach (var group in Of(device))
        {
            if (!_holders.TryGetValue(group, out var holders))
            {
                _holders[group] = holders = [];
            }

            holders.Add(device);
        }
    }

    private IEnumerable<Group> Of(Device device) =>
        _limits.SelectMany(limit => limit.Of(device.Seen).Select(name => new Group(limit, name)));
}
