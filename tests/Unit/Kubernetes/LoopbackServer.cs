using System.Net;
using System.Net.Sockets;
using System.Text;
using EdgeRelease.Kubernetes;

namespace EdgeRelease.Tests.Unit.Kubernetes;

/// <summary>An HTTP/1.1 server that answers each request with bytes of the test's choice and then closes, for what no
/// real API server can be made to do.</summary>
internal sealed class LoopbackServer : IDisposable
{
    /// <summary>At the end of an answer: keep the connection open and send no more.</summary>
    public const string Silence = "<silence>";

    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly Func<string, string?> answer;
    private readonly CancellationTokenSource stop = new();

    /// <param name="answer">From the request's head to the whole answer; null for silence.</param>
    public LoopbackServer(Func<string, string?> answer)
    {
        this.answer = answer;
        listener.Start();
        _ = AcceptAsync();
    }

    public ClusterConnection Connection => new() { Server = Server };

    public Uri Server => new($"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}");

    public static string Json(int status, string body) =>
        $"HTTP/1.1 {status} X\r\nContent-Type: application/json\r\nContent-Length: {Encoding.UTF8.GetByteCount(body)}\r\nConnection: close\r\n\r\n{body}";

    /// <summary>An answer that ends with the connection.</summary>
    public static string Stream(string body) =>
        $"HTTP/1.1 200 X\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n{body}";

    public void Dispose()
    {
        stop.Cancel();
        listener.Dispose();
        stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                _ = AnswerAsync(await listener.AcceptTcpClientAsync(stop.Token), stop.Token);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException or SocketException) { }
    }

    private async Task AnswerAsync(TcpClient client, CancellationToken cancel)
    {
        using (client)
        {
            try
            {
                var reply = answer(await HeadAsync(client.GetStream(), cancel)) ?? Silence;
                var said = reply.Replace(Silence, "", StringComparison.Ordinal);
                await client.GetStream().WriteAsync(Encoding.UTF8.GetBytes(said), cancel);
                if (said.Length < reply.Length)
                {
                    await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancel);
                }
            }
            catch (Exception e) when (e is OperationCanceledException or IOException) { }
        }
    }

    private static async Task<string> HeadAsync(NetworkStream stream, CancellationToken cancel)
    {
        var head = new StringBuilder();
        var buffer = new byte[4096];
        while (!head.ToString().Contains("\r\n\r\n", StringComparison.Ordinal))
        {
            var read = await stream.ReadAsync(buffer, cancel);
            if (read == 0)
            {
                break;
            }
            head.Append(Encoding.UTF8.GetString(buffer, 0, read));
        }
        return head.ToString();
    }
}
