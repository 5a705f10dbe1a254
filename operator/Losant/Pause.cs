namespace EdgeRelease.Losant;

/// <summary>A wait whose end and whose cancellation both continue inline; that of Task.Delay goes to the thread pool.</summary>
internal static class Pause
{
    public static async Task ForAsync(TimeSpan length, TimeProvider time, CancellationToken cancel)
    {
        var ended = new TaskCompletionSource();
        using var timer = time.CreateTimer(_ => ended.TrySetResult(), null, length, Timeout.InfiniteTimeSpan);
        using var registration = cancel.UnsafeRegister(_ => ended.TrySetCanceled(cancel), null);
        await ended.Task;
    }
}
