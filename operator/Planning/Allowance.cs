namespace EdgeRelease.Planning;

/// <summary>What keeps a device back that is due.</summary>
internal enum Hold
{
    /// <summary>Its time window is closed.</summary>
    Window,

    /// <summary>All slots of <c>maxUnavailable</c> are held.</summary>
    Slots,

    /// <summary>The revision has had no success yet (rule 16).</summary>
    FirstContact,

    /// <summary>All slots of one of its groups are held.</summary>
    Group,

    /// <summary><c>limits.perMinute</c> is used up.</summary>
    Minute,
}

/// <summary>What one plan may still send: slots, first contact, slots of groups, and a part of the minute, taken as devices
/// are chosen.</summary>
internal sealed class Allowance
{
    private readonly GroupSlots _groups;
    private int _slots = int.MaxValue;
    private int _first = int.MaxValue;
    private int _minute = int.MaxValue;

    private Allowance(GroupSlots groups) => _groups = groups;

    /// <summary>What is free under all limits of the release.</summary>
    /// <param name="scene">The scene.</param>
    /// <param name="first">Devices that first contact lets go.</param>
    public static Allowance Of(Scene scene, int first = int.MaxValue) =>
        new(new GroupSlots(scene))
        {
            _slots = scene.FreeSlots,
            _first = first,
            _minute = Minute.Room(scene),
        };

    /// <summary>What is free in a rollback: only the limit per group holds there (rule 12).</summary>
    public static Allowance OfGroups(Scene scene) => new(new GroupSlots(scene));

    /// <summary>Takes what a device needs.</summary>
    /// <returns>False when something of it is used up; then nothing was taken.</returns>
    public bool Take(Device device) => Held(device) is null;

    /// <summary>Takes what a device needs.</summary>
    /// <returns>What is used up; then nothing was taken. Null when the device goes.</returns>
    public Hold? Held(Device device)
    {
        if (Bound(device) is { } hold)
        {
            return hold;
        }

        _minute--;
        if (device.TakesSlot)
        {
            _slots--;
            _first--;
            _groups.Take(device);
        }

        return null;
    }

    private Hold? Bound(Device device)
    {
        if (device.TakesSlot)
        {
            Hold? hold =
                _slots <= 0 ? Hold.Slots
                : _first <= 0 ? Hold.FirstContact
                : _groups.Full(device).Count > 0 ? Hold.Group
                : null;
            if (hold is not null)
            {
                return hold;
            }
        }

        return _minute > 0 ? null : Hold.Minute;
    }
}

/// <summary>A device that a plan sends back.</summary>
/// <param name="Device">The device.</param>
/// <param name="IsMetered">Whether it counts in the limit per minute.</param>
internal sealed record Sending(Device Device, bool IsMetered);
