using System.IO.Compression;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using EdgeRelease.Losant;
using Xunit;

namespace EdgeRelease.Tests.Unit.Losant;

/// <summary>The client over real connections on this machine.</summary>
public sealed class TransportTests
{
    private static readonly byte[] Application = Encoding.UTF8.GetBytes(
        $$"""{"id":"{{Script.Application}}","name":"plant"}"""
    );

    private static async Task<LosantApplicationRow?> FindAsync(string url, string? caPem = null)
    {
        using var connector = Connector();
        var losant = connector.Connect(Script.Account(url) with { CaPem = caPem });
        return await losant.FindApplicationAsync(TestContext.Current.CancellationToken);
    }

    private static async Task<ReleaseAnswer> ReleaseAsync(ILosant losant) =>
        await losant.ReleaseAsync(
            new ReleaseOrder(Script.Flow, "v2", [Rows.DeviceId(1)]),
            TestContext.Current.CancellationToken
        );

    private static LosantConnector Connector() =>
        new(
            new LosantOptions
            {
                AllowedHosts = ["localhost", "127.0.0.1", "0.0.0.0", "169.254.169.254"],
                LimitsRate = false,
            }
        );

    [Fact]
    public async Task Reads_over_http_on_this_machine()
    {
        await using var server = new RawServer(null, RawServer.Answer("200 OK", Application));

        Assert.Equal("plant", (await FindAsync($"http://127.0.0.1:{server.Port}"))!.Name);
    }

    [Fact]
    public async Task Trusts_an_authority_that_the_account_names()
    {
        using var certificate = RawServer.Certificate("localhost");
        await using var server = new RawServer(certificate, RawServer.Answer("200 OK", Application));

        var application = await FindAsync($"https://localhost:{server.Port}", certificate.ExportCertificatePem());

        Assert.Equal("plant", application!.Name);
    }

    [Theory]
    [InlineData("localhost", 30, false)]
    [InlineData("elsewhere.example.org", 30, true)]
    [InlineData("localhost", -1, true)]
    public async Task Refuses_a_certificate_that_is_unknown_of_another_host_or_expired(
        string host,
        int days,
        bool isTrusted
    )
    {
        using var certificate = RawServer.Certificate(host, days);
        await using var server = new RawServer(certificate, RawServer.Answer("200 OK", Application));

        var error = await Assert.ThrowsAsync<LosantException>(() =>
            FindAsync($"https://localhost:{server.Port}", isTrusted ? certificate.ExportCertificatePem() : null)
        );

        Assert.Equal((ErrorKind.Transient, LosantReason.Unreachable), (error.Kind, error.Reason));
        Assert.Equal($"cannot read application {Script.Application}: no answer (SecureConnectionError)", error.Message);
        Assert.Empty(server.Requests);
    }

    [Fact]
    public async Task Still_refuses_others_when_it_trusts_an_extra_authority()
    {
        using var trusted = RawServer.Certificate("localhost");
        using var other = RawServer.Certificate("localhost");
        await using var server = new RawServer(other, RawServer.Answer("200 OK", Application));

        await Assert.ThrowsAsync<LosantException>(() =>
            FindAsync($"https://localhost:{server.Port}", trusted.ExportCertificatePem())
        );
        Assert.Empty(server.Requests);
    }

    [Fact]
    public async Task Follows_no_redirect()
    {
        await using var sentinel = new RawServer(null);
        await using var server = new RawServer(
            null,
            RawServer.Answer($"302 Found\r\nLocation: http://127.0.0.1:{sentinel.Port}/{Script.Token}")
        );

        var error = await Assert.ThrowsAsync<LosantException>(() => FindAsync($"http://127.0.0.1:{server.Port}"));

        Assert.Equal((ErrorKind.Terminal, 302), (error.Kind, error.Status));
        Assert.DoesNotContain(Script.Token, error.ToString(), StringComparison.Ordinal);
        Assert.Equal(0, sentinel.Connections);
    }

