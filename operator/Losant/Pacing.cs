using Polly;

namespace EdgeRelease.Losant;

/// <summary>Holds each attempt until the pace lets it start.</summary>
internal sealed class Pacing(Pace pace) : ResilienceStrategy<HttpResponseMessage>
{
    /// <inheritdoc/>
    protected override async ValueTask<Outcome<HttpResponseMessage>> ExecuteCore<TState>(
        Func<ResilienceContext, TState, ValueTask<Outcome<HttpResponseMessage>>> callback,
        ResilienceContext context,
        TState state
    )
    {
        try
        {
            await pace.WaitAsync(context.CancellationToken);
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
