using EdgeRelease.Observation;
using EdgeRelease.Planning;

namespace EdgeRelease.Tests.Unit.Planning.StateSearch;

/// <summary>A Losant that never changes: each event makes another one.</summary>
/// <param name="Now">Its clock.</param>
/// <param name="Gateways">The devices by rising id, all connected since ever.</param>
internal sealed record Field(DateTimeOffset Now, IReadOnlyList<Gateway> Gateways)
{
    private static readonly DateTimeOffset Installed = PlannerWorld.Begin - TimeSpan.FromDays(1);

    public static Field Of(int count) =>
        new(
            PlannerWorld.Begin,
            [
                .. Enumerable
                    .Range(1, count)
                    .Select(number => new Gateway(
                        new DeploymentRow
                        {
                            Device = new DeviceId((UInt128)number * 0x1_0000_0001UL),
                            Current = "v1",
                            Desired = "v1",
                            LastDesired = new DesiredEntry(Installed, "v1", "user", null),
                            LastCurrent = new CurrentEntry(Installed, "v1", null, null, null),
                            UpdatedAt = Installed,
                        },
                        0
                    )),
            ]
        );

    public Snapshot Seen() =>
        new()
        {
            BeganAt = Now,
            EndedAt = Now,
            Devices =
            [
                .. Gateways.Select(gateway => new DeviceRow(
                    gateway.Row.Device,
                    DeviceClass.EdgeCompute,
                    "1.40.0",
                    TagSet.Empty,
                    Connected: true,
                    Installed
                )),
            ],
            Deployments = Gateways.ToDictionary(gateway => gateway.Row.Device, gateway => gateway.Row),
        };

    /// <summary>A release call arrives.</summary>
    public Field Told(Batch batch)
    {
        var told = batch.Rows.Select(row => row.Device).ToHashSet();
        return With(gateway => told.Contains(gateway.Row.Device) ? Scheduled(gateway, batch.Version) : gateway);
    }

    /// <summary>A device does what it was told.</summary>
    public Field Does(int index) =>
        With(
            index,
            gateway =>
                gateway.Row with
                {
                    Current = gateway.Row.Desired,
                    LastCurrent = new CurrentEntry(Now, gateway.Row.Desired, null, null, null),
                    UpdatedAt = Now,
                }
        );

    /// <summary>A device says that it cannot.</summary>
    public Field Refuses(int index) =>
        With(
            index,
            gateway =>
                gateway.Row with
                {
                    LastCurrent = new CurrentEntry(Now, null, "cannot run it", gateway.Row.Desired, null),
                    UpdatedAt = Now,
                }
        );

    private Gateway Scheduled(Gateway gateway, string? version) =>
        gateway.Row.Desired == version
            ? gateway
            : gateway with
            {
                Changes = gateway.Changes + 1,
                Row = gateway.Row with
                {
                    Desired = version,
                    LastDesired = new DesiredEntry(Now, version, "apiToken", null)
                    {
                        TellsPrevious = true,
                        Previous = gateway.Row.Desired,
                    },
                    UpdatedAt = Now,
                },
            };

    private Field With(int index, Func<Gateway, DeploymentRow> change) =>
        With(gateway => gateway == Gateways[index] ? gateway with { Row = change(gateway) } : gateway);

    private Field With(Func<Gateway, Gateway> change) => this with { Gateways = [.. Gateways.Select(change)] };
}

/// <summary>A device.</summary>
/// <param name="Row">What Losant shows of it.</param>
/// <param name="Changes">How often what it should run was changed.</param>
internal sealed record Gateway(DeploymentRow Row, int Changes)
{
    /// <summary>Whether it has not yet answered to what it was told last.</summary>
    public bool IsPending => Row.Desired != Row.Current && !HasRefused;

    private bool HasRefused => Row.LastCurrent is { Error: not null } entry && entry.At >= Row.LastDesired!.At;
}
