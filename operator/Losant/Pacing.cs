using System.Threading.RateLimiting;
using Polly;

namespace EdgeRelease.Losant;

/// <summary>Holds each attempt until the connection's rate has room for it, in order of arrival.</summary>
internal sealed class Pacing(RateLimiter rate) : ResilienceStrategy<HttpResponseMessage>
{
    private const double MostRefillsPerSecond = 20;

    /// <summary>A limiter that lets through a number of requests per second, evenly rather than in bursts.</summary>
    /// <param name="requestsPerSecond">Above 0; fractions are kept.</param>
    public static RateLimiter LimiterFor(double requestsPerSecond)
    {
        // Few requests at a time keep every second under the limit; few refills a second keep the timer cheap.
        var atOnce = Math.Max(1, (int)(requestsPerSecond / MostRefillsPerSecond));
        return new TokenBucketRateLimiter(
            new TokenBucketRateLimiterOptions
            {
                TokenLimit = atOnce,
                TokensPerPeriod = atOnce,
                ReplenishmentPeriod = TimeSpan.FromSeconds(atOnce / requestsPerSecond),
                QueueLimit = int.MaxValue,
                QueueProcessingOrder = QueueProcessingOrder.OldestFirst,
            }
        );
    }

    /// <inheritdoc/>
    protected override async ValueTask<Outcome<HttpResponseMessage>> ExecuteCore<TState>(
        Func<ResilienceContext, TState, ValueTask<Outcome<HttpResponseMessage>>> callback,
        ResilienceContext context,
        TState state
    )
    {
        try
        {
            using var lease = await rate.AcquireAsync(1, context.CancellationToken);
        }
        catch (OperationCanceledException cancelled)
        {
            return Outcome.FromException<HttpResponseMessage>(cancelled);
        }

        return await callback(context, state);
    }

    /// <summary>The strategy has no options of its own.</summary>
    public sealed class Options : ResilienceStrategyOptions;
}
