namespace EdgeRelease.Controller;

/// <summary>Passes that take long. They wait for Losant, not for the processor: whoever began one goes on with other work
/// after a second, so that no number of applications that do not answer keeps another one waiting (I16). There is at most
/// one pass for each application of Losant (<see cref="Lanes{TWork}"/>).</summary>
/// <param name="time">Monotonic time.</param>
internal sealed class SlowPasses(TimeProvider time)
{
    private static readonly TimeSpan Quick = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private readonly HashSet<Task> _passes = [];

    /// <summary>Waits for a pass, but not longer than a second.</summary>
    public async Task BeginAsync(Task pass)
    {
        if (!pass.IsCompleted)
        {
            using var end = new CancellationTokenSource();
            var alarm = Task.Delay(Quick, time, end.Token);
            if (await Task.WhenAny(pass, alarm) == alarm)
            {
                Keep(pass);
                return;
            }

            end.Cancel();
        }

        await pass;
    }

    /// <summary>Waits for those that are still under way.</summary>
    public Task EndAsync()
    {
        lock (_gate)
        {
            return Task.WhenAll([.. _passes]);
        }
    }

    private void Keep(Task pass)
    {
        lock (_gate)
        {
            _passes.RemoveWhere(each => each.IsCompletedSuccessfully);
            _passes.Add(pass);
        }
    }
}
