using System.Net;
using System.Net.Http.Headers;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;

namespace EdgeRelease.Kubernetes;

/// <summary>What the server said to one call.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Body">The bytes; empty when <paramref name="TooLarge"/>.</param>
/// <param name="TooLarge">Whether the body was larger than 16 MiB and was left unread.</param>
internal readonly record struct ClusterAnswer(int Status, ReadOnlyMemory<byte> Body, bool TooLarge);

/// <summary>Sends calls over HTTP/2 with the connection's trust and credentials. No retries, but one after a 401
/// when there is a newer credential; a 401 means that nothing was done.</summary>
internal sealed class ClusterTransport : IDisposable
{
    private readonly ClusterConnection connection;
    private readonly TimeProvider time;
    private readonly HttpClient http;
    private volatile X509Certificate2? certificate;

    public ClusterTransport(ClusterConnection connection, TimeProvider time)
    {
        this.connection = connection;
        this.time = time;
        http = new HttpClient(Handler(), disposeHandler: true) { Timeout = Timeout.InfiniteTimeSpan };
    }

    /// <summary>From send to the last byte of the answer; for a watch, to its first.</summary>
    public TimeSpan AttemptTimeout { get; init; } = TimeSpan.FromSeconds(10);

    public string UserAgent { get; init; } = "";

    public async Task<ClusterAnswer> SendAsync(ClusterCall call, CancellationToken cancel)
    {
        using var patience = new CancellationTokenSource(AttemptTimeout, time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancel, patience.Token);
        try
        {
            using var response = await ExchangeAsync(call, linked.Token);
            using var stream = await response.Content.ReadAsStreamAsync(linked.Token);
            var body = await BoundedBody.ReadAsync(stream, linked.Token);
            return new ClusterAnswer((int)response.StatusCode, body ?? default, body is null);
        }
        catch (Exception e) when (IsNoAnswer(e, cancel))
        {
            throw ClusterErrors.Unanswered(call.Words, AttemptTimeout, e);
        }
    }

    /// <summary>Sends and returns a successful answer at its first byte.</summary>
    public async Task<HttpResponseMessage> OpenAsync(ClusterCall call, CancellationToken cancel)
    {
        using var patience = new CancellationTokenSource(AttemptTimeout, time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancel, patience.Token);
        try
        {
            var response = await ExchangeAsync(call, linked.Token);
            if (response.IsSuccessStatusCode)
            {
                return response;
            }
            using (response)
            using (var stream = await response.Content.ReadAsStreamAsync(linked.Token))
            {
                var body = await BoundedBody.ReadAsync(stream, linked.Token);
                throw ClusterErrors.Refused(
                    call.Words,
                    new ClusterAnswer((int)response.StatusCode, body ?? default, false)
                );
            }
        }
        catch (Exception e) when (IsNoAnswer(e, cancel))
        {
            throw ClusterErrors.Unanswered(call.Words, AttemptTimeout, e);
        }
    }

    public void Dispose() => http.Dispose();

    private static bool IsNoAnswer(Exception e, CancellationToken cancel) =>
        e is HttpRequestException or IOException
        || (e is OperationCanceledException && !cancel.IsCancellationRequested);

    private async Task<HttpResponseMessage> ExchangeAsync(ClusterCall call, CancellationToken cancel)
    {
        var credential = await connection.Credentials.CurrentAsync(cancel);
        var response = await ExchangeAsync(call, credential, cancel);
        if (response.StatusCode != HttpStatusCode.Unauthorized)
        {
            return response;
        }
        var renewed = await connection.Credentials.RenewedAsync(credential, cancel);
        if (renewed == credential)
        {
            return response;
        }
        response.Dispose();
        return await ExchangeAsync(call, renewed, cancel);
    }

    private async Task<HttpResponseMessage> ExchangeAsync(
        ClusterCall call,
        Credential credential,
        CancellationToken cancel
    )
    {
        certificate = credential.Certificate;
        using var request = new HttpRequestMessage(
            call.Method,
            new Uri(connection.Server.AbsoluteUri.TrimEnd('/') + call.Path)
        )
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionOrLower,
        };
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        request.Headers.TryAddWithoutValidation("User-Agent", UserAgent);
        if (credential.Token is { } token)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        }
        if (call.Body is { } body)
        {
            request.Content = JsonBody(body);
        }
        return await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancel);
    }

    private static ByteArrayContent JsonBody(JsonElement body)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            body.WriteTo(writer);
        }
        return new ByteArrayContent(buffer.ToArray())
        {
            Headers = { ContentType = new MediaTypeHeaderValue("application/json") },
        };
    }

    private SocketsHttpHandler Handler() =>
        new()
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = connection.FollowsProxy,
            ConnectTimeout = TimeSpan.FromSeconds(10),
            EnableMultipleHttp2Connections = true,
            // A dead connection is noticed after 30 s; calls on it then fail instead of hanging.
            KeepAlivePingDelay = TimeSpan.FromSeconds(15),
            KeepAlivePingTimeout = TimeSpan.FromSeconds(15),
            KeepAlivePingPolicy = HttpKeepAlivePingPolicy.WithActiveRequests,
            // A new connection follows a rotated certificate and a changed address.
            PooledConnectionLifetime = TimeSpan.FromMinutes(10),
            SslOptions = Tls(),
        };

    private SslClientAuthenticationOptions Tls()
    {
        var options = new SslClientAuthenticationOptions
        {
            LocalCertificateSelectionCallback = (_, _, _, _, _) => certificate!,
        };
        if (connection.ServerName is { } name)
        {
            options.TargetHost = name;
        }
        if (connection.SkipsVerification)
        {
#pragma warning disable CA5359 // The user's kubeconfig asks for it, as kubectl honours it.
            options.RemoteCertificateValidationCallback = (_, _, _, _) => true;
#pragma warning restore CA5359
        }
        else if (connection.Authorities is { } authorities)
        {
            options.CertificateChainPolicy = new X509ChainPolicy
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust,
                RevocationMode = X509RevocationMode.NoCheck,
            };
            options.CertificateChainPolicy.CustomTrustStore.AddRange(authorities);
        }
        return options;
    }
}
