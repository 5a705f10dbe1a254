using System.Text.Json;
using EdgeRelease.Cli;
using EdgeRelease.Controller;
using EdgeRelease.Observation;
using EdgeRelease.Planning;
using EdgeRelease.Simulation;
using Outcome = EdgeRelease.Planning.Outcome;

namespace EdgeRelease.Tests.Swarm;

/// <summary>F124: no microcontroller is told to go forward while a release of another flow has not settled on it, by what is
/// stored at that moment and by what the device runs.</summary>
internal sealed class BundleJudge
{
    private readonly World _world;
    private readonly SimulatedApplication _application;
    private readonly Ledgers _ledgers;
    private readonly Dictionary<DeviceId, HashSet<string>> _flows = [];

    public BundleJudge(World world, SimulatedApplication application)
    {
        (_world, _application, _ledgers) = (world, application, new Ledgers(world));
        world.Losant.Record.Subscribe(entry =>
        {
            if (
                entry is RequestRecord { Method: "POST", Status: 201 } request
                && request.Path.EndsWith("/embedded/deployments/release", StringComparison.Ordinal)
            )
            {
                Found ??= Judged(request);
            }
        });
    }

    /// <summary>What was broken first; null when nothing was.</summary>
    public string? Found { get; private set; }

    /// <summary>Forward calls that were judged.</summary>
    public int Calls { get; private set; }

    /// <summary>Devices that were told to go forward with more than one flow.</summary>
    public int Shared => _flows.Values.Count(flows => flows.Count > 1);

    private string? Judged(RequestRecord request)
    {
        using var body = JsonDocument.Parse(request.Body!);
        var flow = body.RootElement.GetProperty("flowId").GetString()!;
        var ids = body
            .RootElement.GetProperty("deviceIds")
            .EnumerateArray()
            .Select(id => DeviceId.Parse(id.GetString()!));
        var releases = _world.Cluster.All(Kinds.Release).Select(ReleaseObject.Of).ToList();
        var forward = releases
            .Where(release => release.Status?.Flow?.Id == flow)
            .SelectMany(release => _ledgers.Of(release.Uid).Values)
            .Where(row => row is { Closed: null } && (row.Next ?? row.Last) is { Kind: CommandKind.Forward })
            .Select(row => row.Device)
            .ToHashSet();
        var told = ids.Where(forward.Contains).ToList();
        Calls += told.Count > 0 ? 1 : 0;
        told.ForEach(id => (_flows.TryGetValue(id, out var flows) ? flows : _flows[id] = []).Add(flow));
        var others = releases.Where(release => release.Status?.Flow is { Id: { } theirs } && theirs != flow);
        return others
            .SelectMany(other => told.Where(id => IsUnsettled(other, id)).Select(id => $"F124: {id} of {other.Key}"))
            .FirstOrDefault();
    }

    /// <summary>Told to go forward, not back since, and without an outcome, by what is stored; where somebody else has told
    /// the device since or has loaded it by hand, it is nobody's, and where it has run the version long enough only the outcome
    /// has not been written.</summary>
    private bool IsUnsettled(ReleaseObject other, DeviceId id) =>
        _ledgers.Of(other.Uid).GetValueOrDefault(id)
            is {
                Closed: null,
                Outcome: Outcome.None,
                Last: { Kind: CommandKind.Forward } last,
                Next: not { Kind: CommandKind.Back }
            }
        && last.Batch <= other.Status!.Batch
        && _application.FindDevice(id.ToString())! is var device
        && device.FindRow(_application.FindFlow(other.Status.Flow!.Id!)!)?.State is { } state
        && state.Desired == last.Version
        && !IsDriftedByHand(other, device)
        && !HasBeenGood(other, device, state);

    private static bool IsDriftedByHand(ReleaseObject other, SimulatedDevice device) =>
        device.Bundle is { State.IsUnknown: true } && !other.Spec.Embedded.AllowUnknownBundle;

    private bool HasBeenGood(ReleaseObject other, SimulatedDevice device, RowState state) =>
        device.Connected
        && state.UpToDate
        && _world.Time.Now >= state.LastUpdated + Times.AppliedWithin + other.Spec.Health.Confirm;
}
