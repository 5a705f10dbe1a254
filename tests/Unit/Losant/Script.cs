using System.Globalization;
using System.Net;
using System.Text;
using System.Web;
using EdgeRelease.Losant;
using Xunit;

namespace EdgeRelease.Tests.Unit.Losant;

/// <summary>A request as it left the client.</summary>
internal sealed record Sent(HttpMethod Method, Uri Uri, IReadOnlyDictionary<string, string> Headers, string Body)
{
    public string Query(string name) => HttpUtility.ParseQueryString(Uri.Query)[name] ?? "";

    public int Page => int.Parse(Query("page"), CultureInfo.InvariantCulture);

    /// <summary>The size of the page asked for, or the one that the server sets instead.</summary>
    public int PerPage
    {
        get => field > 0 ? field : int.Parse(Query("perPage"), CultureInfo.InvariantCulture);
        private init;
    }

    /// <summary>The request as a server takes it that gives no larger page.</summary>
    public Sent AtMost(int perPage) => this with { PerPage = Math.Min(perPage, PerPage) };

    /// <summary>The request as a server takes it that knows one size alone.</summary>
    public Sent Of(int perPage) => this with { PerPage = perPage };
}

/// <summary>Stands for Losant: answers each request by a function and keeps what was sent.</summary>
internal sealed class Script(Func<Sent, Task<HttpResponseMessage>> answer) : HttpMessageHandler
{
    public const string Token = "canary-token-5f2c";
    public const string Application = "575ec8687ae143cd83dc4a97";
    public const string Flow = "575ed18f7ae143cd83dc4aa6";

    public Script(Func<Sent, HttpResponseMessage> answer)
        : this(sent => Task.FromResult(answer(sent))) { }

    public List<Sent> Requests { get; } = [];

    public List<LosantRequest> Observed { get; } = [];

    public ManualTime Time { get; init; } = new();

    /// <summary>Answers in order, each once.</summary>
    public static Script Of(params HttpResponseMessage[] answers)
    {
        var left = new Queue<HttpResponseMessage>(answers);
        return new Script(_ => left.Dequeue());
    }

    public static LosantAccount Account(string url = "https://api.losant.com") => new(url, Application, Token, null, 5);

    public static HttpResponseMessage Json(string body, int status = 200) =>
        new((HttpStatusCode)status) { Content = new StringContent(body, Encoding.UTF8, "application/json") };

    public static HttpResponseMessage Status(int status, string body = "") => Json(body, status);

    public ILosant Connect() =>
        new LosantConnector(
            new LosantOptions
            {
                Time = Time,
                Random = () => 0.5,
                LimitsRate = false,
                PrimaryHandler = _ => this,
                Observe = Observed.Add,
            }
        ).Connect(Account());

    /// <summary>Makes one call on a new connection, in virtual time.</summary>
    public T Run<T>(Func<ILosant, Task<T>> call)
    {
        var losant = Connect();
        return Time.Run(() => call(losant));
    }

    /// <summary>Makes one call that must fail.</summary>
    public LosantException Fail<T>(Func<ILosant, Task<T>> call) => Assert.Throws<LosantException>(() => Run(call));

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancel)
    {
        var headers = request
            .Headers.Concat(request.Content?.Headers.AsEnumerable() ?? [])
            .ToDictionary(header => header.Key, header => string.Join(' ', header.Value));
        var body = request.Content is null ? "" : await request.Content.ReadAsStringAsync(cancel);
        var sent = new Sent(request.Method, request.RequestUri!, headers, body);
        Requests.Add(sent);
        return await answer(sent).WaitAsync(cancel);
    }
}
