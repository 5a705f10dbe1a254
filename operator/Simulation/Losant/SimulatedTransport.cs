using System.Net;
using System.Net.Sockets;

namespace EdgeRelease.Simulation;

/// <summary>An HTTP transport that leads into a simulated Losant in the same process. Every await ends on the thread
/// that fires the timers of the time provider. Several transports may share one model on one thread.</summary>
/// <param name="losant">The model; its clock is set to the time provider's at each request.</param>
/// <param name="time">Where latencies and slow bodies pass.</param>
/// <param name="latency">How long one way takes; asked twice for each request, there and back.</param>
public sealed class SimulatedTransport(SimulatedLosant losant, TimeProvider time, Func<TimeSpan> latency)
    : HttpMessageHandler
{
    /// <inheritdoc/>
    protected override async Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request,
        CancellationToken cancellationToken
    )
    {
        var simulated = await SimulatedOf(request, cancellationToken);
        await PassAsync(latency(), cancellationToken);
        losant.AdvanceTo(time.GetUtcNow());
        var response = losant.Handle(simulated);
        await PassAsync(latency(), cancellationToken);
        return await ActAsync(request, response, cancellationToken);
    }

    private async Task<HttpResponseMessage> ActAsync(
        HttpRequestMessage request,
        SimulatedResponse response,
        CancellationToken cancel
    )
    {
        switch (response.Transport)
        {
            case Transport.Refused:
                throw new HttpRequestException(
                    HttpRequestError.ConnectionError,
                    "Connection refused",
                    new SocketException((int)SocketError.ConnectionRefused)
                );
            case Transport.Reset:
                throw new HttpRequestException(
                    HttpRequestError.ResponseEnded,
                    "The response ended prematurely.",
                    new HttpIOException(HttpRequestError.ResponseEnded)
                );
            case Transport.Silent:
                await Task.Delay(Timeout.InfiniteTimeSpan, time, cancel);
                break;
            case Transport.Slow:
                await PassAsync(response.Delay, cancel);
                break;
        }

        return MessageOf(request, response);
    }

    private Task PassAsync(TimeSpan delay, CancellationToken cancel) =>
        delay > TimeSpan.Zero ? Task.Delay(delay, time, cancel) : Task.CompletedTask;

    private static async Task<SimulatedRequest> SimulatedOf(HttpRequestMessage request, CancellationToken cancel)
    {
        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        if (request.Headers.Authorization is { } authorization)
        {
            headers["Authorization"] = authorization.ToString();
        }

        if (request.Content?.Headers.ContentType is { } contentType)
        {
            headers["Content-Type"] = contentType.ToString();
        }

        var body = request.Content is null ? [] : await request.Content.ReadAsByteArrayAsync(cancel);
        var uri = request.RequestUri!;
        return new SimulatedRequest(
            request.Method.Method,
            uri.AbsolutePath,
            uri.Query.Length > 0 ? uri.Query[1..] : "",
            headers,
            body
        );
    }

    private static HttpResponseMessage MessageOf(HttpRequestMessage request, SimulatedResponse response)
    {
        var message = new HttpResponseMessage((HttpStatusCode)response.Status)
        {
            RequestMessage = request,
            Content =
                response.Transport == Transport.Cut ? new CutContent(response.Body) : new ByteArrayContent(response.Body),
        };
        foreach (var (name, value) in response.Headers)
        {
            if (!message.Headers.TryAddWithoutValidation(name, value))
            {
                message.Content.Headers.TryAddWithoutValidation(name, value);
            }
        }

        return message;
    }

    /// <summary>A body whose connection ends halfway.</summary>
    private sealed class CutContent(byte[] body) : HttpContent
    {
        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            await stream.WriteAsync(body.AsMemory(0, body.Length / 2));
            throw new HttpIOException(HttpRequestError.ResponseEnded, "The response ended prematurely.");
        }

        protected override bool TryComputeLength(out long length)
        {
            length = body.Length;
            return true;
        }
    }
}
