using System.Net;
using System.Net.Sockets;

namespace EdgeRelease.Tests.EndToEnd.Kubernetes;

/// <summary>A TCP relay on loopback whose connections a test can cut, refuse, hold and count.</summary>
internal sealed class CutProxy : IDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly List<TcpClient> open = [];
    private readonly Uri server;
    private volatile bool refuses;
    private volatile TaskCompletionSource? hanging;

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

    /// <summary>Keeps all connections, old and new, and hands nothing on until <see cref="Mend"/>.</summary>
    public void Hang() => hanging = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Mend()
    {
        refuses = false;
        hanging?.TrySetResult();
        hanging = null;
    }

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

    private async Task RelayAsync(TcpClient from, TcpClient to)
    {
        var buffer = new byte[16 * 1024];
        try
        {
            while (await from.GetStream().ReadAsync(buffer) is > 0 and var read)
            {
                await (hanging?.Task ?? Task.CompletedTask);
                await to.GetStream().WriteAsync(buffer.AsMemory(0, read));
            }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or InvalidOperationException) { }
        from.Dispose();
        to.Dispose();
    }
}
