using System.Net;

namespace EdgeRelease.Simulation;

/// <summary>The messages of System.Net.Http and of the simulation, each in the form of the other.</summary>
internal static class MessageForms
{
    /// <summary>The request with its body read.</summary>
    public static async Task<SimulatedRequest> RequestOf(HttpRequestMessage request, CancellationToken cancel)
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
        var query = uri.Query.Length > 0 ? uri.Query[1..] : "";
        return new SimulatedRequest(request.Method.Method, uri.AbsolutePath, query, headers, body);
    }

    /// <summary>The answer as a message whose body is in memory, or breaks off halfway.</summary>
    public static HttpResponseMessage ResponseOf(HttpRequestMessage request, SimulatedResponse response)
    {
        var isCut = response.Transport == Transport.Cut;
        var message = new HttpResponseMessage((HttpStatusCode)response.Status)
        {
            RequestMessage = request,
            Content = isCut ? new CutContent(response.Body) : new ByteArrayContent(response.Body),
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
