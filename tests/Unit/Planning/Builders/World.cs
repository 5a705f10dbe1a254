using System.Text.Json;
using EdgeRelease.Api;
using EdgeRelease.Observation;
using EdgeRelease.Planning;

namespace EdgeRelease.Tests.Unit.Planning.Builders;

/// <summary>A release and its fleet, pass by pass: observe, plan, send, report. Losant schedules at once; devices do
/// something only when told. The status goes through JSON, as it goes through the API server.</summary>
internal sealed class World
{
    private readonly Dictionary<DeviceId, DeviceRow> _devices = [];
    private readonly Dictionary<DeviceId, DeploymentRow> _deployments = [];
    private Dictionary<DeviceId, LedgerRow> _rows = [];

    /// <summary>A fleet of connected devices 1 to <paramref name="devices"/> that run v1.</summary>
    public World(int devices)
    {
        for (var number = 1; number <= devices; number++)
        {
            Put(Rows.Device(number));
            Runs(number, "v1");
        }
    }

    public DateTimeOffset Now { get; private set; } = new(2026, 11, 22, 9, 0, 0, TimeSpan.Zero);

    public long Generation { get; set; } = 1;

    public Release Wanted { get; set; } = Rows.Release("v2");

    public EdgeReleaseStatus? Status { get; private set; }

    public Plan? Plan { get; private set; }

    public IReadOnlyDictionary<DeviceId, LedgerRow> Ledger => _rows;

    public bool IsBelieved { get; set; } = true;

    public void Put(DeviceRow device) => _devices[device.Id] = device;

    public void Runs(int number, string? version) =>
        _deployments[Rows.Id(number)] = new DeploymentRow
        {
            Device = Rows.Id(number),
            Current = version,
            Desired = version,
            UpdatedAt = Now.AddDays(-1),
        };

    public void GoesOffline(int number) =>
        Put(_devices[Rows.Id(number)] with { Connected = false, ConnectionAt = Now });

    public void Wait(TimeSpan time) => Now += time;

    /// <summary>Somebody else schedules a version on a device.</summary>
    public void IsTakenBy(int number, string user)
    {
        Wait(TimeSpan.FromSeconds(1));
        Schedule(Rows.Id(number), "other", new DesiredEntry(Now, "other", "user", user));
        Wait(TimeSpan.FromSeconds(1));
    }

    /// <summary>Connected devices run what they are told, after a second; those named fail instead.</summary>
    public void Obey(params int[] failing)
    {
        Wait(TimeSpan.FromSeconds(1));
        var bad = failing.Select(Rows.Id).ToHashSet();
        foreach (
            var row in _deployments
                .Values.Where(row => row.Current != row.Desired && _devices[row.Device].Connected)
                .ToList()
        )
        {
            var fails = bad.Contains(row.Device) && row.Desired == Wanted.Version;
            _deployments[row.Device] = row with
            {
                Current = fails ? row.Current : row.Desired,
                LastCurrent = fails
                    ? new CurrentEntry(Now, null, "cannot start node 12345: port in use", row.Desired, null)
                    : new CurrentEntry(Now, row.Desired, null, null, null),
                UpdatedAt = Now,
            };
        }

        Wait(TimeSpan.FromSeconds(1));
    }

    /// <summary>A device reports an error on what it is told now.</summary>
    public void RefusesToGoBack(int number)
    {
        Wait(TimeSpan.FromSeconds(1));
        var row = _deployments[Rows.Id(number)];
        _deployments[row.Device] = row with
        {
            LastCurrent = new CurrentEntry(Now, null, "disk full", row.Desired, null),
        };
    }

    /// <summary>A device reports anew what it runs.</summary>
    public void Reports(int number)
    {
        Wait(TimeSpan.FromSeconds(1));
        var row = _deployments[Rows.Id(number)];
        _deployments[row.Device] = row with { LastCurrent = new CurrentEntry(Now, row.Current, null, null, null) };
    }

    public Snapshot Seen() =>
        new()
        {
            BeganAt = Now,
            EndedAt = Now.AddSeconds(1),
            Devices = [.. _devices.Values.OrderBy(device => device.Id)],
            Deployments = new Dictionary<DeviceId, DeploymentRow>(_deployments),
            Believed = IsBelieved,
        };

    /// <summary>One pass of the operator.</summary>
    public EdgeReleaseStatus Pass()
    {
        var seen = Seen();
        var plan = Planner.Plan(Wanted, StatusMemory.Of(Status, _rows), seen, seen.EndedAt);
        Now = seen.EndedAt;
        var rows = new Dictionary<DeviceId, LedgerRow>(plan.Memory.Rows);
        foreach (var batch in plan.Batches)
        {
            foreach (var row in batch.Rows)
            {
                rows[row.Device] = row.Sent();
                Schedule(row.Device, batch.Version, new DesiredEntry(Now, batch.Version, "apiToken", null));
            }
        }

        _rows = rows;
        var batches = plan.Batches.Count == 0 ? plan.Memory.Batch : plan.Batches[^1].Number;
        Plan = plan with { Memory = plan.Memory with { Rows = rows, Batch = batches } };
        return Status = Stored(Summary.Of(Input(Plan)));
    }

    /// <summary>Passes and obedient devices until nothing is sent and nothing is on its way.</summary>
    public EdgeReleaseStatus Settle(params int[] failing)
    {
        for (var round = 0; round < 200; round++)
        {
            Pass();
            if (!Plan!.IsActive)
            {
                return Status!;
            }

            Obey(failing);
            Wait(TimeSpan.FromMinutes(3));
        }

        throw new InvalidOperationException($"not settled after 200 passes: {Status?.Message}");
    }

    public SummaryInput Input(Plan plan) =>
        new()
        {
            Before = Status,
            Generation = Generation,
            Wanted = Wanted,
            Plan = plan,
            WallNow = Now.AddMilliseconds(123),
        };

    public static EdgeReleaseStatus Stored(EdgeReleaseStatus status) =>
        JsonSerializer.Deserialize(
            JsonSerializer.Serialize(status, ApiJson.Default.EdgeReleaseStatus),
            ApiJson.Default.EdgeReleaseStatus
        )!;

    private void Schedule(DeviceId device, string? version, DesiredEntry entry) =>
        _deployments[device] = _deployments.GetValueOrDefault(device) with
        {
            Device = device,
            Desired = version,
            LastDesired = entry,
            UpdatedAt = Now,
        };
}
