using EdgeRelease.Api;
using EdgeRelease.Observation;
using EdgeRelease.Planning;
using EdgeRelease.Simulation;

namespace EdgeRelease.Tests.Swarm;

/// <summary>Rule 14: the steps up to the persisted one, and whether one of them has room for a device: a ring for its
/// own, a count for those outside all rings, a percentage for everyone.</summary>
internal sealed class ReachedSteps
{
    private readonly Truth _truth;
    private readonly Selection _selection;
    private readonly IReadOnlyList<RolloutStep> _all;
    private readonly IReadOnlyList<RolloutStep> _reached;
    private readonly bool _isOver;

    public ReachedSteps(Truth truth, JudgedCall call)
    {
        var status = call.Release.Status!;
        (_truth, _selection, _all) = (truth, call.Selection, Ramp.StepsOf(call.Release.Spec.Rollout));
        _isOver = _all.Count == 0 || status.FastLane || status.Step is not { Passed: false };
        _reached = _isOver ? [] : [.. _all.Take(status.Step!.Index)];
    }

    /// <summary>Whether a step has room for a device that is among those moved.</summary>
    /// <param name="device">The device, told now.</param>
    /// <param name="moved">All that were moved, and this one.</param>
    /// <param name="total">All that the release may move.</param>
    public bool Allow(DeviceId device, IReadOnlyList<DeviceId> moved, int total) =>
        _isOver
        || _reached.Any(step => Belongs(device, step) && moved.Count(one => Belongs(one, step)) <= Most(step, total));

    public override string ToString() =>
        _reached.Count == 0 ? "any step" : $"steps 1 to {_reached.Count}, {_reached[^1].Name}";

    private int Most(RolloutStep step, int total)
    {
        var whole = step.DeviceTags is null ? total : _truth.Devices.Count(device => MayBeOf(device, step));
        return step.Count ?? Share.Part(step.Percentage ?? 100, whole);
    }

    /// <summary>Whether a device of the ring is the release's, or may have been when the call was planned.</summary>
    private bool MayBeOf(SimulatedDevice device, RolloutStep ring) =>
        _truth.IsTouched(DeviceId.Parse(device.Id)) || (Truth.IsSelected(_selection, device) && IsIn(device, ring));

    private bool Belongs(DeviceId id, RolloutStep step) => Belongs(_truth.Device(id), step, _all);

    /// <summary>Whether a step is for a device.</summary>
    /// <param name="device">The device.</param>
    /// <param name="step">The step.</param>
    /// <param name="all">All steps of the release.</param>
    public static bool Belongs(SimulatedDevice device, RolloutStep step, IReadOnlyList<RolloutStep> all) =>
        step switch
        {
            { DeviceTags: not null } => IsIn(device, step),
            { Count: not null } => !all.Any(ring => ring.DeviceTags is not null && IsIn(device, ring)),
            _ => true,
        };

    private static bool IsIn(SimulatedDevice device, RolloutStep ring) =>
        Selection.HasAll(new TagSet(device.Tags), ring.DeviceTags!);
}
