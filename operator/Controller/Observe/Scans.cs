using EdgeRelease.Api;
using EdgeRelease.Kubernetes;

namespace EdgeRelease.Controller;

/// <summary>A believed scan, as the pass of one release made it.</summary>
/// <param name="Release">The release.</param>
/// <param name="Application">Its LosantApplication.</param>
/// <param name="FlowId">The flow whose rows were read, 24 hex digits.</param>
public sealed record Scan(ResourceKey Release, ResourceKey Application, string FlowId)
{
    /// <summary>What it found; the rows are those of the flow alone.</summary>
    public required ApplicationObservation Found { get; init; }

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
        Note(new Scan(release, wanted.Account!.Meta.Key, wanted.Release!.FlowId) { Found = found, NotedAt = notedAt });
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
    public ApplicationObservation? Find(ResourceKey application)
    {
        lock (_gate)
        {
            return Sum(application);
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

    private ApplicationObservation? Sum(ResourceKey application)
    {
        var flows = _last
            .Values.Where(scan => scan.Application == application)
            .GroupBy(scan => scan.FlowId)
            .Select(scans => scans.MaxBy(scan => scan.Found.At)!.Found)
            .ToList();
        return flows.MaxBy(found => found.At) is { } newest
            ? newest with
            {
                Deployments = flows.Sum(found => found.Deployments),
                Complete = flows.TrueForAll(found => found.Complete),
            }
            : null;
    }
}
