using System.Text.Json;
using Polly.CircuitBreaker;
using Polly.Timeout;

namespace EdgeRelease.Losant;

/// <summary>Turns the bytes of an answer into what they mean.</summary>
internal delegate T BodyReader<out T>(ReadOnlySpan<byte> body);

/// <summary>Takes the rows of a page that was asked for in a size.</summary>
internal delegate PageFacts PageBody(ReadOnlySpan<byte> body, int size);

/// <summary>The line to one application: sends calls, gives answers or <see cref="LosantException"/>.</summary>
internal sealed class Wire : IDisposable
{
    private readonly LosantAccount account;
    private readonly string userAgent;
    private readonly TokenTrace trace;
    private readonly HttpMessageInvoker invoker;
    private readonly ServerClock clock;
    private readonly Pace pace;
    private readonly Hold breaks;
    private volatile int mostRows = PageReader.MostRows;

    /// <summary>A line over a handler, which is disposed with it.</summary>
    /// <param name="account">Where and with which token; its URL without a slash at its end.</param>
    /// <param name="options">How to talk to Losant.</param>
    /// <param name="pace">How fast; shared by the lines with this token, and not disposed here.</param>
    /// <param name="bottom">Sends one attempt.</param>
    public Wire(LosantAccount account, LosantOptions options, Pace pace, HttpMessageHandler bottom)
    {
        (this.account, this.pace) = (account, pace);
        userAgent = $"edgerelease/{options.Version}";
        trace = new TokenTrace(account.Token);
        clock = new ServerClock(options.Time);
        breaks = new Hold(options.Time);
        var pipeline = Resilience.Pipeline(options, pace, breaks);
        invoker = new HttpMessageInvoker(new ResilienceHandler(options, Learn, pipeline, bottom), disposeHandler: true);
    }

    /// <summary>Losant's clock.</summary>
    public DateTimeOffset? Now => clock.Now;

    /// <summary>The most requests started in a second at present.</summary>
    public double RequestsPerSecond => pace.RequestsPerSecond;

    /// <summary>How long calls are held back from now; null when they are not.</summary>
    public TimeSpan? HeldFor =>
        (breaks.Left, pace.HeldFor) is ({ } broken, { } asked)
            ? (broken > asked ? broken : asked)
            : breaks.Left ?? pace.HeldFor;

    /// <summary>Reads what a GET answers.</summary>
    /// <returns>What the reader made of a 2xx; the default for 404.</returns>
    public async Task<T?> FindAsync<T>(Call call, BodyReader<T> read, CancellationToken cancel)
    {
        using var answer = await ExchangeAsync(call, cancel);
        return (int)answer.StatusCode == 404 ? default : Understood(call, answer, read);
    }

    /// <summary>Reads what a GET answers; 404 is an error.</summary>
    public async Task<T> GetAsync<T>(Call call, BodyReader<T> read, CancellationToken cancel)
    {
        using var answer = await ExchangeAsync(call, cancel);
        return Understood(call, answer, read);
    }

    /// <summary>Reads a page. How large one may be is not documented, so a first page that is refused is asked for
    /// again in the documented default size, and so are all first pages from then on.</summary>
    public async Task<PageFacts> GetPageAsync(
        Func<PageAsk, Call> callFor,
        PageAsk page,
        PageBody read,
        CancellationToken cancel
    )
    {
        var size = page.Number == 0 ? Math.Min(page.Size, mostRows) : page.Size;
        try
        {
            return await GetAsync(callFor(page with { Size = size }), body => read(body, size), cancel);
        }
        catch (LosantException refused) when (refused.Status == 400 && page.Number == 0 && size > PageReader.FewRows)
        {
            size = PageReader.FewRows;
            var facts = await GetAsync(callFor(page with { Size = size }), body => read(body, size), cancel);
            mostRows = size;
            return facts;
        }
    }

    /// <summary>Sends a call and gives whatever Losant answers, its body read.</summary>
    /// <exception cref="LosantException">There is no answer.</exception>
    public async Task<HttpResponseMessage> ExchangeAsync(Call call, CancellationToken cancel)
    {
        using var request = call.ToRequest(account.ApiUrl, account.Token, userAgent);
        try
        {
            return await invoker.SendAsync(request, cancel);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            throw Failures.Unreachable(call, "the connection was given up");
        }
        catch (TimeoutRejectedException) when (!call.MayHaveArrived)
        {
            throw Failures.Held(call, "the rate limit left no room in time", HeldFor);
        }
        catch (TimeoutRejectedException)
        {
            throw Failures.Unreachable(call, "no answer in time");
        }
        catch (BrokenCircuitException broken)
        {
            throw Failures.Held(call, "held back after repeated failures", broken.RetryAfter);
        }
        catch (HttpRequestException failed)
        {
            throw Failures.Unreachable(call, $"no answer ({failed.HttpRequestError})");
        }
        catch (Exception failed) when (failed is IOException or InvalidDataException)
        {
            throw Failures.Unreadable(call, "the answer was cut off or damaged");
        }
        catch (UnreadableException unreadable)
        {
            throw Failures.Unreadable(call, unreadable.Message);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => invoker.Dispose();

    private void Learn(HttpResponseMessage answer, long began)
    {
        var status = (int)answer.StatusCode;
        if (status is >= 200 and < 300)
        {
            // Refusals may be those of a proxy, by a clock of its own; nothing is decided before an answer.
            clock.Learn(answer.Headers.Date);
        }

        if (status == 429)
        {
            pace.Slow(began);
        }

        if (status is 429 or 503 && Failures.RetryAfterOf(answer) is { } asked)
        {
            pace.Rest(asked);
        }
    }

    private T Understood<T>(Call call, HttpResponseMessage answer, BodyReader<T> read)
    {
        if (!answer.IsSuccessStatusCode || answer.Content is not BufferedBody body)
        {
            throw Failures.FromAnswer(call, answer);
        }

        if (trace.IsIn(body.Bytes.Span))
        {
            // What is read here ends up in statuses and Events.
            throw Failures.Unreadable(call, "the answer repeats the token");
        }

        try
        {
            return read(body.Bytes.Span);
        }
        catch (UnreadableException unreadable)
        {
            throw Failures.Unreadable(call, unreadable.Message);
        }
        catch (Exception failed) when (failed is JsonException or InvalidOperationException)
        {
            throw Failures.Unreadable(call, "the answer is not the JSON that it should be");
        }
    }
}
