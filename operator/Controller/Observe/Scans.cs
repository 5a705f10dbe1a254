using EdgeRelease.Api;
using EdgeRelease.Kubernetes;
using EdgeRelease.Observation;

namespace EdgeRelease.Controller;

/// <summary>A believed scan, as the pass of one release made it.</summary>
/// <param name="Release">The release.</param>
/// <param name="Application">Its LosantApplication.</param>
/// <param name="FlowId">The flow whose rows were read, 24 hex digits.</param>
public sealed record Scan(ResourceKey Release, ResourceKey Application, string FlowId)
{
    /// <summary>What it found; the rows are those of the flow alone.</summary>
    public required ApplicationObservation Found { get; init; }

    /// <summary>The class of the devices that were read.</summary>
    public required DeviceClass Class { get; init; }

    /// <summary>Monotonic timestamp at which it was believed.</summary>
    public required long NotedAt { get; init; }
}

/// <summary>The last believed scan of each release, handed from their passes to the status of their application and to
/// the metrics.</summary>
public sealed class Scans
{
    private readonly Lock _gate = new();
    private readonly Dictionary<ResourceKey, Scan> _last = [];

    /// <summary>Called with a LosantApplication whose status should say something else now. Default nothing.</summary>
    public Action<ResourceKey> Changed { get; set; } = _ => { };

    /// <summary>Notes what a pass saw, if it was believed.</summary>
    /// <param name="release">The release's namespace and name.</param>
    /// <param name="wanted">The release resolved.</param>
    /// <param name="observed">What its pass saw.</param>
    /// <param name="notedAt">Monotonic timestamp now.</param>
    public void Note(ResourceKey release, Wanted wanted, Observed observed, long notedAt)
    {
        ArgumentNullException.ThrowIfNull(wanted);
        ArgumentNullException.ThrowIfNull(observed);
        var seen = observed.Snapshot;
        if (!seen.Believed)
        {
            return;
        }

        var found = new ApplicationObservation
        {
            At = seen.BeganAt,
            Devices = observed.ScannedDevices,
            Deployments = seen.Deployments.Count,
            Complete = seen.AbsentRowsAreCertain,
        };
        Note(
            new Scan(release, wanted.Account!.Meta.Key, wanted.Release!.FlowId)
            {
                Found = found,
                Class = wanted.Release!.Class,
                NotedAt = notedAt,
            }
        );
    }

    /// <summary>Notes a scan.</summary>
    /// <param name="scan">The scan.</param>
    public void Note(Scan scan)
    {
        ArgumentNullException.ThrowIfNull(scan);
        ApplicationObservation? before;
        ApplicationObservation? after;
        lock (_gate)
        {
            before = Sum(scan.Application);
            _last[scan.Release] = scan;
            after = Sum(scan.Application);
        }

        if (!IsSame(before, after))
        {
            Changed(scan.Application);
        }
    }

    /// <summary>A release is gone.</summary>
    /// <param name="release">Its namespace and name.</param>
    public void Forget(ResourceKey release)
    {
        lock (_gate)
        {
            _last.Remove(release);
        }
    }

    /// <summary>What the last scans of an application's releases found together; null when there was none.</summary>
    /// <param name="application">The LosantApplication's namespace and name.</param>
    /// <param name="before">What was stored last: what this process has not read of a class counts as before.</param>
    public ApplicationObservation? Find(ResourceKey application, ApplicationObservation? before)
    {
        lock (_gate)
        {
            return Sum(application, before);
        }
    }

    /// <summary>Monotonic timestamp of the last scan of the application that has waited longest for one; null when
    /// there was none.</summary>
    public long? Oldest()
    {
        lock (_gate)
        {
            return _last
                .Values.GroupBy(scan => scan.Application)
                .Select(scans => (long?)scans.Max(scan => scan.NotedAt))
                .Min();
        }
    }

    /// <summary>Whether two observations say the same; the time alone is no news.</summary>
    /// <param name="one">One; null before the first.</param>
    /// <param name="other">The other; null before the first.</param>
    public static bool IsSame(ApplicationObservation? one, ApplicationObservation? other) =>
        one is null || other is null ? one == other : one with { At = other.At } == other;

    private ApplicationObservation? Sum(ResourceKey application, ApplicationObservation? before = null)
    {
        var flows = _last
            .Values.Where(scan => scan.Application == application)
            .GroupBy(scan => scan.FlowId)
            .Select(scans => scans.MaxBy(scan => scan.Found.At)!)
            .ToList();
        if (flows.MaxBy(scan => scan.Found.At) is not { } newest)
        {
            return null;
        }

        var microcontrollers = DevicesOf(flows, DeviceClass.Embedded) ?? before?.Microcontrollers;
        var gateways = DevicesOf(flows, DeviceClass.EdgeCompute) ?? before?.Devices - (before?.Microcontrollers ?? 0);
        return newest.Found with
        {
            Devices = (gateways ?? 0) + (microcontrollers ?? 0),
            Microcontrollers = microcontrollers,
            Deployments = flows.Sum(scan => scan.Found.Deployments),
            Complete = flows.TrueForAll(scan => scan.Found.Complete),
        };
    }

    private static int? DevicesOf(List<Scan> flows, DeviceClass deviceClass) =>
        flows.Where(scan => scan.Class == deviceClass).MaxBy(scan => scan.Found.At)?.Found.Devices;
}