    [Fact]
    public async Task Sends_plain_http_to_no_proxy()
    {
        await using var sentinel = new RawServer(null, RawServer.Answer("200 OK", Application));
        await using var server = new RawServer(null, RawServer.Answer("200 OK", Application));
        var before = HttpClient.DefaultProxy;
        HttpClient.DefaultProxy = new ProxyOfOnePort(server.Port, sentinel.Port);
        try
        {
            await FindAsync($"http://127.0.0.1:{server.Port}");
        }
        finally
        {
            HttpClient.DefaultProxy = before;
        }

        Assert.Equal((0, 1), (sentinel.Connections, server.Connections));
    }

    [Fact]
    public async Task Does_not_connect_to_this_machine_by_the_unspecified_address()
    {
        await using var sentinel = new RawServer(null);
        using var connector = Connector();

        var answer = await ReleaseAsync(connector.Connect(Script.Account($"https://0.0.0.0:{sentinel.Port}")));

        Assert.Equal(ReleaseAnswerKind.Refused, answer.Kind);
        Assert.Equal(0, sentinel.Connections);
    }

    [Fact]
    public async Task Does_not_connect_to_a_link_local_address()
    {
        using var connector = Connector();

        var answer = await ReleaseAsync(connector.Connect(Script.Account("https://169.254.169.254")));

        Assert.Equal(ReleaseAnswerKind.Refused, answer.Kind);
        Assert.Contains("ConnectionError", answer.Error!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Knows_that_a_release_never_left_when_nobody_listens()
    {
        var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        listener.Dispose();
        using var connector = Connector();

        var answer = await ReleaseAsync(connector.Connect(Script.Account($"http://127.0.0.1:{port}")));

        Assert.Equal((ReleaseAnswerKind.Refused, ErrorKind.Transient), (answer.Kind, answer.Error!.Kind));
    }

    [Fact]
    public async Task Sends_a_release_once_over_a_connection_that_closes_under_it()
    {
        await using var server = new RawServer(null, RawServer.Answer("200 OK", Application));
        using var connector = Connector();
        var losant = connector.Connect(Script.Account($"http://127.0.0.1:{server.Port}"));
        await losant.FindApplicationAsync(TestContext.Current.CancellationToken);

        var answer = await ReleaseAsync(losant);

        Assert.Equal(ReleaseAnswerKind.Unknown, answer.Kind);
        Assert.Equal(["GET", "POST"], server.Requests.Select(request => request.Split(' ')[0]));
    }

    [Fact]
    public async Task Reads_a_compressed_body()
    {
        await using var server = new RawServer(
            null,
            RawServer.Answer("200 OK\r\nContent-Encoding: gzip", Gzip(Application))
        );

        Assert.Equal("plant", (await FindAsync($"http://127.0.0.1:{server.Port}"))!.Name);
        Assert.Contains("Accept-Encoding: gzip", Assert.Single(server.Requests), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Bounds_a_body_after_decompression()
    {
        var bomb = Gzip(new byte[64 * 1024 * 1024]);
        await using var server = new RawServer(null, RawServer.Answer("200 OK\r\nContent-Encoding: gzip", bomb));

        var error = await Assert.ThrowsAsync<LosantException>(() => FindAsync($"http://127.0.0.1:{server.Port}"));

        Assert.Equal(LosantReason.Unreadable, error.Reason);
    }

    [Fact]
    public async Task Sends_each_id_in_a_path_of_its_own()
    {
        await using var server = new RawServer(null, RawServer.Answer("404 Not Found"));

        Assert.Null(await FindAsync($"http://127.0.0.1:{server.Port}"));
        Assert.StartsWith(
            $"GET /applications/{Script.Application}?",
            Assert.Single(server.Requests),
            StringComparison.Ordinal
        );
    }

    private static byte[] Gzip(byte[] plain)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest))
        {
            gzip.Write(plain);
        }

        return packed.ToArray();
    }

    /// <summary>A proxy of the environment that leaves the servers of other tests alone.</summary>
    private sealed class ProxyOfOnePort(int port, int proxy) : IWebProxy
    {
        public ICredentials? Credentials { get; set; }

        public Uri? GetProxy(Uri destination) => new($"http://127.0.0.1:{proxy}");

        public bool IsBypassed(Uri host) => host.Port != port;
    }
}
