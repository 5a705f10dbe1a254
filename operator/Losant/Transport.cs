using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace EdgeRelease.Losant;

/// <summary>The network below a connection: TLS always verified, no redirects, addresses checked when connecting.
/// </summary>
internal static class Transport
{
    /// <summary>A handler for one connection.</summary>
    /// <param name="caPem">Extra certificate authorities, PEM; null for the system's alone.</param>
    /// <param name="isLoopback">Whether it leads to this machine: plain http, and so the token, may go there, but not
    /// to a proxy.</param>
    /// <exception cref="LosantException">The PEM holds no certificate: Terminal, HostNotAllowed.</exception>
    public static SocketsHttpHandler Handler(string? caPem, bool isLoopback)
    {
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = !isLoopback,
            AutomaticDecompression = DecompressionMethods.All,
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            ConnectTimeout = TimeSpan.FromSeconds(5),
            ConnectCallback = ConnectAsync,
        };
        if (caPem is not null)
        {
            handler.SslOptions.CertificateChainPolicy = Trusting(caPem);
        }

        return handler;
    }

    private static X509ChainPolicy Trusting(string caPem)
    {
        var extra = new X509Certificate2Collection();
        try
        {
            extra.ImportFromPem(caPem);
        }
        catch (CryptographicException)
        {
            extra.Clear();
        }

        if (extra.Count == 0)
        {
            throw new LosantException(
                ErrorKind.Terminal,
                LosantReason.HostNotAllowed,
                "cannot connect to Losant: the extra certificate authority is not a PEM certificate"
            );
        }

        // Custom roots replace the system's, so those are added back.
        var policy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
        };
        using var system = new X509Store(StoreName.Root, StoreLocation.LocalMachine, OpenFlags.ReadOnly);
        policy.CustomTrustStore.AddRange(system.Certificates);
        policy.CustomTrustStore.AddRange(extra);
        policy.ExtraStore.AddRange(extra);
        return policy;
    }

    /// <summary>An address has many spellings.</summary>
    private static bool IsSameHost(string one, string other) =>
        IPAddress.TryParse(one, out var first) && IPAddress.TryParse(other, out var second)
            ? first.Equals(second)
            : string.Equals(one, other, StringComparison.OrdinalIgnoreCase);

    private static async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancel)
    {
        var host = context.DnsEndPoint.Host;
        var target = context.InitialRequestMessage.RequestUri!;

        // A proxy of the environment is the administrator's choice, wherever it listens.
        var isProxy = !IsSameHost(host, target.IdnHost);
        var addresses = await Dns.GetHostAddressesAsync(host, cancel);
        var allowed = isProxy ? addresses : [.. addresses.Where(each => ApiAddress.IsAllowed(each, target.IsLoopback))];
        if (allowed.Length == 0)
        {
            throw new SocketException((int)SocketError.HostUnreachable);
        }

        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(allowed, context.DnsEndPoint.Port, cancel);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
