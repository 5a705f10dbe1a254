using System.Security.Cryptography;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace EdgeRelease.Kubernetes;

/// <summary>Reads a connection from kubeconfig files.</summary>
public static class Kubeconfig
{
    /// <summary>The connection of a context. Of several files the first that has an entry wins, as kubectl merges.</summary>
    /// <param name="paths">One path or several, separated as in KUBECONFIG.</param>
    /// <param name="context">The context's name; null for the current one.</param>
    /// <param name="time">The clock for the expiry of credentials.</param>
    /// <exception cref="ClusterException">A file, entry or certificate is missing or cannot be read.</exception>
    public static ClusterConnection Read(string paths, string? context, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(paths);
        try
        {
            var files = paths
                .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
                .Where((path, index) => index == 0 || File.Exists(path))
                .Select(KubeconfigFile.Load)
                .ToList();
            return Connection(files, context, time);
        }
        catch (Exception e)
            when (e
                    is IOException
                        or UnauthorizedAccessException
                        or YamlException
                        or CryptographicException
                        or FormatException
                        or KeyNotFoundException
            )
        {
            // The message of a YAML or format error may quote the file, and the file has secrets.
            var cause = e is KeyNotFoundException ? e.Message : e.GetType().Name;
            throw new ClusterException(0, $"cannot read kubeconfig {paths}: {cause}", e);
        }
    }

    private static ClusterConnection Connection(List<KubeconfigFile> files, string? context, TimeProvider time)
    {
        var name =
            context
            ?? files.Select(file => file.CurrentContext).FirstOrDefault(current => !string.IsNullOrEmpty(current))
            ?? throw new KeyNotFoundException("no current-context");
        var chosen = Entry(files, "contexts", "context", name);
        var cluster = Entry(files, "clusters", "cluster", chosen.Text("cluster") ?? "");
        var server = cluster.Text("server") ?? throw new KeyNotFoundException("the cluster has no server");
        return new ClusterConnection
        {
            Server = new Uri(server, UriKind.Absolute),
            Authorities = cluster.Certificates("certificate-authority"),
            SkipsVerification = cluster.Flag("insecure-skip-tls-verify"),
            ServerName = cluster.Text("tls-server-name"),
            FollowsProxy = true,
            Namespace = chosen.Text("namespace") ?? "default",
            Credentials = chosen.Text("user") is { } user
                ? Credentials(Entry(files, "users", "user", user), time)
                : new FixedCredential(new Credential(null, null)),
        };
    }

    private static KubeconfigEntry Entry(List<KubeconfigFile> files, string list, string member, string name) =>
        files.Select(file => file.Find(list, member, name)).FirstOrDefault(entry => entry is not null)
        ?? throw new KeyNotFoundException($"no {member} named {name}");

    private static CredentialSource Credentials(KubeconfigEntry user, TimeProvider time)
    {
        var certificate = user.ClientCertificate();
        if (user.Text("token") is { Length: > 0 } token)
        {
            return new FixedCredential(new Credential(token, certificate));
        }
        if (user.Text("tokenFile") is { Length: > 0 } file)
        {
            return new TokenFile(user.Resolved(file), time);
        }
        return user.Child("exec") is { } exec
            ? new ExecPlugin(ExecCommand.From(exec), time)
            : new FixedCredential(new Credential(null, certificate));
    }
}
