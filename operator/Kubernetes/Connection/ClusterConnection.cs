using System.Security.Cryptography.X509Certificates;

namespace EdgeRelease.Kubernetes;

/// <summary>Where the API server is, how it is trusted, and who we are to it.</summary>
public sealed record ClusterConnection
{
    /// <summary>The server, with a base path where one is in front of it.</summary>
    public required Uri Server { get; init; }

    /// <summary>Who may have signed the server's certificate; null for the authorities of the machine.</summary>
    public X509Certificate2Collection? Authorities { get; init; }

    /// <summary>Whether the server's certificate is not checked, as <c>insecure-skip-tls-verify</c> says.
    /// Default false. Only a kubeconfig can set it.</summary>
    public bool SkipsVerification { get; init; }

    /// <summary>The name that the server's certificate must have; null for the host of <see cref="Server"/>.</summary>
    public string? ServerName { get; init; }

    /// <summary>Whether the proxy variables of the environment are followed. Default false, as in a cluster.</summary>
    public bool FollowsProxy { get; init; }

    /// <summary>The namespace that is meant where none is named. Default <c>default</c>.</summary>
    public string Namespace { get; init; } = "default";

    /// <summary>Who we are. Default nobody.</summary>
    internal CredentialSource Credentials { get; init; } = new FixedCredential(new Credential(null, null));

    /// <summary>The named kubeconfig, else the service account of this pod, else the kubeconfig in KUBECONFIG, else
    /// <c>~/.kube/config</c>.</summary>
    /// <param name="kubeconfig">A path; null to look for one.</param>
    /// <param name="context">A context of the kubeconfig; null for its current one.</param>
    /// <param name="time">The clock for the expiry of credentials.</param>
    /// <exception cref="ClusterException">There is none, or it cannot be read.</exception>
    public static ClusterConnection Find(string? kubeconfig, string? context, TimeProvider time)
    {
        if (string.IsNullOrEmpty(kubeconfig) && ServiceAccount.Connection(time) is { } inCluster)
        {
            return inCluster;
        }

        string?[] paths =
        [
            kubeconfig,
            Environment.GetEnvironmentVariable("KUBECONFIG"),
            Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".kube", "config"),
        ];
        return Kubeconfig.Read(paths.First(path => !string.IsNullOrEmpty(path))!, context, time);
    }
}
