using Polly;

namespace EdgeRelease.Losant;

/// <summary>Sends a request through the pipeline of its connection and reads the answer's body within the time of the
/// attempt, so that nothing is left to wait for when it returns.</summary>
internal sealed class ResilienceHandler : DelegatingHandler
{
    private const int MostBodyBytes = 16 * 1024 * 1024;
    private const int MostErrorBytes = 64 * 1024;

    private readonly LosantOptions options;
    private readonly Action<HttpResponseMessage, long> learn;
    private readonly ResiliencePipeline<HttpResponseMessage> pipeline;

    /// <summary>A handler above another one.</summary>
    /// <param name="options">Clock and observer.</param>
    /// <param name="learn">Told of each answer, and of the timestamp at which its request began.</param>
    /// <param name="pipeline">How a request waits, is repeated and given up.</param>
    /// <param name="inner">Sends one attempt; disposed with this one.</param>
    public ResilienceHandler(
        LosantOptions options,
        Action<HttpResponseMessage, long> learn,
        ResiliencePipeline<HttpResponseMessage> pipeline,
        HttpMessageHandler inner
    )
        : base(inner) => (this.options, this.learn, this.pipeline) = (options, learn, pipeline);

    /// <inheritdoc/>
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancel)
    {
        if (!request.Options.TryGetValue(Call.Key, out var call))
        {
            throw new InvalidOperationException("a request without its call");
        }

        var context = ResilienceContextPool.Shared.Get(cancel);
        try
        {
            context.Properties.Set(Resilience.CallKey, call);
            context.Properties.Set(Resilience.BeganKey, options.Time.GetTimestamp());
            return await pipeline.ExecuteAsync(
                static (context, state) => state.Handler.AttemptAsync(state.Request, context, state.Caller),
                context,
                (Handler: this, Request: request, Caller: cancel)
            );
        }
        finally
        {
            ResilienceContextPool.Shared.Return(context);
        }
    }

    private async ValueTask<HttpResponseMessage> AttemptAsync(
        HttpRequestMessage request,
        ResilienceContext context,
        CancellationToken caller
    )
    {
        var call = context.Properties.GetValue(Resilience.CallKey, null!);
        var began = options.Time.GetTimestamp();
        var outcome = "network";
        try
        {
            var answer = await ExchangeAsync(request, call, context.CancellationToken);
            outcome = ((int)answer.StatusCode).ToString();
            return answer;
        }
        catch (OperationCanceledException)
        {
            outcome = caller.IsCancellationRequested ? "cancelled" : "timeout";
            throw;
        }
        catch (UnreadableException)
        {
            outcome = "unreadable";
            throw;
        }
        finally
        {
            options.Observe?.Invoke(
                new LosantRequest(request.Method.Method, call.Route, outcome, options.Time.GetElapsedTime(began))
            );
        }
    }

    private async Task<HttpResponseMessage> ExchangeAsync(
        HttpRequestMessage request,
        Call call,
        CancellationToken cancel
    )
    {
        call.MayHaveArrived = true;
        var began = options.Time.GetTimestamp();
        try
        {
            var answer = await base.SendAsync(request, cancel);
            learn(answer, began);
            await BufferAsync(answer, call, cancel);
            return answer;
        }
        catch (HttpRequestException failed) when (NeverLeft(failed))
        {
            call.MayHaveArrived = false;
            throw;
        }
        catch (OperationCanceledException failed) when (failed.InnerException is TimeoutException)
        {
            // So the network's handler says that connecting took too long.
            call.MayHaveArrived = false;
            throw new HttpRequestException(HttpRequestError.ConnectionError, "connecting took too long", failed);
        }
    }

    /// <summary>Replaces the body by its bytes. A release's 2xx says all by its status, an export's nearly all; the body of an
    /// error is read for its type alone, so one that cannot be read takes nothing away.</summary>
    private static async Task BufferAsync(HttpResponseMessage answer, Call call, CancellationToken cancel)
    {
        using var unread = answer.Content;
        answer.Content = null;
        if (answer.IsSuccessStatusCode && !call.IsRead && !call.NamesJob)
        {
            return;
        }

        try
        {
            var most = answer.IsSuccessStatusCode ? MostBodyBytes : MostErrorBytes;
            answer.Content = await BufferedBody.ReadAsync(unread, most, cancel);
        }
        catch (Exception failed) when ((!answer.IsSuccessStatusCode || call.NamesJob) && IsDamage(failed))
        {
            return;
        }
        catch
        {
            answer.Dispose();
            throw;
        }
    }

    private static bool IsDamage(Exception failed) =>
        failed is IOException or InvalidDataException or HttpRequestException or UnreadableException;

    private static bool NeverLeft(HttpRequestException failed) =>
        failed.HttpRequestError
            is HttpRequestError.NameResolutionError
                or HttpRequestError.ConnectionError
                or HttpRequestError.SecureConnectionError
                or HttpRequestError.ProxyTunnelError;
}
