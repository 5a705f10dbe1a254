using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace EdgeRelease.Tests.Unit.Losant;

/// <summary>A server on a loopback port that speaks as much HTTP as a test needs. Each request gets the next answer,
/// bytes and all; after the last one the connection is closed instead.</summary>
internal sealed class RawServer : IAsyncDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource stop = new();
    private readonly X509Certificate2? certificate;
    private readonly Queue<byte[]> answers;
    private readonly Task serving;

    public RawServer(X509Certificate2? certificate, params byte[][] answers)
    {
        this.certificate = certificate;
        this.answers = new Queue<byte[]>(answers);
        listener.Start();
        serving = ServeAsync();
    }

    /// <summary>The heads of the requests that came.</summary>
    public List<string> Requests { get; } = [];

    public int Connections { get; private set; }

    public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

    public static byte[] Answer(string head, byte[]? body = null) =>
        [.. Encoding.ASCII.GetBytes($"HTTP/1.1 {head}\r\nContent-Length: {body?.Length ?? 0}\r\n\r\n"), .. body ?? []];

    /// <summary>A certificate that signs itself, for a host name.</summary>
    public static X509Certificate2 Certificate(string host, int days = 30)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={host}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(host);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        var until = TimeProvider.System.GetUtcNow().AddDays(days);
        using var made = request.CreateSelfSigned(until.AddDays(-60), until);
        return X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pfx), null);
    }

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        listener.Dispose();
        await serving;
        stop.Dispose();
    }

    private async Task ServeAsync()
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                using var client = await listener.AcceptTcpClientAsync(stop.Token);
                Connections++;
                await ConverseAsync(client.GetStream());
            }
            catch (Exception failed) when (failed is IOException or OperationCanceledException or SocketException)
            {
                // A client that hangs up, or the end of the test.
            }
            catch (System.Security.Authentication.AuthenticationException)
            {
                // A client that does not trust the certificate.
            }
        }
    }

    private async Task ConverseAsync(NetworkStream network)
    {
        await using var stream = await SecuredAsync(network);
        while (await ReadRequestAsync(stream) is { } request)
        {
            Requests.Add(request);
            if (!answers.TryDequeue(out var answer))
            {
                return;
            }

            await stream.WriteAsync(answer, stop.Token);
        }
    }

    private async Task<Stream> SecuredAsync(NetworkStream network)
    {
        if (certificate is null)
        {
            return network;
        }

        var secured = new SslStream(network);
        await secured.AuthenticateAsServerAsync(certificate);
        return secured;
    }

    /// <summary>The head of the next request, after its body has come; null at the connection's end.</summary>
    private async Task<string?> ReadRequestAsync(Stream stream)
    {
        var text = new StringBuilder();
        var buffer = new byte[4096];
        while (true)
        {
            var read = await stream.ReadAsync(buffer, stop.Token);
            if (read == 0)
            {
                return null;
            }

            text.Append(Encoding.ASCII.GetString(buffer, 0, read));
            var parts = text.ToString().Split("\r\n\r\n", 2);
            if (parts.Length == 2 && parts[1].Length == LengthOf(parts[0]))
            {
                return parts[0];
            }
        }
    }

    private static int LengthOf(string head) =>
        head.Split("\r\n")
            .Where(line => line.StartsWith("Content-Length:", StringComparison.OrdinalIgnoreCase))
            .Select(line => int.Parse(line.AsSpan(15)))
            .FirstOrDefault();
}
