using System.Globalization;
using EdgeRelease.Observation;
using EdgeRelease.Planning;

namespace EdgeRelease.Tests.Unit.Planning;

/// <summary>A tiny Losant: it schedules at once, devices apply some seconds later, the log has the newest entries with
/// server times. Events are methods; time moves by <see cref="Advance"/>.</summary>
internal sealed class PlannerWorld
{
    public static readonly DateTimeOffset Begin = new(2026, 11, 20, 9, 0, 0, TimeSpan.Zero);

    private readonly Dictionary<string, string> _etags = [];
    private int _bundles;

    public List<PlannerGateway> Gateways { get; } = [];

    public DateTimeOffset Now { get; private set; } = Begin;

    public TimeSpan Latency { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Whether rows carry content tags.</summary>
    public bool HasEtags { get; set; } = true;

    /// <summary>Whether rows carry logs.</summary>
    public bool KeepsLogs { get; set; } = true;

    /// <summary>Whether scheduling what is scheduled already leaves a new entry in the log; what Losant does is not known.</summary>
    public bool LogsRepeats { get; set; }

    /// <summary>Every device that the release told, in order of time.</summary>
    public List<PlannerTelling> Tellings { get; } = [];

    public PlannerGateway this[int number] => Gateways[number];

    public PlannerGateway Join(string? version = null)
    {
        // Ids are spread so that the order of ids is not the order of ranks.
        var gateway = new PlannerGateway { Id = new DeviceId((UInt128)(Gateways.Count + 1) * 0x1_0000_0001UL) };
        Gateways.Add(gateway);
        if (version is not null)
        {
            Install(gateway, version);
        }

        return gateway;
    }

    public void Disconnect(PlannerGateway gateway)
    {
        gateway.Connected = false;
        gateway.ConnectionAt = Now;
        gateway.AppliesAt = null;
    }

    public void Connect(PlannerGateway gateway)
    {
        gateway.Connected = true;
        gateway.ConnectionAt = Now;
        gateway.AppliesAt = IsPending(gateway) ? Now + Latency : null;
    }

    public void Advance(TimeSpan time)
    {
        var until = Now + time;
        while (Gateways.Where(gateway => gateway.AppliesAt <= until).MinBy(gateway => gateway.AppliesAt) is { } next)
        {
            Now = next.AppliesAt!.Value > Now ? next.AppliesAt.Value : Now;
            next.AppliesAt = null;
            Apply(next);
        }

        Now = until;
    }

    /// <summary>Publishes the version again with other content; only later releases bring it.</summary>
    public void Republish(string version) => _etags[version] = $"{version}-again";

    public void Release(Batch batch)
    {
        foreach (var row in batch.Rows)
        {
            var gateway = Gateways.Single(gateway => gateway.Id == row.Device);
            gateway.Told.Add(batch.Version);
            Tellings.Add(new PlannerTelling(Now, gateway, row.Next!));
            if (!gateway.IsDeafToLosant)
            {
                Schedule(gateway, batch.Version, "apiToken");
            }
        }
    }

    /// <summary>Somebody schedules a version.</summary>
    public void Schedule(PlannerGateway gateway, string? version, string source = "user")
    {
        if (gateway.IsDeleted)
        {
            return;
        }

        var isRepeat = gateway.Row?.Desired == version && gateway.Row?.DesiredEtag == Etag(version);
        if (isRepeat && !LogsRepeats)
        {
            gateway.AppliesAt = gateway.Connected && IsPending(gateway) ? Now + Latency : null;
            return;
        }

        var row = gateway.Row ?? new DeploymentRow { Device = gateway.Id };
        gateway.Row = row with
        {
            Desired = version,
            DesiredEtag = Etag(version),
            LastDesired = KeepsLogs
                ? new DesiredEntry(Now, version, source, "5f0000000000000000000001")
                {
                    TellsPrevious = true,
                    Previous = row.Desired,
                    PreviousEtag = row.DesiredEtag,
                }
                : null,
            UpdatedAt = Now,
            Bundle = Built(row.Bundle),
        };
        gateway.AppliesAt = gateway.Connected ? Now + Latency : null;
    }

    /// <summary>The bundle is built anew for something else than the release's flow.</summary>
    public void Rebuild(PlannerGateway gateway, string type = "globals", DeviceId? flow = null)
    {
        var row = gateway.Row!.Value;
        var bundle = Built(row.Bundle)! with { Rebuilt = new BundleChange(Now, type, flow) };
        gateway.Row = row with { Bundle = bundle, UpdatedAt = Now };
        gateway.AppliesAt = gateway.Connected ? Now + Latency : null;
    }

    private Bundle? Built(Bundle? before) =>
        before is null ? null : before with { Desired = $"b{++_bundles}", Rebuilt = null };

    public Snapshot Seen() => Seen(Now);

    public Snapshot Seen(DateTimeOffset beganAt)
    {
        var alive = Gateways.Where(gateway => !gateway.IsDeleted).OrderBy(gateway => gateway.Id).ToList();
        return new Snapshot
        {
            BeganAt = beganAt,
            EndedAt = beganAt,
            Devices =
            [
                .. alive.Select(gateway => new DeviceRow(
                    gateway.Id,
                    gateway.Class,
                    gateway.Agent,
                    gateway.Tags,
                    gateway.Connected,
                    gateway.ConnectionAt
                )),
            ],
            Deployments = alive
                .Where(gateway => gateway.Row is not null)
                .ToDictionary(gateway => gateway.Id, gateway => gateway.Row!.Value),
        };
    }

    /// <summary>The device runs a version since yesterday.</summary>
    public void Install(PlannerGateway gateway, string version)
    {
        var at = Now - TimeSpan.FromDays(1);
        gateway.ConnectionAt ??= at;
        gateway.Row = new DeploymentRow
        {
            Device = gateway.Id,
            Current = version,
            Desired = version,
            CurrentEtag = Etag(version),
            DesiredEtag = Etag(version),
            LastDesired = KeepsLogs ? new DesiredEntry(at, version, "user", null) : null,
            LastCurrent = KeepsLogs ? new CurrentEntry(at, version, null, null, null) : null,
            UpdatedAt = at,
        };
    }

    private void Apply(PlannerGateway gateway)
    {
        var row = gateway.Row!.Value;
        var version = row.Desired;
        if (version is not null && gateway.Ignores.Contains(version))
        {
            return;
        }

        if (gateway.RefusesRebuilds && row.Bundle is { Rebuilt: not null })
        {
            return;
        }

        if (version is not null && gateway.Refuses.Contains(version))
        {
            Fail(gateway);
            return;
        }

        gateway.Row = row with
        {
            Current = version,
            CurrentEtag = row.DesiredEtag,
            LastCurrent = KeepsLogs ? new CurrentEntry(Now, version, null, null, null) : null,
            UpdatedAt = Now,
            Bundle = row.Bundle is { } bundle ? bundle with { Current = bundle.Desired } : null,
        };
        if (version is not null && gateway.DiesOf.Contains(version))
        {
            Disconnect(gateway);
        }
    }

    /// <summary>The device reports that it cannot run what it was told.</summary>
    public void Fail(PlannerGateway gateway)
    {
        var row = gateway.Row!.Value;
        var error = string.Create(CultureInfo.InvariantCulture, $"cannot run {row.Desired}");
        var failed = new CurrentEntry(Now, null, error, row.Desired, row.DesiredEtag)
        {
            RanAt = row.LastCurrent is { Error: null } ran ? ran.At : row.LastCurrent?.RanAt,
        };
        gateway.Row = row with { LastCurrent = KeepsLogs ? failed : null, UpdatedAt = Now };
    }

    private static bool IsPending(PlannerGateway gateway) =>
        gateway.Row is { } row && (row.Desired != row.Current || row.DesiredEtag != row.CurrentEtag);

    private string? Etag(string? version) =>
        version is null || !HasEtags ? null : _etags.GetValueOrDefault(version, $"{version}-etag");
}
