using System.Net;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;

namespace EdgeRelease.Tests.EndToEnd.Chart;

/// <summary>Stands before an API server that is too old to have admission policies: lists the rendered ones, which never
/// change, and hands on what it answers to any other read.</summary>
internal sealed class PolicyServer : IDisposable
{
    private static readonly Dictionary<string, string> Kinds = new(StringComparer.Ordinal)
    {
        ["/apis/admissionregistration.k8s.io/v1/validatingadmissionpolicies"] = "ValidatingAdmissionPolicy",
        ["/apis/admissionregistration.k8s.io/v1/validatingadmissionpolicybindings"] =
            "ValidatingAdmissionPolicyBinding",
    };

    private readonly HttpListener listener = new();
    private readonly HttpClient server;
    private readonly IReadOnlyList<JsonObject> policies;
    private readonly Task serving;

    /// <summary>Serves from now on.</summary>
    /// <param name="plane">That of the API server, which it asks as the administrator.</param>
    /// <param name="rendered">What the chart renders.</param>
    public PolicyServer(ControlPlane plane, IEnumerable<JsonObject> rendered)
    {
        server = Client(plane);
        policies = [.. rendered.Where(each => Kinds.ContainsValue(Helm.Kind(each))).Select(Stored)];
        Url = $"http://127.0.0.1:{Loopback.FreePort()}";
        listener.Prefixes.Add(Url + "/");
        listener.Start();
        serving = ServeAsync();
    }

    public string Url { get; }

    public void Dispose()
    {
        listener.Close();
        server.Dispose();
        serving.GetAwaiter().GetResult();
    }

    private static HttpClient Client(ControlPlane plane)
    {
        string File(string name) => Path.Combine(plane.Folder, name);
        var trust = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust };
        trust.RevocationMode = X509RevocationMode.NoCheck;
        trust.CustomTrustStore.Add(X509CertificateLoader.LoadCertificateFromFile(File("ca.crt")));
        var handler = new SocketsHttpHandler { SslOptions = { CertificateChainPolicy = trust } };
        handler.SslOptions.ClientCertificates =
        [
            X509Certificate2.CreateFromPemFile(File("admin.crt"), File("admin.key")),
        ];
        return new HttpClient(handler) { BaseAddress = plane.Connection().Server, Timeout = Timeout.InfiniteTimeSpan };
    }

    private async Task ServeAsync()
    {
        try
        {
            while (listener.IsListening)
            {
                _ = AnswerAsync(await listener.GetContextAsync());
            }
        }
        catch (Exception e) when (e is HttpListenerException or ObjectDisposedException)
        {
            // The end of the test.
        }
    }

    /// <summary>A list is answered, a watch that begins with one is refused, which makes the client list, and any other watch
    /// stays without an answer, because there is nothing to tell.</summary>
    private async Task AnswerAsync(HttpListenerContext context)
    {
        var (request, response) = (context.Request, context.Response);
        if (!Kinds.TryGetValue(request.Url!.AbsolutePath, out var kind))
        {
            await PassOnAsync(request, response);
        }
        else if (request.QueryString["sendInitialEvents"] is not null)
        {
            Send(
                response,
                422,
                new()
                {
                    ["kind"] = "Status",
                    ["apiVersion"] = "v1",
                    ["reason"] = "Invalid",
                }
            );
        }
        else if (request.QueryString["watch"] is null)
        {
            Send(response, 200, List(kind));
        }
    }

    private async Task PassOnAsync(HttpListenerRequest request, HttpListenerResponse response)
    {
        try
        {
            using var answer = await server.GetAsync(
                new Uri(request.RawUrl!, UriKind.Relative),
                HttpCompletionOption.ResponseHeadersRead
            );
            response.StatusCode = (int)answer.StatusCode;
            response.ContentType = $"{answer.Content.Headers.ContentType}";
            await using var body = await answer.Content.ReadAsStreamAsync();
            await body.CopyToAsync(response.OutputStream);
            response.Close();
        }
        catch (Exception e)
            when (e
                    is HttpRequestException
                        or IOException
                        or HttpListenerException
                        or ObjectDisposedException
                        or OperationCanceledException
            )
        {
            response.Abort(); // A client that hung up, or the end of the test.
        }
    }

    private JsonObject List(string kind) =>
        new()
        {
            ["kind"] = $"{kind}List",
            ["apiVersion"] = "admissionregistration.k8s.io/v1",
            ["metadata"] = new JsonObject { ["resourceVersion"] = "1" },
            ["items"] = new JsonArray([
                .. policies.Where(each => Helm.Kind(each) == kind).Select(each => each.DeepClone()),
            ]),
        };

    private static void Send(HttpListenerResponse response, int status, JsonObject body)
    {
        var bytes = Encoding.UTF8.GetBytes(body.ToJsonString());
        response.StatusCode = status;
        response.ContentType = "application/json";
        response.Close(bytes, willBlock: false);
    }

    /// <summary>The object with what an API server adds: identity and defaults.</summary>
    private static JsonObject Stored(JsonObject rendered)
    {
        var stored = rendered.DeepClone().AsObject();
        stored["metadata"]!["uid"] = Guid.NewGuid().ToString();
        stored["metadata"]!["resourceVersion"] = "1";
        if (stored["spec"]!["matchConstraints"] is JsonObject match)
        {
            match["matchPolicy"] ??= "Equivalent";
            match["namespaceSelector"] ??= new JsonObject();
            match["objectSelector"] ??= new JsonObject();
            foreach (var rule in match["resourceRules"]!.AsArray())
            {
                rule!["scope"] ??= "*";
            }
        }

        return stored;
    }
}
