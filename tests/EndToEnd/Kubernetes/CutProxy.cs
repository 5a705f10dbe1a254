using System.Net;
using System.Net.Sockets;

namespace EdgeRelease.Tests.EndToEnd.Kubernetes;

/// <summary>A TCP relay on loopback whose connections a test can cut, refuse and count.</summary>
internal sealed class CutProxy : IDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly List<TcpClient> open = [];
    private readonly Uri server;
    private volatile bool refuses;

    public CutProxy(Uri server)
    {
        this.server = server;
        listener.Start();
        _ = AcceptAsync();
    }

    public Uri Address => new($"https://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}");

    public int Accepted { get; private set; }

    /// <summary>Cuts all connections; new ones are cut too until <see cref="Mend"/>.</summary>
    public void Cut()
    {
        refuses = true;
        CutOnce();
    }

    /// <summary>Cuts all connections; new ones work.</summary>
    public void CutOnce()
    {
        lock (open)
        {
            open.ForEach(client => client.Dispose());
            open.Clear();
        }
    }

    public void Mend() => refuses = false;

    public void Dispose()
    {
        listener.Dispose();
        CutOnce();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var client = await listener.AcceptTcpClientAsync();
                if (refuses)
                {
                    client.Dispose();
                    continue;
                }
                Accepted++;
                var upstream = new TcpClient();
                await upstream.ConnectAsync(server.Host, server.Port);
                lock (open)
                {
                    open.AddRange([client, upstream]);
                }
                _ = RelayAsync(client, upstream);
                _ = RelayAsync(upstream, client);
            }
        }
        catch (Exception e) when (e is ObjectDisposedException or SocketException) { }
    }

    private static async Task RelayAsync(TcpClient from, TcpClient to)
    {
        try
        {
            await from.GetStream().CopyToAsync(to.GetStream());
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or InvalidOperationException) { }
        from.Dispose();
        to.Dispose();
    }
}
