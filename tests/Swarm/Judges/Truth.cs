using EdgeRelease.Api;
using EdgeRelease.Controller;
using EdgeRelease.Observation;
using EdgeRelease.Planning;
using EdgeRelease.Simulation;

namespace EdgeRelease.Tests.Swarm;

/// <summary>What is and was true of the devices, whatever the operator says.</summary>
internal sealed class Truth
{
    /// <summary>What the operator saw may be this old when its call arrives.</summary>
    public static readonly TimeSpan Lag = TimeSpan.FromMinutes(3);

    /// <summary>A call that was planned before has ended after this.</summary>
    public static readonly TimeSpan Underway = TimeSpan.FromSeconds(60);

    /// <summary>Losant's Date has whole seconds.</summary>
    public static readonly TimeSpan ClockDoubt = TimeSpan.FromSeconds(2);

    private readonly World _world;
    private readonly Plant _plant;
    private readonly Dictionary<string, List<DeviceChangeRecord>> _changes = [];

    public Truth(World world, Plant plant)
    {
        (_world, _plant) = (world, plant);
        world.Losant.Record.Subscribe(entry =>
        {
            if (entry is DeviceChangeRecord change && (change.FlowId is null || change.FlowId == plant.Flow.Id))
            {
                Changes(change.DeviceId).Add(change);
            }
            else if (entry is RequestRecord { Method: "GET", Status: 200 } request && IsFullScan(request))
            {
                ScannedAt = entry.At;
            }
        });
    }

    public DateTimeOffset Now => _world.Time.Now;

    /// <summary>Losant's word for the deployments of the flow.</summary>
    public string Kind => _plant.Flow.FlowClass == "embedded" ? "embedded" : "edge";

    /// <summary>Whether the flow can run on a device.</summary>
    private bool IsOfKind(SimulatedDevice device) => (device.DeviceClass == "embedded") == (Kind == "embedded");

    /// <summary>Whether a microcontroller's bundle was built anew for something else after a command.</summary>
    public bool IsConfounded(DeviceId id, Command command) =>
        Device(id)
            .Bundle?.State.Logs.Any(log =>
                log.Desired && log.FlowId != _plant.Flow.Id && log.Date >= command.At - TimeSpan.FromSeconds(2)
            ) == true;

    /// <summary>The flow.</summary>
    public SimulatedFlow Flow => _plant.Flow;

    /// <summary>When the devices were last read as a whole: only that shows that some are gone (rule 37).</summary>
    public DateTimeOffset ScannedAt { get; private set; }

    /// <summary>When somebody deleted the ledger of a release; null when nobody did.</summary>
    public DateTimeOffset? LedgerLostAt => _plant.LedgerLostAt;

    /// <summary>Tags that every device of a release must have.</summary>
    public IReadOnlyDictionary<string, string> Guard => _plant.Guard;

    /// <summary>Whether the guard lets releases see the device: whoever leaves it is as good as removed.</summary>
    public bool IsInGuard(DeviceId id) => _plant.Guard.All(tag => Device(id).Tags.Contains(tag));

    /// <summary>The devices that the flow can run on.</summary>
    public IReadOnlyList<SimulatedDevice> Devices =>
        _plant.IsMixed ? [.. _plant.Application.Devices.Where(IsOfKind)] : _plant.Application.Devices;

    public int Present => _plant.Present;

    public SimulatedDevice Device(DeviceId id) => _plant.Application.FindDevice(id.ToString())!;

    public RowState? Row(DeviceId id) => Device(id).FindRow(_plant.Flow)?.State;

    /// <summary>What the application asks of its releases; nothing while it may have changed after a call was planned.</summary>
    public LosantApplicationSpec Rails
    {
        get
        {
            if (_world.Cluster.Get(Kinds.Application, new(World.Namespace, _plant.ObjectName)) is not { } json)
            {
                return new LosantApplicationSpec();
            }

            for (var i = _world.Cluster.Record.Count - 1; i >= 0; i--)
            {
                var write = _world.Cluster.Record[i];
                if (write.At <= Now - Underway)
                {
                    break;
                }

                if (write.Kind == Kinds.Application && write.Subresource != "status")
                {
                    return new LosantApplicationSpec();
                }
            }

            return ApplicationObject.Of(json).Spec;
        }
    }

    /// <summary>Whether the application ever told groups of devices apart.</summary>
    public bool HasGroups =>
        _world.Cluster.Record.Any(write =>
            write.Kind == Kinds.Application
            && write.Key.Name == _plant.ObjectName
            && ApplicationObject.Of(write.After).Spec.Guard.PerGroup is not null
        );

    /// <summary>The device as an observation of now shows it.</summary>
    public static DeviceRow Seen(SimulatedDevice device) =>
        new(
            DeviceId.Parse(device.Id),
            device.DeviceClass == "embedded" ? DeviceClass.Embedded : DeviceClass.EdgeCompute,
            device.AgentVersion,
            new TagSet(device.Tags),
            device.Connected,
            null
        );

