using EdgeRelease.Api;

namespace EdgeRelease.Planning;

/// <summary>The condition Conflicted: on the release that leaves devices to another, and on the one that has them.</summary>
internal static class Conflicts
{
    public static void Say(ConditionSet conditions, Scene scene)
    {
        var lost = Lost(scene.Fleet).ToList();
        var parts = lost.Concat(Won(scene)).ToList();
        if (parts.Count > 0)
        {
            var reason = lost.Count > 0 ? Reasons.OwnedByAnother : Reasons.ClaimedByAnother;
            conditions.Say(ConditionTypes.Conflicted, ConditionStatus.True, reason, string.Join(", ", parts));
        }
    }

    private static IEnumerable<string> Lost(Fleet fleet) =>
        fleet
            .Devices.Where(device => device.Standing.State == DeviceState.Conflicted)
            .CountBy(device => device.Standing.Reason, StringComparer.Ordinal)
            .OrderBy(owner => owner.Key, StringComparer.Ordinal)
            .Select(owner => $"{owner.Value} belong to {owner.Key}");

    /// <summary>Devices that a weaker release names as well.</summary>
    private static IEnumerable<string> Won(Scene scene)
    {
        var own = new Selection(scene.Wanted.Spec);
        return scene
            .Wanted.Rivals.Where(rival => rival.IsWeaker)
            .OrderBy(rival => rival.Name, StringComparer.Ordinal)
            .Select(rival => (rival.Name, Shared: scene.Fleet.Devices.Count(device => IsShared(own, rival, device))))
            .Where(pair => pair.Shared > 0)
            .Select(pair => $"{pair.Shared} are claimed by {pair.Name} too, which leaves them to this release");
    }

    private static bool IsShared(Selection own, Rival rival, Device device) =>
        device.Standing.State != DeviceState.Conflicted
        && own.Claims(device.Seen)
        && rival.Selection.Claims(device.Seen);
}
