using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace EdgeRelease.Kubernetes;

/// <summary>The connection of a pod by its service account.</summary>
public static class ServiceAccount
{
    /// <summary>Where the kubelet mounts token, ca.crt and namespace.</summary>
    public const string Directory = "/var/run/secrets/kubernetes.io/serviceaccount";

    /// <summary>The namespace of this pod; null when this process is not in a pod.</summary>
    public static string? Namespace()
    {
        var file = Path.Combine(Directory, "namespace");
        return File.Exists(file) ? File.ReadAllText(file).Trim() : null;
    }

    /// <summary>The connection of this pod; null when this process is not in a pod.</summary>
    /// <param name="time">The clock for re-reading the token.</param>
    public static ClusterConnection? Connection(TimeProvider time)
    {
        var host = Environment.GetEnvironmentVariable("KUBERNETES_SERVICE_HOST");
        var port = Environment.GetEnvironmentVariable("KUBERNETES_SERVICE_PORT");
        if (string.IsNullOrEmpty(host) || string.IsNullOrEmpty(port) || !File.Exists(Path.Combine(Directory, "token")))
        {
            return null;
        }
        var bracketed = host.Contains(':', StringComparison.Ordinal) ? $"[{host}]" : host;
        return Connection(new Uri($"https://{bracketed}:{port}"), Directory, time);
    }

    /// <summary>The connection by a directory as the kubelet mounts it. The CA is read once: a rotation of the
    /// cluster's CA needs a new process.</summary>
    /// <param name="server">The API server.</param>
    /// <param name="directory">Has token and ca.crt, and namespace where there is one.</param>
    /// <param name="time">The clock for re-reading the token.</param>
    /// <exception cref="ClusterException">A file cannot be read.</exception>
    public static ClusterConnection Connection(Uri server, string directory, TimeProvider time)
    {
        try
        {
            var authorities = new X509Certificate2Collection();
            authorities.ImportFromPemFile(Path.Combine(directory, "ca.crt"));
            var ns = Path.Combine(directory, "namespace");
            return new ClusterConnection
            {
                Server = server,
                Authorities = authorities,
                Namespace = File.Exists(ns) ? File.ReadAllText(ns).Trim() : "default",
                Credentials = new TokenFile(Path.Combine(directory, "token"), time),
            };
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw new ClusterException(0, $"cannot read service account {directory}: {e.GetType().Name}", e);
        }
    }
}
