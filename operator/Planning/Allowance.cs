namespace EdgeRelease.Planning;

/// <summary>What one plan may still send: slots, slots of groups, and a part of the minute, taken as devices are chosen.</summary>
internal sealed class Allowance
{
    private readonly GroupSlots _groups;
    private int _slots;
    private int _minute;

    private Allowance(GroupSlots groups, int slots, int minute) => (_groups, _slots, _minute) = (groups, slots, minute);

    /// <summary>What is free under all limits of the release.</summary>
    /// <param name="scene">The scene.</param>
    /// <param name="slots">No more slots than this.</param>
    public static Allowance Of(Scene scene, int slots = int.MaxValue) =>
        new(new GroupSlots(scene), Math.Min(slots, scene.FreeSlots), Minute.Room(scene));

    /// <summary>What is free in a rollback: only the limit per group holds there (rule 12).</summary>
    public static Allowance OfGroups(Scene scene) => new(new GroupSlots(scene), int.MaxValue, int.MaxValue);

    /// <summary>Takes what a device needs.</summary>
    /// <returns>False when something of it is used up; then nothing was taken.</returns>
    public bool Take(Device device)
    {
        var isAllowed = _minute > 0 && (!device.TakesSlot || (_slots > 0 && _groups.Full(device).Count == 0));
        if (!isAllowed)
        {
            return false;
        }

        _minute--;
        if (device.TakesSlot)
        {
            _slots--;
            _groups.Take(device);
        }

        return true;
    }
}

/// <summary>A device that a plan sends back.</summary>
/// <param name="Device">The device.</param>
/// <param name="IsMetered">Whether it counts in the limit per minute.</param>
internal sealed record Sending(Device Device, bool IsMetered);
