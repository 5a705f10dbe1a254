namespace EdgeRelease.Simulation;

/// <summary>A task that ends when virtual time has come, or when it is cancelled; continuations run inline.</summary>
internal sealed class VirtualDelay : TaskCompletionSource, IDisposable
{
    private readonly Alarm _alarm;
    private readonly CancellationTokenRegistration _registration;

    /// <summary>Begins the delay.</summary>
    /// <param name="time">The time to wait for.</param>
    /// <param name="after">From now; zero still goes through the queue.</param>
    /// <param name="cancel">Ends it early.</param>
    public VirtualDelay(VirtualTime time, TimeSpan after, CancellationToken cancel)
    {
        _alarm = new Alarm(time, static state => ((VirtualDelay)state!).Finish(), this);
        time.Set(_alarm, after);
        _registration = cancel.UnsafeRegister(static (state, token) => ((VirtualDelay)state!).Cancel(token), this);
    }

    /// <summary>Forgets the alarm and the token.</summary>
    public void Dispose()
    {
        _alarm.Dispose();
        _registration.Dispose();
    }

    private void Finish()
    {
        Dispose();
        TrySetResult();
    }

    private void Cancel(CancellationToken token)
    {
        Dispose();
        TrySetCanceled(token);
    }
}
