using System.Diagnostics.CodeAnalysis;
using Polly;
using Polly.CircuitBreaker;
using Polly.Retry;
using Polly.Timeout;

namespace EdgeRelease.Losant;

/// <summary>How one connection waits, repeats and gives up: total time, retry, breaker, rate, time of one attempt, from
/// the outside in. One pipeline per connection, so that its calls share breaker and rate.</summary>
internal static class Resilience
{
    /// <summary>Where a pipeline finds the call that it runs.</summary>
    public static readonly ResiliencePropertyKey<Call> CallKey = new("edgerelease.call");

    /// <summary>Where a pipeline finds the timestamp at which its call began.</summary>
    public static readonly ResiliencePropertyKey<long> BeganKey = new("edgerelease.began");

    private const int MostRepeats = 3;
    private static readonly TimeSpan FirstWait = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan ReadTotal = TimeSpan.FromSeconds(60);

    // A release must end within the time that the lease check before it covers.
    private static readonly TimeSpan ReleaseTotal = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan FirstBreak = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan LaterBreaks = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Attempt = TimeSpan.FromSeconds(10);

    /// <summary>The pipeline of a connection.</summary>
    /// <param name="options">Clock and randomness.</param>
    /// <param name="pace">When attempts may start.</param>
    /// <param name="breaks">Told of each break after repeated failures.</param>
    [UnconditionalSuppressMessage(
        "Trimming",
        "IL2026",
        Justification = "The options of Pacing have nothing that data annotations would check."
    )]
    public static ResiliencePipeline<HttpResponseMessage> Pipeline(LosantOptions options, Pace pace, Hold breaks)
    {
        var builder = new ResiliencePipelineBuilder<HttpResponseMessage>
        {
            TimeProvider = new SteadyTime(options.Time),
        };
        builder
            .AddTimeout(new TimeoutStrategyOptions { TimeoutGenerator = args => ValueTask.FromResult(TotalFor(args)) })
            .AddRetry(Retry(options))
            .AddCircuitBreaker(Breaker(breaks));
        if (options.LimitsRate)
        {
            builder.AddStrategy(_ => new Pacing(pace), new Pacing.Options());
        }

        return builder.AddTimeout(Attempt).Build();
    }

    private static TimeSpan TotalFor(TimeoutGeneratorArguments args) =>
        CallOf(args.Context).IsRead ? ReadTotal : ReleaseTotal;

    private static RetryStrategyOptions<HttpResponseMessage> Retry(LosantOptions options) =>
        new()
        {
            MaxRetryAttempts = MostRepeats,
            Delay = TimeSpan.Zero,
            ShouldHandle = args =>
                ValueTask.FromResult(
                    CallOf(args.Context).IsRead && MayRepeat(args.Outcome, TimeLeft(args.Context, options))
                ),
            // Polly's own wait, when it is cancelled, goes on on another thread.
            OnRetry = args =>
            {
                var wait = AskedWait(args.Outcome) ?? Backoff(args.AttemptNumber, options.Random());
                return new ValueTask(Pause.ForAsync(wait, options.Time, args.Context.CancellationToken));
            },
        };

    /// <summary>Between half and all of 1, 2, 4 seconds.</summary>
    private static TimeSpan Backoff(int repeat, double random) =>
        FirstWait * Math.Pow(2, repeat) * (0.5 + (0.5 * random));

    private static CircuitBreakerStrategyOptions<HttpResponseMessage> Breaker(Hold breaks) =>
        new()
        {
            FailureRatio = 0.9,
            // As many as fit into the time when each attempt waits to its end for an answer.
            MinimumThroughput = 5,
            SamplingDuration = TimeSpan.FromMinutes(1),
            // Called at each break, on the thread of the call; the event of it would go to another thread.
            BreakDurationGenerator = args =>
            {
                // How long others wait while one call tries whether it is over: a long outage is asked once a minute.
                var length = args.HalfOpenAttempts == 0 ? FirstBreak : LaterBreaks;
                breaks.Extend(length);
                return ValueTask.FromResult(length);
            },
            ShouldHandle = args => ValueTask.FromResult(IsOutage(args.Outcome)),
        };

    private static bool MayRepeat(Outcome<HttpResponseMessage> outcome, TimeSpan timeLeft) =>
        outcome.Result is { } answer
            ? (int)answer.StatusCode is 408 or 429 or >= 500 && (AskedWait(outcome) ?? TimeSpan.Zero) < timeLeft
            : IsOutage(outcome)
                && outcome.Exception
                    is not HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError };

    private static bool IsOutage(Outcome<HttpResponseMessage> outcome) =>
        outcome.Result is { } answer
            ? (int)answer.StatusCode >= 500
            : outcome.Exception is HttpRequestException or IOException or TimeoutRejectedException;

    private static TimeSpan? AskedWait(Outcome<HttpResponseMessage> outcome) =>
        outcome.Result is { } answer ? Failures.RetryAfterOf(answer) : null;

    private static TimeSpan TimeLeft(ResilienceContext context, LosantOptions options) =>
        ReadTotal - options.Time.GetElapsedTime(context.Properties.GetValue(BeganKey, 0));

    private static Call CallOf(ResilienceContext context) =>
        context.Properties.TryGetValue(CallKey, out var call) ? call : throw new InvalidOperationException("no call");
}
