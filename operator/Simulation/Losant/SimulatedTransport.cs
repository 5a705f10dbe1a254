namespace EdgeRelease.Simulation;

/// <summary>An HTTP transport that leads into a simulated Losant in the same process. Everything completes inline on
/// the thread that fires the timers of the time provider. Several transports may share one model on one
/// thread.</summary>
/// <remarks>Given a <see cref="VirtualProcess"/>, the network and the server go on while the process is paused, a
/// dead process hears nothing, and the model keeps true time whatever the wall clock of the process shows.
/// Once sent, a request takes effect whatever becomes of its caller.</remarks>
public sealed class SimulatedTransport : HttpMessageHandler
{
    private readonly Func<TimeSpan> latency;

    /// <summary>A transport into a model.</summary>
    /// <param name="losant">The model; its clock is brought to the time provider's at each request.</param>
    /// <param name="time">Where latencies and slow bodies pass; a <see cref="VirtualProcess"/> is the caller
    /// itself.</param>
    /// <param name="latency">How long one way takes; asked twice for each request, there and back. Zero is
    /// inline.</param>
    public SimulatedTransport(SimulatedLosant losant, TimeProvider time, Func<TimeSpan> latency)
    {
        Losant = losant;
        Process = time as VirtualProcess;
        Network = Process?.Time ?? time;
        this.latency = latency;
    }

    internal SimulatedLosant Losant { get; }

    internal VirtualProcess? Process { get; }

    internal TimeProvider Network { get; }

    /// <summary>The true time, not what a wall clock shows.</summary>
    internal DateTimeOffset Now => Network is VirtualTime virtualTime ? virtualTime.Now : Network.GetUtcNow();

    /// <inheritdoc/>
    protected override async Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request,
        CancellationToken cancellationToken
    )
    {
        cancellationToken.ThrowIfCancellationRequested();
        var simulated = await MessageForms.RequestOf(request, cancellationToken);
        var trip = new LosantTrip(this, request, simulated with { Sender = Process?.Name });
        return await trip.Start(cancellationToken);
    }

    /// <summary>Lets something happen after one way through the network and a delay on top.</summary>
    internal void After(TimeSpan delay, Action happening)
    {
        var after = latency() + delay;
        if (after <= TimeSpan.Zero)
        {
            happening();
            return;
        }

        ITimer? timer = null;
        timer = Network.CreateTimer(
            _ =>
            {
                timer?.Dispose();
                happening();
            },
            null,
            after,
            Timeout.InfiniteTimeSpan
        );
    }
}
