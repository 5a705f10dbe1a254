using EdgeRelease.Api;

namespace EdgeRelease.Planning;

/// <summary>Everything a decision looks at.</summary>
internal sealed record Scene(Release Wanted, Memory Memory, Fleet Fleet, Evidence Evidence, DateTimeOffset Now)
{
    private static readonly IReadOnlyList<RolloutStep> AllAtOnce = [new RolloutStep { Percentage = 100 }];

    /// <summary>What this plan's own back writes send: nothing else may use their slots and their part of the minute.</summary>
    public IReadOnlyList<Sending> Spent { get; init; } = [];

    /// <summary>Versions that devices go back to and that Losant no longer has.</summary>
    public IReadOnlyList<string> Gone { get; init; } = [];

    /// <summary>When devices may be sent forward.</summary>
    public Hours Hours { get; init; } = new(Wanted, Now);

    /// <summary>When devices may go back that windows hold all the same.</summary>
    public Hours HoursBack { get; } = new(Wanted, Now, isForward: false);

    /// <summary>The steps in force.</summary>
    public IReadOnlyList<RolloutStep> Steps => Memory.FastLane ? AllAtOnce : Wanted.Steps;

    /// <summary>The devices of the step under way, and of all before it.</summary>
    public Share Target => Share.Of(Fleet, Wanted, Steps, Memory.Step.Index);

    /// <summary>The most devices that may be unavailable at once.</summary>
    public int MaxUnavailable => Wanted.Rails.Most(Wanted.Spec.Limits.MaxUnavailable, Fleet.Eligible.Count);

    /// <summary>Devices that hold a slot (rule 15).</summary>
    public List<Device> SlotHolders => [.. Fleet.Devices.Where(device => device.Standing.HoldsSlot)];

    /// <summary>What went dark, judged apart from failures.</summary>
    public Losses Losses => Losses.Of(Memory, Fleet, Groups.Of(Wanted), Wanted.Spec.Health.LostAfter);

    /// <summary>Slots that are free.</summary>
    public int FreeSlots =>
        Math.Max(0, MaxUnavailable - SlotHolders.Count - Spent.Count(sending => sending.Device.TakesSlot));

    /// <summary>Whether a device may go forward by the clock; going back to what nearly all ran before needs no window
    /// (rule 22).</summary>
    public bool IsOpen(Device device) => Memory.FastLane || Hours.IsOpen(device.Seen.Tags);

    /// <summary>Whether windows and freezes let a device go back that is not rescued by it, but leaves the release or is left
    /// by it (rule 12).</summary>
    public bool MayLeave(Device device) => Wanted.Rails.Frozen is null && HoursBack.IsOpen(device.Seen.Tags);

    /// <summary>Whether failures and losses count now (rule 21).</summary>
    public bool IsWatched => !Memory.IsOver(Wanted, Fleet.At);

    /// <summary>Whether the revision has ended well and does not go on.</summary>
    public bool IsEnded => Memory.IsEnded(Wanted);

    /// <summary>Whether devices of the release cannot be read: then no step passes or is skipped, and nothing ends
    /// (I6, I10).</summary>
    public bool IsBlind => Fleet.Devices.Any(device => device.Standing.State == DeviceState.Unknown);

    /// <summary>Whether a step with these devices can yield no more outcomes.</summary>
    public bool HasSettled(IEnumerable<Device> target) => !IsBlind && target.All(device => device.IsSettled);
}
