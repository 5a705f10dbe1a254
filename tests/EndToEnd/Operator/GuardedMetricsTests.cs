using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using EdgeRelease.Tests.EndToEnd.Chart;
using Xunit;

namespace EdgeRelease.Tests.EndToEnd.Operator;

/// <summary>Metrics over HTTPS, to those whom a real API server knows and allows.</summary>
public sealed class GuardedMetricsTests(ControlPlaneFixture controlPlane)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Are_served_to_whom_the_API_server_allows_them_and_to_nobody_else()
    {
        await using var stage = await Stage.OpenAsync(controlPlane, 1);
        var started = await stage.StartOperatorAsync("--metrics-https=true");
        Assert.StartsWith("https://", started.Metrics, StringComparison.Ordinal);

        await stage.KubectlAsync("create", "serviceaccount", "curious");
        var token = (await stage.KubectlAsync("create", "token", "curious")).Trim();
        Assert.Equal(401, await Metrics.StatusAsync(started.Metrics, null));
        Assert.Equal(401, await Metrics.StatusAsync(started.Metrics, "made-up"));
        Assert.Equal(401, await Metrics.StatusAsync(started.Metrics, token + "x"));
        Assert.Equal(403, await Metrics.StatusAsync(started.Metrics, token));

        var name = $"metrics-{stage.Namespace}";
        string[] reader = [name, "--verb=get", "--non-resource-url=/metrics"];
        await stage.KubectlAsync(["create", "clusterrole", .. reader]);
        string[] to = [$"--clusterrole={name}", $"--serviceaccount={stage.Namespace}:curious"];
        await stage.KubectlAsync(["create", "clusterrolebinding", name, .. to]);
        await Eventually.HoldsAsync(async () => await Metrics.StatusAsync(started.Metrics, token) == 200);
        await stage.KubectlAsync("delete", "clusterrolebinding,clusterrole", name);
        await Eventually.HoldsAsync(async () => await Metrics.StatusAsync(started.Metrics, token) == 403);
    }

    [Fact]
    public async Task Are_not_served_beside_it_by_the_port_of_the_probes()
    {
        await using var stage = await Stage.OpenAsync(controlPlane, 1);
        var started = await stage.StartOperatorAsync("--metrics-https=true");

        Assert.Equal(200, await started.ProbeAsync("/readyz"));
        Assert.Equal(404, await started.ProbeAsync("/metrics"));
    }

    [Fact]
    public async Task Are_not_served_while_the_API_server_does_not_answer()
    {
        var own = await controlPlane.StartPrivateAsync();
        using var cluster = own.Connect();
        await using var stage = await Stage.OpenAsync(controlPlane, own, cluster);
        var started = await stage.StartOperatorAsync("--metrics-https=true");
        await own.StopAsync();

        Assert.Equal(503, await Metrics.StatusAsync(started.Metrics, "any"));
        Assert.Contains(
            started.Child.Lines,
            line => line.Contains("metrics were not served", StringComparison.Ordinal)
        );
    }

    [Fact]
    public async Task Show_the_certificate_of_the_folder_also_after_it_changed()
    {
        using var folder = new TemporaryFolder();
        await using var stage = await Stage.OpenAsync(controlPlane, 1);
        await IssueAsync(folder.Path, "first");
        var started = await stage.StartOperatorAsync("--metrics-https=true", $"--metrics-certificate={folder.Path}");
        Assert.Equal("CN=first", await SubjectAsync(started));

        await IssueAsync(folder.Path, "second");

        await Eventually.HoldsAsync(async () => await SubjectAsync(started) == "CN=second");
    }

    private static void Link(string folder, string name)
    {
        if (!File.Exists(Path.Combine(folder, name)))
        {
            File.CreateSymbolicLink(Path.Combine(folder, name), Path.Combine("..data", name));
        }
    }

    /// <summary>As the kubelet replaces the files of a Secret.</summary>
    private static async Task IssueAsync(string folder, string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var now = TimeProvider.System.GetUtcNow();
        using var certificate = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256).CreateSelfSigned(
            now.AddHours(-1),
            now.AddHours(1)
        );
        var content = Directory.CreateDirectory(Path.Combine(folder, $"..{name}")).FullName;
        await File.WriteAllTextAsync(Path.Combine(content, "tls.key"), key.ExportPkcs8PrivateKeyPem(), Cancel);
        await File.WriteAllTextAsync(Path.Combine(content, "tls.crt"), certificate.ExportCertificatePem(), Cancel);
        var (data, next) = (Path.Combine(folder, "..data"), Path.Combine(folder, "..next"));
        File.CreateSymbolicLink(next, $"..{name}");
        await ControlPlane.RunAsync("mv", ["-T", next, data]);
        Link(folder, "tls.key");
        Link(folder, "tls.crt");
    }

    private static async Task<string> SubjectAsync(OperatorProcess started)
    {
        var address = new Uri(started.Metrics);
        using var client = new TcpClient();
        await client.ConnectAsync(address.Host, address.Port, Cancel);
#pragma warning disable CA5359 // It is asked whose certificate it is, nothing else.
        await using var stream = new SslStream(client.GetStream(), false, (_, _, _, _) => true);
#pragma warning restore CA5359
        await stream.AuthenticateAsClientAsync(address.Host);
        using var shown = X509CertificateLoader.LoadCertificate(stream.RemoteCertificate!.GetRawCertData());
        return shown.Subject;
    }
}
