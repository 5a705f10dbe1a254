using EdgeRelease.Simulation;

namespace EdgeRelease.Tests.Swarm;

/// <summary>The border between the operator's first replica and both servers: counts its calls, and strikes the
/// replica at one of them.</summary>
/// <param name="world">The world.</param>
/// <param name="plan">Where to strike; null only counts.</param>
internal sealed class Border(World world, CrashPlan? plan)
{
    private static readonly TimeSpan OneAndAHalfLeases = TimeSpan.FromSeconds(45);

    private VirtualProcess? _first;

    /// <summary>Calls of the first replica so far.</summary>
    public int Calls { get; private set; }

    /// <summary>Whether the planned call was made.</summary>
    public bool HasStruck => Calls >= plan?.Boundary;

    /// <summary>Whether a second replica waits beside the first.</summary>
    public bool IsRelieved => plan is { Succession: not Succession.Restart };

    /// <summary>Stands before the replicas that start from now on.</summary>
    public void Surround(World world)
    {
        world.Before = (client, _) => new BorderedCluster(client, this);
        world.BeforeLosant = (transport, process) => new BorderedTransport(transport, process, this);
    }

    /// <summary>Makes a call of a replica.</summary>
    public async Task<T> CrossAsync<T>(VirtualProcess process, Func<Task<T>> call)
    {
        _first ??= process;
        if (process != _first || ++Calls != plan?.Boundary)
        {
            return await call();
        }

        switch (plan.Moment)
        {
            case Moment.Before:
                await StrikeAsync(process);
                return await call();
            case Moment.Lost:
                var answer = call();
                await StrikeAsync(process);
                return await answer;
            default:
                try
                {
                    return await call();
                }
                finally
                {
                    await StrikeAsync(process);
                }
        }
    }

    /// <summary>Ends when the process goes on; never when it is dead.</summary>
    private Task StrikeAsync(VirtualProcess process)
    {
        var goesOn = new TaskCompletionSource();
        if (plan!.Succession == Succession.Paused)
        {
            process.PauseFor(OneAndAHalfLeases);
            process.Receive(goesOn.SetResult);
            return goesOn.Task;
        }

        process.Kill();
        if (plan.Succession == Succession.Restart)
        {
            world.Time.Schedule(TimeSpan.Zero, () => world.Start(new Random(2)));
        }

        return goesOn.Task;
    }
}
