using EdgeRelease.Controller;
using EdgeRelease.Kubernetes;
using EdgeRelease.Losant;
using EdgeRelease.Simulation;
using Microsoft.Extensions.Logging.Abstractions;

namespace EdgeRelease.Cli;

/// <summary>One replica of the operator in a world, from its start to its death.</summary>
internal sealed class Life : IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly ReleaseMetrics _metrics;
    private readonly Replica _replica;
    private Task _run = Task.CompletedTask;

    public Life(World world, string name, Random jitter)
    {
        Process = new VirtualProcess(world.Time, name);
        _metrics = new ReleaseMetrics(Process);
        var ports = new Ports
        {
            Cluster = world.Before(world.Cluster.Client(Process), Process),
            Losant = new LosantConnector(
                new LosantOptions
                {
                    Time = Process,
                    LimitsRate = false,
                    Random = jitter.NextDouble,
                    PrimaryHandler = _ => Transport(world),
                }
            ),
            Time = Process,
            Random = jitter,
            Log = NullLogger.Instance,
            Metrics = _metrics,
            Instance = name,
        };
        _replica = new Replica(
            ports,
            new ReplicaOptions
            {
                Identity = name,
                Lease = world.IsAlone ? null : World.Lease,
                Timing = world.Timing,
            }
        );
    }

    public VirtualProcess Process { get; }

    public bool IsLeading => _replica.IsLeading;

    /// <summary>What it ended with; null while it runs or when it ended well.</summary>
    public Exception? Failure => _run.Exception;

    public void Begin() => _run = _replica.RunAsync(_stop.Token, CancellationToken.None);

    public void Dispose()
    {
        Process.Kill();
        _metrics.Dispose();
        _stop.Dispose();
    }

    private HttpMessageHandler Transport(World world) =>
        world.BeforeLosant(new SimulatedTransport(world.Losant, Process, () => world.Milliseconds(5, 60)), Process);
}
