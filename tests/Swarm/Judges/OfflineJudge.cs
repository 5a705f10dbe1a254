using EdgeRelease.Api;
using EdgeRelease.Controller;
using EdgeRelease.Observation;
using EdgeRelease.Planning;
using EdgeRelease.Simulation;

namespace EdgeRelease.Tests.Swarm;

/// <summary>I22: a release at rest does not wait for offline devices while its step has room for one that is
/// connected.</summary>
internal sealed class OfflineJudge(Truth truth, Plant plant)
{
    public void Judge(ReleaseObject release, IReadOnlyDictionary<DeviceId, LedgerRow> rows)
    {
        if (
            release.Status
                is not {
                    Phase: Phase.Waiting,
                    WaitingFor.Kind: WaitingKind.Reachable,
                    Step: { Passed: false } mark
                } status
            || plant.LedgerLostAt is not null
        )
        {
            return;
        }

        var steps = Ramp.StepsOf(release.Spec.Rollout);
        var step = mark.Index <= steps.Count ? steps[mark.Index - 1] : new RolloutStep { Percentage = 100 };
        var selection = new Selection(release.Spec) { Guard = plant.Guard };
        var all = truth.Devices.Where(device => Truth.IsSelected(selection, device)).ToList();
        var own = all.FindAll(device => ReachedSteps.Belongs(device, step, steps));
        var waiting = own.FindAll(device => device is { Connected: true, Bundle: null } && !IsMoved(device))
            .FindAll(device => !IsForeign(device) && !IsTold(device));
        var hasRoom =
            own.Count(HasPlace) < (step.Count ?? Share.Part(step.Percentage ?? 100, Counted(own)))
            && all.Count(HasPlace) < Share.Part(release.Spec.RolloutPercentage ?? 100, Counted(all));
        Violation.If(
            hasRoom && waiting.Count > 0,
            "I22",
            $"{release.Key} waits for offline devices, and {waiting.Count} connected ones are left out: {status.Message}"
        );

        // What somebody else took may have drifted: then no percentage counts it.
        int Counted(List<SimulatedDevice> devices) => devices.Count(device => !IsForeign(device));

        bool IsForeign(SimulatedDevice device) => plant.Foreign.ContainsKey(device.Id);

        bool HasPlace(SimulatedDevice device) => IsMoved(device) || IsTold(device);

        // A release before this one told it the version, or somebody else did: it has its place and is not told again.
        bool IsTold(SimulatedDevice device) =>
            device.FindRow(plant.Flow) is { } found && found.State.Desired == status.Version?.Name;

        bool IsMoved(SimulatedDevice device) =>
            device.FindRow(plant.Flow)?.State.Current == status.Version?.Name
            || (
                rows.TryGetValue(DeviceId.Parse(device.Id), out var row)
                && row is { Closed: null, IsTried: true }
                && row.Revision == status.Revision
            );
    }
}
