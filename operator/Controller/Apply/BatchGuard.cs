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
    private readonly SlotGuard _slots;
    private readonly bool _isLastStepOver;
    private readonly Hours _hours;

    /// <summary>The guard of one pass.</summary>
    /// <param name="pass">The pass before anything was sent.</param>
    public BatchGuard(Pass pass)
    {
        ArgumentNullException.ThrowIfNull(pass);
        _wanted = pass.Wanted.Release!;
        _fleet = pass.Plan.Fleet!;
        _devices = _fleet.Devices.ToDictionary(device => device.Id);
        _slots = new SlotGuard(_wanted, _fleet, _devices);
        var steps = pass.Memory.FastLane ? AllAtOnce : _wanted.Steps;
        var step = pass.Memory.Step.Index;
        _share = new(() => [.. Share.Of(_fleet, _wanted, steps, step).Devices.Select(device => device.Id)]);
        _hours = new Hours(_wanted, pass.Plan.Now);
        _isLastStepOver = step >= steps.Count;
    }

    /// <summary>What the batch breaks, in one sentence; null when its intent may be stored.</summary>
    /// <param name="memory">What is remembered, commands sent so far included.</param>
    /// <param name="batch">The batch.</param>
    public string? Violation(Memory memory, Batch batch)
    {
        if (_wanted.Spec.Policy.Mode == PolicyMode.Observe)
        {
            return "I7: a batch while it only observes";
        }

        if (batch.Rows.Count is 0 or > Times.DevicesPerCall)
        {
            return $"I2: a batch of {batch.Rows.Count} devices";
        }

        if (batch.Rows.FirstOrDefault(row => row.Next?.Version != batch.Version) is { } other)
        {
            return $"I5: {other.Device} would be stored with {other.Next?.Version ?? "nothing"} and sent {batch.Version ?? "nothing"}";
        }

        return batch.Kind == CommandKind.Forward
            ? Forward(memory, batch)
            : Back(batch) ?? _slots.OfGroups(memory, batch);
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

        if (batch.Rows.FirstOrDefault(row => !IsAdmitted(row.Device)) is { } outside)
        {
            return $"I2: {outside.Device} lacks the tags of the application's guard";
        }

        if (!memory.FastLane && batch.Rows.FirstOrDefault(row => !IsOpen(row.Device)) is { } early)
        {
            return $"I7: {early.Device} is outside its time windows";
        }

        if (batch.Rows.FirstOrDefault(row => IsBusy(row.Device)) is { } busy)
        {
            return $"I3: the bundle of {busy.Device} is being changed by {_devices[busy.Device].Standing.Busy}";
        }

        var stranger = batch.Rows.FirstOrDefault(row =>
            row is { IsTried: true, Next.IsCorrection: true } ? !MayBeCorrected(row) : !MayGoForward(row.Device)
        );
        return stranger is null
            ? Unasked(memory, batch)
                ?? _slots.OfAll(memory, batch)
                ?? Minute(memory, batch)
                ?? _slots.OfGroups(memory, batch)
            : $"I2: {stranger.Device} is outside the share of step {memory.Step.Index + 1}";
    }

    private string? Brake(Memory memory) =>
        memory switch
        {
            { Latch: not null } => "it goes back",
            { Pause: not null } => "the failure policy pauses it",
            _ when _wanted.DeletedAt is not null => "it is being deleted",
            _ when _wanted.Spec.Paused || _wanted.PausedBecause is not null => "it is paused",
            _ when _wanted.Rails.Frozen is not null => "its application is frozen",
            _ when _wanted.Problem is { } problem => problem.Reason,
            _ when !_fleet.Seen.Believed => "its fleet is in doubt",
            _ => null,
        };

    /// <summary>A device that somebody else changed: with the policy for it, and not for the third time within an hour
    /// (I3).</summary>
    private bool MayBeCorrected(LedgerRow row) =>
        _devices.TryGetValue(row.Device, out var device)
        && Drift.MayBeCorrected(_wanted, device)
        && !Drift.IsContested(row);

    /// <summary>Whether the application lets the device be touched, forward or back (F113).</summary>
    private bool IsAdmitted(DeviceId id) =>
        !_devices.TryGetValue(id, out var device) || _wanted.Rails.Admits(device.Seen.Tags);

    private bool IsBusy(DeviceId id) => _devices.TryGetValue(id, out var device) && device.Standing.Busy is not null;

    private bool IsOpen(DeviceId id) => !_devices.TryGetValue(id, out var device) || _hours.IsOpen(device.Seen.Tags);

    /// <summary>The step's share, and whoever is offline once the last step is over at 100 % (rule 13).</summary>
    private bool MayGoForward(DeviceId id) =>
        _devices.TryGetValue(id, out var device)
        && device.IsEligible
        && (_share.Value.Contains(id) || (_isLastStepOver && _wanted.Percentage == 100 && !device.IsReachable));

    /// <summary>Devices told within a minute, by the planned times alone (F017).</summary>
    private string? Minute(Memory memory, Batch batch)
    {
        if (_wanted.Spec.Limits.PerMinute is not { } most)
        {
            return null;
        }

        var since = batch.Rows.Max(row => row.Next!.At) - TimeSpan.FromMinutes(1) + Times.ClockDoubt;
        var rows = memory.Rows.Values.Where(row => row.ForwardAt > since || IsGivenBack(row));
        var told = rows.Select(row => row.Device).ToHashSet();
        told.UnionWith(batch.Devices);
        return told.Count > most ? $"I1: {told.Count} devices told within a minute, limits.perMinute is {most}" : null;

        bool IsGivenBack(LedgerRow row) =>
            row.Last is { Kind: CommandKind.Back } back && Planning.Minute.Counts(back) && back.At > since;
    }

    /// <summary>More devices than the application lets pass unasked.</summary>
    private string? Unasked(Memory memory, Batch batch)
    {
        if (_wanted.Rails.Guard.ApprovalAbove is not { } most)
        {
            return null;
        }

        var moved = memory
            .Rows.Values.Where(row => row is { Closed: null, IsTried: true } && row.Revision == memory.Revision)
            .Select(row => row.Device)
            .Where(_devices.ContainsKey)
            .Union(batch.Devices)
            .Count();
        var isAsked = memory.Approvals.Any(given =>
            given.Token?.StartsWith($"r{memory.Revision}-a{most}-", StringComparison.Ordinal) == true
        );
        return moved > most && !isAsked ? $"I1: {moved} devices moved, {most} may without an approval" : null;
    }

    private string? Back(Batch batch)
    {
        if (_wanted.Rails.IsShutDown)
        {
            return "I7: a back batch while everything is frozen";
        }

        if (
            _wanted.Rails.Frozen is not null
            && batch.Rows.Any(row => row.Next is { Cause: BackCause.Deletion, Repeats: 0 })
        )
        {
            return "I7: a deletion takes devices back in a freeze";
        }

        if (batch.Rows.FirstOrDefault(row => !IsAdmitted(row.Device)) is { } outside)
        {
            return $"I8: {outside.Device} lacks the tags of the application's guard";
        }

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
        if (!_devices.TryGetValue(id, out var device) || device.Standing.State == DeviceState.Conflicted)
        {
            return false;
        }

        return device.Row is { Closed: null, Last: { } last }
            ? last.Kind == CommandKind.Back
                || device.Deployment?.Desired == last.Version
                || (last.FromOurs && device.Deployment?.Desired == last.From)
            : isRemoval && device.Deployment is { } row && row.Desired == _wanted.Version;
    }
}
