using EdgeRelease.Api;

namespace EdgeRelease.Planning;

/// <summary>Everything a decision looks at.</summary>
internal sealed record Scene(Release Wanted, Memory Memory, Fleet Fleet, Evidence Evidence, DateTimeOffset Now)
{
    private static readonly IReadOnlyList<RolloutStep> AllAtOnce = [new RolloutStep { Percentage = 100 }];

    /// <summary>Free slots that this plan's own back writes take.</summary>
    public int Spent { get; init; }

    /// <summary>The steps in force.</summary>
    public IReadOnlyList<RolloutStep> Steps => Memory.FastLane ? AllAtOnce : Wanted.Steps;

    /// <summary>The devices of the step under way, and of all before it.</summary>
    public Share Target => Share.Of(Fleet, Wanted, Steps, Memory.Step.Index);

    /// <summary>The most devices that may be unavailable at once.</summary>
    public int MaxUnavailable
    {
        get
        {
            var limit = Wanted.Spec.Limits.MaxUnavailable;
            var total = Fleet.Eligible.Count;
            return limit.IsPercent ? Math.Max(1, (int)((long)limit.Value * total / 100)) : limit.Value;
        }
    }

    /// <summary>Devices that hold a slot (rule 15).</summary>
    public List<Device> SlotHolders => [.. Fleet.Devices.Where(device => device.Standing.HoldsSlot)];

    /// <summary>In words, that these devices hold every slot and what to do.</summary>
    public string StuckSlots =>
        $"all {MaxUnavailable} slots are held by {Names.Of(SlotHolders.Select(device => device.Id))}: "
        + "bring them back or raise limits.maxUnavailable";

    /// <summary>The wait for a free slot, with at most 10 of the devices that hold them.</summary>
    public WaitingFor Budget =>
        new()
        {
            Kind = WaitingKind.Budget,
            Devices = [.. SlotHolders.Select(device => device.Id).Order().Take(10).Select(id => id.ToString())],
        };

    /// <summary>Slots that are free.</summary>
    public int FreeSlots => Math.Max(0, MaxUnavailable - SlotHolders.Count - Spent);

    /// <summary>Whether devices of the release cannot be read: then no step passes or is skipped, and nothing ends
    /// (I6, I10).</summary>
    public bool IsBlind => Fleet.Devices.Any(device => device.Standing.State == DeviceState.Unknown);

    /// <summary>Whether a step with these devices can yield no more outcomes.</summary>
    public bool HasSettled(IEnumerable<Device> target) => !IsBlind && target.All(device => device.IsSettled);
}
