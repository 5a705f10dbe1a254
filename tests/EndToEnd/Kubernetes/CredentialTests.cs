using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using EdgeRelease.Kubernetes;
using Xunit;

namespace EdgeRelease.Tests.EndToEnd.Kubernetes;

public sealed class CredentialTests(ControlPlaneFixture controlPlane) : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("edgerelease-credentials-").FullName;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task Reads_the_token_file_again_when_its_token_is_rejected()
    {
        var ns = await controlPlane.NewNamespaceAsync();
        var mount = await MountAsync(ns, await TokenAsync(ns, "first"));
        var connection = ServiceAccount.Connection(controlPlane.Connection().Server, mount, TimeProvider.System);
        using var client = new ClusterClient(connection, TimeProvider.System, "edgerelease-tests/0");
        await ListAsync(client, ns);

        await File.WriteAllTextAsync(Path.Combine(mount, "token"), await TokenAsync(ns, "second"), Cancel);
        await controlPlane.KubectlAsync("delete", "serviceaccount", "first", "-n", ns);

        await Eventually.HoldsAsync(async () => !await IsAcceptedAsync(ns, "first"));
        await ListAsync(client, ns);
        Assert.Equal(ns, connection.Namespace);
    }

    [Fact]
    public async Task Throws_401_without_the_token_when_no_other_token_is_there()
    {
        var mount = await MountAsync("default", "canary-token");
        var connection = ServiceAccount.Connection(controlPlane.Connection().Server, mount, TimeProvider.System);
        using var client = new ClusterClient(connection, TimeProvider.System, "edgerelease-tests/0");

        var error = await Assert.ThrowsAsync<ClusterException>(() => ListAsync(client, "default"));

        Assert.Equal(401, error.Status);
        Assert.DoesNotContain("canary", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Asks_the_exec_plugin_once_while_its_token_is_good()
    {
        var ns = await controlPlane.NewNamespaceAsync();
        var token = await TokenAsync(ns, "plugin");
        var script = Path.Combine(folder, "plugin.sh");
        await File.WriteAllTextAsync(
            script,
            $$$"""
            echo "$1 $GREETING $KUBERNETES_EXEC_INFO" >>"{{{folder}}}/asked"
            echo '{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential",
              "status":{"token":"{{{token}}}","expirationTimestamp":"2999-01-01T00:00:00Z"}}'
            """,
            Cancel
        );
        var user = $"""
            exec:
                    apiVersion: client.authentication.k8s.io/v1
                    command: sh
                    args: ["{script}", hello]
                    env: [{"{name: GREETING, value: world}"}]
                    interactiveMode: IfAvailable
            """;
        using var client = await ClientAsync(user, ns);

        await Task.WhenAll(ListAsync(client, ns), ListAsync(client, ns));
        await ListAsync(client, ns);

        var asked = Assert.Single(await File.ReadAllLinesAsync(Path.Combine(folder, "asked"), Cancel));
        Assert.StartsWith(
            "hello world {\"apiVersion\":\"client.authentication.k8s.io/v1\"",
            asked,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task Names_the_exec_plugin_that_failed()
    {
        using var client = await ClientAsync(
            "exec: {apiVersion: client.authentication.k8s.io/v1, command: \"false\"}",
            "default"
        );

        var error = await Assert.ThrowsAsync<ClusterException>(() => ListAsync(client, "default"));

        Assert.Equal("cannot get credentials from false: exit code 1", error.Message);
    }

    [Fact]
    public async Task Uses_the_token_and_the_namespace_of_a_kubeconfig()
    {
        var ns = await controlPlane.NewNamespaceAsync();
        var path = await KubeconfigAsync($"token: {await TokenAsync(ns, "kubeconfig")}", ns);
        var connection = Kubeconfig.Read(path, null, TimeProvider.System);
        using var client = new ClusterClient(connection, TimeProvider.System, "edgerelease-tests/0");

        await ListAsync(client, ns);

        Assert.Equal(ns, connection.Namespace);
    }

    [Fact]
    public async Task Uses_certificates_from_files_beside_the_kubeconfig()
    {
        var admin = await File.ReadAllTextAsync(controlPlane.Kubeconfig, Cancel);
        foreach (var name in new[] { "client-certificate", "client-key", "certificate-authority" })
        {
            var data = admin.Split($"{name}-data: ")[1].Split('}', ',')[0].Trim();
            await File.WriteAllBytesAsync(Path.Combine(folder, name), Convert.FromBase64String(data), Cancel);
        }
        using var client = await ClientAsync(
            "{client-certificate: client-certificate, client-key: client-key}",
            "default"
        );

        await ListAsync(client, "default");
    }

    [Fact]
    public async Task Refuses_a_server_whose_certificate_is_not_signed_by_the_authority()
    {
        using var stranger = ECDsa.Create();
        var request = new CertificateRequest("CN=stranger", stranger, HashAlgorithmName.SHA256);
        using var authority = request.CreateSelfSigned(
            TimeProvider.System.GetUtcNow().AddDays(-1),
            TimeProvider.System.GetUtcNow().AddDays(1)
        );
        await File.WriteAllTextAsync(
            Path.Combine(folder, "certificate-authority"),
            authority.ExportCertificatePem(),
            Cancel
        );
        using var client = await ClientAsync("token: x", "default");

        var error = await Assert.ThrowsAsync<ClusterException>(() => ListAsync(client, "default"));

        Assert.Equal(0, error.Status);
        Assert.Equal("cannot list ConfigMap in default: no answer (SecureConnectionError)", error.Message);
    }

    private static async Task ListAsync(ClusterClient client, string ns) =>
        await client.ListAsync(ResourceKind.ConfigMap, new ListOptions { Namespace = ns, Limit = 1 }, Cancel);

    /// <summary>A new service account that may do everything in its namespace, and a token of it.</summary>
    private async Task<string> TokenAsync(string ns, string name)
    {
        await controlPlane.KubectlAsync("create", "serviceaccount", name, "-n", ns);
        await controlPlane.KubectlAsync(
            "create",
            "rolebinding",
            name,
            "-n",
            ns,
            "--clusterrole=cluster-admin",
            $"--serviceaccount={ns}:{name}"
        );
        var token = (await controlPlane.KubectlAsync("create", "token", name, "-n", ns)).Trim();
        await File.WriteAllTextAsync(Path.Combine(folder, name), token, Cancel);
        return token;
    }

    private async Task<bool> IsAcceptedAsync(string ns, string name)
    {
        var token = await File.ReadAllTextAsync(Path.Combine(folder, name), Cancel);
        using var client = await ClientAsync($"token: {token}", ns);
        try
        {
            await ListAsync(client, ns);
            return true;
        }
        catch (ClusterException e) when (e.Status is 401)
        {
            return false;
        }
    }

    /// <summary>A directory as the kubelet mounts it.</summary>
    private async Task<string> MountAsync(string ns, string token)
    {
        var mount = Directory.CreateDirectory(Path.Combine(folder, "mount")).FullName;
        await File.WriteAllTextAsync(Path.Combine(mount, "token"), token, Cancel);
        await File.WriteAllTextAsync(Path.Combine(mount, "namespace"), ns, Cancel);
        await File.WriteAllTextAsync(Path.Combine(mount, "ca.crt"), await AuthorityAsync(), Cancel);
        return mount;
    }

    private async Task<string> AuthorityAsync() =>
        Encoding.UTF8.GetString(
            Convert.FromBase64String(
                await controlPlane.KubectlAsync(
                    "config",
                    "view",
                    "--raw",
                    "--minify",
                    "-o",
                    "jsonpath={.clusters[0].cluster.certificate-authority-data}"
                )
            )
        );

    private async Task<ClusterClient> ClientAsync(string user, string ns) =>
        new(
            Kubeconfig.Read(await KubeconfigAsync(user, ns), null, TimeProvider.System),
            TimeProvider.System,
            "edgerelease-tests/0"
        );

    private async Task<string> KubeconfigAsync(string user, string ns)
    {
        if (!File.Exists(Path.Combine(folder, "certificate-authority")))
        {
            await File.WriteAllTextAsync(Path.Combine(folder, "certificate-authority"), await AuthorityAsync(), Cancel);
        }
        var path = Path.Combine(folder, $"{Guid.NewGuid():N}.kubeconfig");
        await File.WriteAllTextAsync(
            path,
            $$"""
            apiVersion: v1
            kind: Config
            current-context: it
            clusters:
              - name: it
                cluster: {server: "{{controlPlane.Connection().Server}}", certificate-authority: certificate-authority}
            contexts:
              - name: it
                context: {cluster: it, user: it, namespace: {{ns}}}
            users:
              - name: it
                user:
                  {{user}}
            """,
            Cancel
        );
        return path;
    }
}
