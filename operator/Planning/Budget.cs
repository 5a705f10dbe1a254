using EdgeRelease.Api;

namespace EdgeRelease.Planning;

/// <summary>A wait for slots that nobody gives back by himself (rule 15).</summary>
/// <param name="Holders">The devices that hold them.</param>
/// <param name="Words">Who holds what, and what to do.</param>
internal sealed record Budget(IReadOnlyList<Device> Holders, string Words)
{
    private const int Named = 10;

    /// <summary>The wait as the status says it, with at most 10 of the devices.</summary>
    public WaitingFor Waiting =>
        new()
        {
            Kind = WaitingKind.Budget,
            Devices = [.. Holders.Select(device => device.Id).Order().Take(Named).Select(id => id.ToString())],
        };

    /// <summary>What keeps all of these devices waiting for ever; null when one of them can go, or will.</summary>
    /// <param name="scene">The scene.</param>
    /// <param name="due">Devices that wait to be sent; those that need no slot do not count.</param>
    /// <param name="isForGood">Whether a device holds its slot until a person or the device itself does something.</param>
    public static Budget? Of(Scene scene, IEnumerable<Device> due, Predicate<Device> isForGood)
    {
        var waiting = due.Where(device => device.TakesSlot).ToList();
        if (waiting.Count == 0)
        {
            return null;
        }

        return scene.FreeSlots == 0 && scene.SlotHolders.TrueForAll(isForGood)
            ? OfAll(scene)
            : OfGroups(scene, waiting, isForGood);
    }

    /// <summary>All slots of the release are held.</summary>
    public static Budget OfAll(Scene scene) =>
        new(
            scene.SlotHolders,
            $"all {scene.MaxUnavailable} slots are held by {Names.Of(scene.SlotHolders.Select(device => device.Id))}: "
                + "bring them back or raise "
                + scene.Wanted.Rails.MostSetting(scene.Wanted.Spec.Limits.MaxUnavailable, scene.Fleet.Eligible.Count)
        );

    /// <summary>Each device waits for a group whose slots are all held; null when not so.</summary>
    public static Budget? OfGroups(Scene scene, IReadOnlyList<Device> waiting, Predicate<Device> isForGood)
    {
        var slots = new GroupSlots(scene);
        var groups = new HashSet<Group>();
        foreach (var device in waiting)
        {
            var held = slots.Full(device).Where(group => slots.HoldersOf(group).All(holder => isForGood(holder)));
            if (held.ToList() is not { Count: > 0 } all)
            {
                return null;
            }

            groups.UnionWith(all);
        }

        var sorted = groups.OrderBy(group => group.Name, StringComparer.Ordinal).ToList();
        var holders = sorted.SelectMany(slots.HoldersOf).DistinctBy(device => device.Id).ToList();
        return holders.Count == 0 ? null : new Budget(holders, InWords(waiting.Count, sorted, holders));
    }

    private static string InWords(int waiting, List<Group> groups, List<Device> holders)
    {
        var names = groups.Select(group => group.Name).Distinct().ToList();
        var more = names.Count > 1 ? $" and {names.Count - 1} other groups" : "";
        return $"{Names.Count(waiting)} waiting for {names[0]}{more}, whose slots are held by "
            + $"{Names.Of(holders.Select(device => device.Id))}: bring them back or raise {Group.Settings(groups)}";
    }
}
