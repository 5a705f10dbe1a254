using EdgeRelease.Losant;
using EdgeRelease.Observation;
using EdgeRelease.Planning;

namespace EdgeRelease.Controller;

/// <summary>One accepted observation and Losant's clock after it.</summary>
/// <param name="Snapshot">What was seen.</param>
/// <param name="Now">Losant's clock now.</param>
/// <param name="ScannedDevices">Devices that the application's scan found.</param>
public sealed record Observed(Snapshot Snapshot, DateTimeOffset Now, int ScannedDevices);

/// <summary>Reads devices and deployments of one flow and joins them.</summary>
public sealed class Observer(ShrinkGuard guard)
{
    /// <summary>Reads the fleet.</summary>
    /// <param name="wanted">A resolved release.</param>
    /// <param name="held">Devices that its ledger holds: where no scan is remembered they must be there (I11).</param>
    /// <param name="cancel">Ends the calls.</param>
    /// <exception cref="LosantException">Losant gave no usable answer: nothing is known then.</exception>
    public async Task<Observed> ObserveAsync(Wanted wanted, int held, CancellationToken cancel)
    {
        var (release, losant) = (wanted.Release!, wanted.Losant!);
        var beganAt = losant.Now;
        var scanned = await losant.ScanDevicesAsync(DeviceClass.EdgeCompute, cancel);
        var devices = await WithNamedAsync(release, losant, scanned, cancel);
        var deployments = await losant.ScanDeploymentsAsync(release.FlowId, cancel);
        var newest = Newest(devices, deployments.Rows);
        var began = beganAt ?? newest;
        var now = losant.Now is { } clock && clock > newest ? clock : newest;
        var application = wanted.Account!;
        var least = application.Status?.Observation?.Devices ?? held;
        var snapshot = new Snapshot
        {
            BeganAt = began,
            EndedAt = now,
            Devices = devices,
            Deployments = deployments.Rows.ToDictionary(row => row.Device),
            AbsentRowsAreCertain = deployments.AbsentRowsAreCertain,
            Believed = guard.Believes(application.Spec.ApplicationId, scanned.Count, began, least),
        };
        return new Observed(snapshot, now, scanned.Count);
    }

    /// <summary>Devices of another class are not in the scan; a spec that names them by id hears why they are left out.</summary>
    private static async Task<IReadOnlyList<DeviceRow>> WithNamedAsync(
        Release release,
        ILosant losant,
        IReadOnlyList<DeviceRow> scanned,
        CancellationToken cancel
    )
    {
        var known = scanned.Select(device => device.Id).ToHashSet();
        var missing = release
            .Spec.DeviceIds.Select(DeviceId.Parse)
            .Where(id => !known.Contains(id))
            .Distinct()
            .Order()
            .ToList();
        if (missing.Count == 0)
        {
            return scanned;
        }

        var named = await losant.FindDevicesAsync(missing, cancel);
        return [.. scanned.Concat(named.Where(device => !known.Contains(device.Id))).OrderBy(device => device.Id)];
    }

    /// <summary>Without HTTP dates the newest date in the answers is all that is known of Losant's clock.</summary>
    private static DateTimeOffset Newest(IReadOnlyList<DeviceRow> devices, IReadOnlyList<DeploymentRow> rows)
    {
        var newest = DateTimeOffset.UnixEpoch;
        foreach (var device in devices)
        {
            newest = device.ConnectionAt > newest ? device.ConnectionAt.Value : newest;
        }

        foreach (var row in rows)
        {
            newest = row.UpdatedAt > newest ? row.UpdatedAt : newest;
            newest = row.LastDesired?.At > newest ? row.LastDesired.At : newest;
            newest = row.LastCurrent?.At > newest ? row.LastCurrent.At : newest;
        }

        return newest;
    }
}
