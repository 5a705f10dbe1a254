using EdgeRelease.Api;
using EdgeRelease.Observation;

namespace EdgeRelease.Planning;

/// <summary>Which devices belong to a step: who is in already, then reachable ones, each by rank or spread over strata
/// (rules 13, 14, F022); those whose bundle is being changed come last (F124).</summary>
public sealed class Share
{
    private readonly HashSet<DeviceId> _ids = [];
    private readonly List<Device> _devices = [];
    private readonly IReadOnlyList<Device> _pool;
    private readonly IReadOnlyList<Device> _eligible;
    private readonly int _cap;
    private readonly bool _isSpread;

    private Share(IReadOnlyList<Device> eligible, Func<Device, bool> mayJoin, int ceiling, bool withPlaced)
    {
        _eligible = eligible;
        _cap = Part(ceiling, eligible.Count);
        _isSpread = eligible is [{ Stratum: not null }, ..];
        var placed = eligible.Where(device => device.IsPlaced).ToList();
        var open = eligible.Where(device => !device.IsPlaced && mayJoin(device));
        _pool =
        [
            .. placed,
            .. open.OrderBy(device => !device.IsCarried).ThenBy(device => device.Standing.Busy is not null),
        ];
        if (withPlaced)
        {
            placed.ForEach(Add);
        }
    }

    /// <summary>The devices, placed ones first, each by rank.</summary>
    public IReadOnlyList<Device> Devices => _devices;

    /// <summary>Whether the ceiling cut the step short.</summary>
    public bool IsCapped { get; private set; }

    /// <summary>The target of a step and of all before it, with whoever was moved or adopted already.</summary>
    /// <param name="fleet">The fleet.</param>
    /// <param name="wanted">What is wanted.</param>
    /// <param name="steps">The steps in force.</param>
    /// <param name="index">The zero-based step; beyond the last means the last.</param>
    public static Share Of(Fleet fleet, Release wanted, IReadOnlyList<RolloutStep> steps, int index)
    {
        // One that is offline and goes back first cannot be told before it has returned. One that was moved and cannot be
        // read now keeps its place: another would be one too many when it can.
        var arms = wanted.Spec.Health.Offline == OfflinePolicy.Arm;
        var unread = fleet
            .Devices.Where(device => device.IsPlaced && device.Standing.State == DeviceState.Unknown)
            .ToList();
        var share = new Share(
            unread.Count == 0 ? fleet.Eligible : [.. fleet.Eligible, .. unread],
            device => device.IsReachable || (arms && device.IsCandidate),
            wanted.Percentage,
            withPlaced: true
        );
        share.Fill(steps, index);
        return share;
    }

    /// <summary>How many devices a step and all before it have by themselves, whoever was moved already and whoever is
    /// offline now.</summary>
    /// <param name="fleet">The fleet.</param>
    /// <param name="wanted">What is wanted.</param>
    /// <param name="steps">The steps in force.</param>
    /// <param name="index">The zero-based step.</param>
    public static int Size(Fleet fleet, Release wanted, IReadOnlyList<RolloutStep> steps, int index)
    {
        var share = ByItself(fleet, wanted.Percentage);
        share.Fill(steps, index);
        return share.Devices.Count;
    }

    /// <summary>How many devices each step and all before it have by themselves, whoever was moved already and whoever is
    /// offline now.</summary>
    /// <param name="fleet">The fleet.</param>
    /// <param name="wanted">What is wanted.</param>
    /// <param name="steps">The steps in force.</param>
    public static IReadOnlyList<int> Sizes(Fleet fleet, Release wanted, IReadOnlyList<RolloutStep> steps)
    {
        var share = ByItself(fleet, wanted.Percentage);
        var rings = Rings(steps);
        var sizes = new List<int>(steps.Count);
        foreach (var step in steps)
        {
            share.Fill(step, rings);
            sizes.Add(share.Devices.Count);
        }

        return sizes;
    }

    /// <summary>The first step that a ceiling cuts short, whoever is offline now; the number of steps when none is.</summary>
    /// <param name="fleet">The fleet.</param>
    /// <param name="steps">The steps in force.</param>
    /// <param name="ceiling">The ceiling, 0 to 100.</param>
    public static int FirstCapped(Fleet fleet, IReadOnlyList<RolloutStep> steps, int ceiling)
    {
        var share = ByItself(fleet, ceiling);
        var rings = Rings(steps);
        for (var index = 0; index < steps.Count; index++)
        {
            share.Fill(steps[index], rings);
            if (share.IsCapped)
            {
                return index;
            }
        }

        return steps.Count;
    }

