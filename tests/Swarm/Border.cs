using EdgeRelease.Simulation;

namespace EdgeRelease.Tests.Swarm;

/// <summary>The border between the operator's replica that works and both servers: counts its calls, and strikes the
/// replica at one of them; then so the one that goes on.</summary>
/// <param name="world">The world.</param>
/// <param name="plan">Where to strike; null only counts.</param>
internal sealed class Border(World world, CrashPlan? plan)
{
    private static readonly TimeSpan OneAndAHalfLeases = TimeSpan.FromSeconds(45);

    private readonly HashSet<VirtualProcess> _struck = [];
    private VirtualProcess? _watched;
    private CrashPlan? _next = plan;

    /// <summary>Calls so far of the replica that is watched.</summary>
    public int Calls { get; private set; }

    /// <summary>Whether the planned call was made: of two plans the first.</summary>
    public bool HasStruck => _struck.Count > 0;

    /// <summary>How many replicas wait beside the first.</summary>
    public int Standbys { get; } = plan?.Standbys ?? 0;

    /// <summary>Stands before the replicas that start from now on.</summary>
    public void Surround(World world)
    {
        world.Before = (client, _) => new BorderedCluster(client, this);
        world.BeforeLosant = (transport, process) => new BorderedTransport(transport, process, this);
    }

    /// <summary>Makes a call of a replica.</summary>
    public async Task<T> CrossAsync<T>(VirtualProcess process, Func<Task<T>> call)
    {
        if (!_struck.Contains(process))
        {
            _watched ??= process;
        }

        if (process != _watched || ++Calls != _next?.Boundary)
        {
            return await call();
        }

        var now = _next;
        _struck.Add(process);
        (_watched, _next, Calls) = (null, now.Then, 0);
        switch (now.Moment)
        {
            case Moment.Before:
                await StrikeAsync(process, now.Succession);
                return await call();
            case Moment.Lost:
                var answer = call();
                await StrikeAsync(process, now.Succession);
                return await answer;
            default:
                try
                {
                    return await call();
                }
                finally
                {
                    await StrikeAsync(process, now.Succession);
                }
        }
    }

    /// <summary>Ends when the process goes on; never when it is dead.</summary>
    private Task StrikeAsync(VirtualProcess process, Succession succession)
    {
        var goesOn = new TaskCompletionSource();
        if (succession == Succession.Paused)
        {
            process.PauseFor(OneAndAHalfLeases);
            process.Receive(goesOn.SetResult);
            return goesOn.Task;
        }

        process.Kill();
        if (succession == Succession.Restart)
        {
            world.Time.Schedule(TimeSpan.Zero, () => world.Start(new Random(2)));
        }

        return goesOn.Task;
    }
}
