using EdgeRelease.Kubernetes;
using EdgeRelease.Losant;
using Microsoft.Extensions.Logging;

namespace EdgeRelease.Controller;

/// <summary>Everything outside that the controller touches.</summary>
public sealed record Ports
{
    /// <summary>The API server.</summary>
    public required ICluster Cluster { get; init; }

    /// <summary>Losant.</summary>
    public required ILosantConnector Losant { get; init; }

    /// <summary>Monotonic time for waits; wall-clock time only for Kubernetes' own timestamps.</summary>
    public required TimeProvider Time { get; init; }

    /// <summary>Jitter.</summary>
    public required Random Random { get; init; }

    /// <summary>One line a decision.</summary>
    public required ILogger Log { get; init; }

    /// <summary>Counters.</summary>
    public required ReleaseMetrics Metrics { get; init; }

    /// <summary>Whether a write that takes up to 10 s ends before another replica can lead (rule 33). Default: always,
    /// for a replica that is alone.</summary>
    public Func<bool> MayStartWrite { get; init; } = () => true;

    /// <summary>The process, for Events.</summary>
    public string Instance { get; init; } = "edgerelease";
}