    /// <summary>The devices among a step's target that the step itself is about: a ring's own, those outside all rings
    /// for a count, everyone for a percentage.</summary>
    /// <param name="steps">The steps in force.</param>
    /// <param name="index">The zero-based step.</param>
    /// <param name="target">The target of the step and of all before it.</param>
    public static IReadOnlyList<Device> Own(IReadOnlyList<RolloutStep> steps, int index, IEnumerable<Device> target) =>
        [.. target.Where(Belongs(steps[index], Rings(steps)))];

    /// <summary>A percentage of a number of devices, rounded up.</summary>
    /// <param name="percentage">0 to 100.</param>
    /// <param name="total">The whole.</param>
    public static int Part(int percentage, int total) => (int)((((long)percentage * total) + 99) / 100);

    /// <summary>Whether no device belongs to a step: none is in its ring, or all are in rings and it is about others. One
    /// that was moved and then taken away by somebody still belongs to it: the step's soak and gate stand.</summary>
    /// <param name="fleet">The fleet.</param>
    /// <param name="steps">The steps in force.</param>
    /// <param name="index">The zero-based step.</param>
    public static bool IsEmpty(Fleet fleet, IReadOnlyList<RolloutStep> steps, int index) =>
        fleet.Eligible.Count > 0 && Own(steps, index, fleet.Devices.Where(HasPart)).Count == 0;

    /// <summary>Whether no step can follow one: the ceiling cuts it short, or leaves nothing to the next.</summary>
    /// <param name="fleet">The fleet.</param>
    /// <param name="wanted">What is wanted.</param>
    /// <param name="steps">The steps in force.</param>
    /// <param name="index">The zero-based step.</param>
    public static bool IsLast(Fleet fleet, Release wanted, IReadOnlyList<RolloutStep> steps, int index)
    {
        var capped = FirstCapped(fleet, steps, wanted.Percentage);
        var next = index + 1;
        if (capped != next || next == steps.Count)
        {
            return capped <= index;
        }

        var share = new Share(fleet.Eligible, _ => true, wanted.Percentage, withPlaced: true);
        share.Fill(steps, next);
        return Own(steps, next, share.Devices).Count == 0;
    }

    /// <summary>Before any step, as if nobody had been moved and nobody were offline: which step counts, and which ones
    /// have a gate, must not turn on who is connected at the moment.</summary>
    private static Share ByItself(Fleet fleet, int ceiling) =>
        new(fleet.Eligible, _ => true, ceiling, withPlaced: false);

    private static bool HasPart(Device device) =>
        device.IsEligible
        || device.WasTaken
        || device is { Standing.State: DeviceState.Drifted or DeviceState.Conflicted, Row.IsTried: true };

    private void Fill(IReadOnlyList<RolloutStep> steps, int index)
    {
        var rings = Rings(steps);
        foreach (var step in steps.Take(index + 1))
        {
            Fill(step, rings);
        }
    }

    private void Fill(RolloutStep step, IReadOnlyList<RolloutStep> rings)
    {
        var belongs = Belongs(step, rings);
        var total = _eligible.Count(belongs);
        var wanted = step.Count ?? (step.All == true ? total : Part(step.Percentage ?? 100, total));
        var have = _devices.Count(belongs);
        var reach = Math.Min(wanted, total);
        var open = _pool.Where(device => belongs(device) && !_ids.Contains(device.Id));
        var pool = _isSpread ? Strata.RoundRobin(open, _devices.Where(belongs)) : open;
        foreach (var device in pool)
        {
            if (have >= reach)
            {
                break;
            }

            if (_devices.Count >= _cap)
            {
                IsCapped = true;
                break;
            }

            Add(device);
            have++;
        }

        IsCapped |= wanted - have > 0 && _devices.Count >= _cap && _cap < _eligible.Count;
    }

    private static List<RolloutStep> Rings(IReadOnlyList<RolloutStep> steps) =>
        [.. steps.Where(step => step.DeviceTags is not null)];

    private static Func<Device, bool> Belongs(RolloutStep step, IReadOnlyList<RolloutStep> rings) =>
        step switch
        {
            { DeviceTags: not null } => device => IsInRing(device, step),
            { Count: not null } => device => !rings.Any(ring => IsInRing(device, ring)),
            _ => _ => true,
        };

    private void Add(Device device)
    {
        if (_ids.Add(device.Id))
        {
            _devices.Add(device);
        }
    }

    private static bool IsInRing(Device device, RolloutStep ring) =>
        Selection.HasAll(device.Seen.Tags, ring.DeviceTags!);
}
