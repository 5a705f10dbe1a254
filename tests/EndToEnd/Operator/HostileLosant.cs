using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Encodings.Web;

namespace EdgeRelease.Tests.EndToEnd.Operator;

/// <summary>Stands before the simulated Losant, and answers every third request itself: each time in another way of failing,
/// with the caller's token and a sentence of its own wherever an answer can carry text.</summary>
internal sealed class HostileLosant : IDisposable
{
    /// <summary>What no output may repeat.</summary>
    public const string Sentence = "upstream-says-<script>";

    private static readonly int[] Statuses =
    [
        200,
        204,
        302,
        400,
        401,
        403,
        404,
        408,
        413,
        422,
        429,
        500,
        502,
        503,
        504,
    ];

    private readonly HttpListener listener = new();
    private readonly HttpClient http = new();
    private readonly ConcurrentDictionary<string, int> given = new(StringComparer.Ordinal);
    private readonly string upstream;
    private readonly string token;
    private readonly Task serving;
    private int requests;

    public HostileLosant(string upstream, string token)
    {
        (this.upstream, this.token) = (upstream, token);
        Url = $"http://127.0.0.1:{Loopback.FreePort()}";
        listener.Prefixes.Add(Url + "/");
        listener.Start();
        serving = ServeAsync();
    }

    public string Url { get; }

    /// <summary>Whether it still answers itself.</summary>
    public bool IsHostile { get; set; } = true;

    /// <summary>The ways in which it answers itself.</summary>
    public static IEnumerable<string> Ways => Statuses.Select(status => $"{status}").Concat(["spliced", "cut"]);

    /// <summary>How often it did so, by way.</summary>
    public IReadOnlyDictionary<string, int> Given => given;

    /// <summary>The token in every form in which programs write it.</summary>
    public static IEnumerable<string> Forms(string token)
    {
        string[] plain =
        [
            token,
            Uri.EscapeDataString(token),
            JavaScriptEncoder.Default.Encode(token),
            JavaScriptEncoder.UnsafeRelaxedJsonEscaping.Encode(token),
            WebUtility.HtmlEncode(token),
        ];

        // Of its base64 what does not depend on what stands beside it, wherever a group of three begins.
        var base64 = Enumerable
            .Range(0, 3)
            .Select(before =>
                Convert
                    .ToBase64String([.. new byte[before], .. Encoding.ASCII.GetBytes(token), 0, 0])
                    .Substring(before == 0 ? 0 : before + 1, token.Length)
            );
        return plain.Concat(base64).Distinct();
    }

    public void Dispose()
    {
        listener.Close();
        serving.GetAwaiter().GetResult();
        http.Dispose();
    }

    private async Task ServeAsync()
    {
        while (listener.IsListening)
        {
            try
            {
                await AnswerAsync(await listener.GetContextAsync());
            }
            catch (Exception e)
                when (e is HttpListenerException or ObjectDisposedException or HttpRequestException or IOException)
            {
                // A client that hung up, or the end of the test.
            }
        }
    }

    private async Task AnswerAsync(HttpListenerContext context)
    {
        var number = Interlocked.Increment(ref requests);
        var ways = Ways.ToList();
        var way = IsHostile && number % 3 == 0 ? ways[number / 3 % ways.Count] : null;
        if (way is "cut")
        {
            given.AddOrUpdate(way, 1, (_, count) => count + 1);
            context.Response.Abort();
            return;
        }

        if (way is null or "spliced")
        {
            await PassOnAsync(context, way);
            return;
        }

        given.AddOrUpdate(way, 1, (_, count) => count + 1);
        await RefuseAsync(context.Response, way);
    }

    private async Task RefuseAsync(HttpListenerResponse response, string way)
    {
        var echo = string.Join(' ', Forms(token));
        var quoted = JavaScriptEncoder.UnsafeRelaxedJsonEscaping.Encode($"{Sentence} {echo}");
        response.StatusCode = int.Parse(way, CultureInfo.InvariantCulture);
        response.StatusDescription = $"{Sentence} {token}";
        response.Headers["X-Echo"] = $"{Sentence} {token}";
        response.Headers["Retry-After"] = "1";
        response.RedirectLocation = $"{Url}/{Uri.EscapeDataString(token)}";
        var body = way == "204" ? [] : Encoding.UTF8.GetBytes($$"""{"type":"{{quoted}}","message":"{{quoted}}"}""");
        response.ContentLength64 = body.Length;
        await response.OutputStream.WriteAsync(body);
        response.Close();
    }

    private async Task PassOnAsync(HttpListenerContext context, string? way)
    {
        using var request = new HttpRequestMessage(
            new HttpMethod(context.Request.HttpMethod),
            new Uri(upstream + context.Request.RawUrl)
        );
        request.Headers.TryAddWithoutValidation("Authorization", context.Request.Headers["Authorization"]);
        if (context.Request.HasEntityBody)
        {
            using var sent = new MemoryStream();
            await context.Request.InputStream.CopyToAsync(sent);
            request.Content = new ByteArrayContent(sent.ToArray());
            request.Content.Headers.TryAddWithoutValidation("Content-Type", context.Request.ContentType);
        }

        using var answer = await http.SendAsync(request);
        var body = await answer.Content.ReadAsStringAsync();
        if (way is not null && body.StartsWith('{') && context.Request.HttpMethod == "GET")
        {
            given.AddOrUpdate(way, 1, (_, count) => count + 1);
            body = $"{{\"echo\":\"{JavaScriptEncoder.Default.Encode(token)} {Sentence}\",{body[1..]}";
        }

        var bytes = Encoding.UTF8.GetBytes(body);
        context.Response.StatusCode = (int)answer.StatusCode;
        context.Response.ContentType = "application/json";
        context.Response.ContentLength64 = bytes.Length;
        await context.Response.OutputStream.WriteAsync(bytes);
        context.Response.Close();
    }
}