    /// <summary>Whether a release holds the device now.</summary>
    public static bool IsSelected(Selection selection, SimulatedDevice device) =>
        device.DeletedAt is null && selection.Claims(Seen(device));

    /// <summary>Whether somebody else changed the device so lately that the operator may not know.</summary>
    public bool IsTouched(DeviceId id) =>
        Device(id).DeletedAt > ScannedAt || (_plant.Touched.TryGetValue(id.ToString(), out var at) && Now - at < Lag);

    /// <summary>When somebody else changed the device last.</summary>
    public DateTimeOffset TouchedAt(DeviceId id) => _plant.Touched.GetValueOrDefault(id.ToString());

    /// <summary>Whether somebody else wrote to the device after a command.</summary>
    public bool IsForeign(DeviceId id, Command? command) =>
        _plant.Foreign.TryGetValue(id.ToString(), out var at) && (command is null || at > command.At - Lag);

    /// <summary>Whether it has been connected for so long that every observation shows it.</summary>
    public bool IsSteady(DeviceId id) =>
        Device(id).Connected
        && !Changes(id.ToString()).Exists(change => change.Field == ChangedField.Connected && Now - change.At < Lag);

    /// <summary>Whether it lost its connection after an instant, so long ago that every observation shows it, and has been
    /// away since.</summary>
    public bool HasBeenDarkSince(DeviceId id, DateTimeOffset since) =>
        !Device(id).Connected
        && Changes(id.ToString()).FindLast(change => change.Field == ChangedField.Connected) is { } change
        && change.At >= since
        && Now - change.At >= Lag;

    /// <summary>Whether it lost its connection after an instant.</summary>
    public bool WentDark(DeviceId id, DateTimeOffset after) =>
        Changes(id.ToString())
            .Exists(change => change is { Field: ChangedField.Connected, To: "false" } && change.At >= after);

    /// <summary>Since when it has no connection; null while it has one.</summary>
    public DateTimeOffset? DarkSince(DeviceId id) =>
        Changes(id.ToString()).FindLast(change => change.Field == ChangedField.Connected) is { To: "false" } last
            ? last.At
            : null;

    /// <summary>When it first reported a version after an instant; null when it did not.</summary>
    public DateTimeOffset? RanAt(DeviceId id, string? version, DateTimeOffset after) =>
        Changes(id.ToString())
            .Find(change => change.Field == ChangedField.Current && change.To == version && change.At >= after)
            ?.At;

    /// <summary>Whether it ran or was told a version at any time before a call.</summary>
    public bool EverHadBefore(DeviceId id, string? version, long call) =>
        Row(id)?.Current == version
        || Changes(id.ToString()).Exists(change => change.Seq < call && Names(change, version));

    /// <summary>Whether it ran or was told a version so lately that an observation may have shown it.</summary>
    public bool LatelyHad(DeviceId id, string? version)
    {
        var row = Row(id);
        return row?.Current == version
            || (row is null && version is null)
            || Changes(id.ToString()).Exists(change => Now - change.At < Lag && Names(change, version));
    }

    /// <summary>Whether the device ran a version and fell back from it so lately that the operator may not know.</summary>
    public bool LatelyRan(DeviceId id, string? version) =>
        Changes(id.ToString())
            .Exists(change => change.Field == ChangedField.Current && change.From == version && Now - change.At < Lag);

    /// <summary>Whether the device said that it cannot run a version, after an instant.</summary>
    public bool Refused(DeviceId id, string? version, DateTimeOffset after) =>
        Row(id)
            ?.Logs.Any(log =>
                log is { Desired: false, Error: not null } && log.Date >= after && log.New.Name == version
            ) == true;

    /// <summary>Whether a command's device said until an instant that it cannot run the version, and nothing else since.</summary>
    public bool RefusedBefore(DeviceId id, Command command, DateTimeOffset until, TimeSpan doubt) =>
        Row(id)
            ?.Logs.Where(log => !log.Desired)
            .TakeWhile(log =>
                log.Error is not null && log.New.Name == command.Version && log.Date >= command.At + doubt
            )
            .Any(log => log.Date <= until) == true;

    private bool IsFullScan(RequestRecord request) =>
        request.Path.EndsWith("/devices", StringComparison.Ordinal)
        && (Kind == "embedded") == request.Query.Contains("embedded", StringComparison.Ordinal)
        && !request.Query.Contains("lastUpdated", StringComparison.Ordinal);

    private static bool Names(DeviceChangeRecord change, string? version) =>
        change.Field != ChangedField.Connected && (change.From == version || change.To == version);

    private List<DeviceChangeRecord> Changes(string device)
    {
        if (!_changes.TryGetValue(device, out var changes))
        {
            _changes[device] = changes = [];
        }

        return changes;
    }
}
