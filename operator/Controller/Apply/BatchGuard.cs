using EdgeRelease.Api;
using EdgeRelease.Observation;
using EdgeRelease.Planning;

namespace EdgeRelease.Controller;

/// <summary>The invariants asserted again before each call, from what was observed and what is stored rather than from
/// how the plan was made; a batch that breaks one is not sent (I1, I2, I5, I7, I8, rule 10).</summary>
public sealed class BatchGuard
{
    private static readonly IReadOnlyList<RolloutStep> AllAtOnce = [new RolloutStep { Percentage = 100 }];

    private readonly Release _wanted;
    private readonly Fleet _fleet;
    private readonly Dictionary<DeviceId, Device> _devices;
    private readonly Lazy<HashSet<DeviceId>> _share;
    private readonly bool _isLastStepOver;

    /// <summary>The guard of one pass.</summary>
    /// <param name="pass">The pass before anything was sent.</param>
    public BatchGuard(Pass pass)
    {
        ArgumentNullException.ThrowIfNull(pass);
        _wanted = pass.Wanted.Release!;
        _fleet = pass.Plan.Fleet!;
        _devices = _fleet.Devices.ToDictionary(device => device.Id);
        var steps = pass.Memory.FastLane ? AllAtOnce : _wanted.Steps;
        var step = pass.Memory.Step.Index;
        _share = new(() => [.. Share.Of(_fleet, _wanted, steps, step).Devices.Select(device => device.Id)]);
        _isLastStepOver = step >= steps.Count;
    }

    /// <summary>What the batch breaks, in one sentence; null when its intent may be stored.</summary>
    /// <param name="memory">What is remembered, commands sent so far included.</param>
    /// <param name="batch">The batch.</param>
    public string? Violation(Memory memory, Batch batch)
    {
        if (batch.Rows.Count is 0 or > Times.DevicesPerCall)
        {
            return $"I2: a batch of {batch.Rows.Count} devices";
        }

        if (batch.Rows.FirstOrDefault(row => row.Next?.Version != batch.Version) is { } other)
        {
            return $"I5: {other.Device} would be stored with {other.Next?.Version ?? "nothing"} and sent {batch.Version ?? "nothing"}";
        }

        return batch.Kind == CommandKind.Forward ? Forward(memory, batch) : Back(batch);
    }

    /// <summary>What of the batch is not stored, in one sentence; null when it may be sent (I5).</summary>
    /// <param name="session">The process's copies of what it stored last.</param>
    /// <param name="batch">The batch.</param>
    public static string? Unstored(Session session, Batch batch)
    {
        var intent = session.Written?.Status?.InFlight;
        if (intent?.Batch != batch.Number || intent.Count != batch.Rows.Count || intent.Version != batch.Version)
        {
            return $"I5: the status does not have the intent of batch {batch.Number}";
        }

        var missing = batch.Rows.FirstOrDefault(row => session.Book?.Find(row.Device)?.Next != row.Next);
        return missing is null ? null : $"I5: the ledger has no row of batch {batch.Number} for {missing.Device}";
    }

    private string? Forward(Memory memory, Batch batch)
    {
        if (Brake(memory) is { } brake)
        {
            return $"I7: a forward batch while {brake}";
        }

        if (batch.Version != _wanted.Version)
        {
            return $"I2: a forward batch to {batch.Version ?? "nothing"}";
        }

        var stranger = batch.Rows.FirstOrDefault(row => !MayGoForward(row.Device));
        return stranger is null
            ? Budget(memory, batch)
            : $"I2: {stranger.Device} is outside the share of step {memory.Step.Index + 1}";
    }

    private string? Brake(Memory memory) =>
        memory switch
        {
            { Latch: not null } => "it goes back",
            { Pause: not null } => "the failure policy pauses it",
            _ when _wanted.DeletedAt is not null => "it is being deleted",
            _ when _wanted.Spec.Paused || _wanted.PausedBecause is not null => "it is paused",
            _ when _wanted.Problem is { } problem => problem.Reason,
            _ when !_fleet.Seen.Believed => "its fleet is in doubt",
            _ => null,
        };

    /// <summary>The step's share, and whoever is offline once the last step is over at 100 % (rule 13).</summary>
    private bool MayGoForward(DeviceId id) =>
        _devices.TryGetValue(id, out var device)
        && device.IsEligible
        && (_share.Value.Contains(id) || (_isLastStepOver && _wanted.Percentage == 100 && !device.IsReachable));

    private string? Budget(Memory memory, Batch batch)
    {
        var limit = _wanted.Spec.Limits.MaxUnavailable;
        var most = limit.IsPercent ? Math.Max(1, (long)limit.Value * _fleet.Eligible.Count / 100) : limit.Value;
        var held = _fleet.Devices.Where(device => device.Standing.HoldsSlot).Select(device => device.Id).ToHashSet();
        var sent = memory.Rows.Values.Where(row =>
            row.Last?.At > _fleet.At && row.Last is { WasConnected: true, Kind: CommandKind.Forward }
        );
        held.UnionWith(sent.Select(row => row.Device));
        var before = held.Count;
        held.UnionWith(batch.Rows.Where(row => row.Next!.WasConnected).Select(row => row.Device));
        return held.Count > before && held.Count > most ? $"I1: {held.Count} slots of {most}" : null;
    }

    private string? Back(Batch batch)
    {
        var isRemoval = _wanted is { DeletedAt: not null, Spec.Policy.OnDelete: DeletePolicy.Remove };
        var wrong = batch.Rows.FirstOrDefault(row =>
            row.Next!.Version != row.Previous && !(isRemoval && row.Next.Version is null)
        );
        if (wrong is not null)
        {
            return $"I8: {wrong.Device} would go to {wrong.Next!.Version ?? "nothing"}, not to {wrong.Previous ?? "nothing"}";
        }

        var foreign = batch.Rows.FirstOrDefault(row => !IsOurs(row.Device, isRemoval));
        return foreign is null ? null : $"I8: {foreign.Device} does not stand on our command";
    }

    /// <summary>An open row of ours, and our version desired or our own way back under way (rule 10).</summary>
    private bool IsOurs(DeviceId id, bool isRemoval)
    {
        if (!_devices.TryGetValue(id, out var device))
        {
            return false;
        }

        return device.Row is { Closed: null, Last: { } last }
            ? last.Kind == CommandKind.Back || device.Deployment?.Desired == last.Version
            : isRemoval && device.Deployment is { } row && row.Desired == _wanted.Version;
    }
}
