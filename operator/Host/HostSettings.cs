using System.Net;
using Microsoft.Extensions.Logging;

namespace EdgeRelease.Host;

/// <summary>What the user chose on the command line.</summary>
internal sealed record HostSettings
{
    public string? Kubeconfig { get; init; }

    public required IReadOnlyList<string> Namespaces { get; init; }

    public required IReadOnlyList<string> LosantHosts { get; init; }

    public required IPEndPoint Metrics { get; init; }

    /// <summary>Metrics over HTTPS, to those that the API server allows.</summary>
    public bool MetricsHttps { get; init; }

    /// <summary>A folder with tls.crt and tls.key for it; null for a certificate of the process's own.</summary>
    public string? MetricsCertificate { get; init; }

    public required IPEndPoint Health { get; init; }

    public bool LeaderElect { get; init; }

    public string? LeaseNamespace { get; init; }

    public LogLevel LogLevel { get; init; }

    public int Workers { get; init; }
}

/// <summary>An address and port as text.</summary>
internal static class EndpointText
{
    public static bool IsValid(string text) =>
        IPEndPoint.TryParse(text, out _) && text.Contains(':', StringComparison.Ordinal);

    public static IPEndPoint Read(string text) => IPEndPoint.Parse(text);
}
