using EdgeRelease.Controller;
using EdgeRelease.Losant;
using EdgeRelease.Observation;
using EdgeRelease.Simulation;
using Microsoft.Extensions.Logging.Abstractions;

namespace EdgeRelease.Tests.Swarm;

/// <summary>A person at a terminal who asks <c>kubectl edgerelease</c>, which looks at both servers and changes nothing.
/// </summary>
internal sealed class Onlooker : IDisposable
{
    private const int Width = 100;

    private readonly World _world;
    private readonly VirtualProcess _process;
    private readonly ReleaseMetrics _metrics;
    private readonly LosantConnector _losant;

    public Onlooker(World world)
    {
        _world = world;
        _process = new VirtualProcess(world.Time, "person");
        _metrics = new ReleaseMetrics(_process);
        _losant = new LosantConnector(
            new LosantOptions
            {
                Time = _process,
                LimitsRate = false,
                PrimaryHandler = _ => new SimulatedTransport(world.Losant, _process, () => world.Milliseconds(5, 60)),
            }
        );
    }

    /// <summary>What <c>kubectl edgerelease why</c> prints.</summary>
    /// <param name="release">The release.</param>
    /// <param name="device">The device's id.</param>
    public IReadOnlyList<string> Why(ReleaseObject release, string device)
    {
        var why = Look(release).Plan!.Why(DeviceId.Parse(device));
        return [.. WhyCommand.Lines(device, why, _process.GetUtcNow(), Width)];
    }

    public void Dispose()
    {
        _process.Kill();
        _losant.Dispose();
        _metrics.Dispose();
    }

    private Preview Look(ReleaseObject release)
    {
        var ports = new Ports
        {
            Cluster = _world.Cluster.Client(_process),
            Losant = _losant,
            Time = _process,
            Random = new Random(1),
            Log = NullLogger.Instance,
            Metrics = _metrics,
        };
        var releases = _world.Cluster.All(Kinds.Release);
        var applications = _world.Cluster.All(Kinds.Application);
        Preview? seen = null;
        _world.Time.Run(async () =>
            seen = await Preview.OfAsync(ports, release, releases, applications, CancellationToken.None)
        );
        return seen!;
    }
}
