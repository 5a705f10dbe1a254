using EdgeRelease.Controller;
using EdgeRelease.Kubernetes;
using EdgeRelease.Planning;
using EdgeRelease.Simulation;

namespace EdgeRelease.Tests.Unit.Controller;

/// <summary>Passes over the release of a bench as the reconciler makes them, one at a time, except that a test may spoil
/// the plan before it is sent.</summary>
internal sealed class HandMadePass : IDisposable
{
    private readonly Bench _bench;
    private readonly Ports _ports;
    private readonly Resolver _resolver;
    private readonly Session _session;
    private Memory _memory = new();

    public HandMadePass(Bench bench)
    {
        _bench = bench;
        _ports = bench.PortsOf(new VirtualProcess(bench.Time, "by-hand"));
        _session = new Session(bench.Release!.Uid);
        var applications = ResourceStore.Of(bench.Cluster.All(Kinds.Application));
        var accounts = new Accounts(_ports, applications);
        var releases = ResourceStore.Of(bench.Cluster.All(Kinds.Release));
        var read = new Readings<ReleaseObject>(ReleaseObject.Of);
        var neighbours = new Neighbours(accounts, releases, read, (_, uid) => new Session(uid));
        _resolver = new Resolver(accounts, releases, read, new Pollers(_ports), neighbours);
    }

    public void Dispose() => _ports.Metrics.Dispose();

    /// <summary>Observes, plans, sends and reports.</summary>
    /// <param name="spoil">Changes the pass before anything is sent; null for nothing.</param>
    public void Run(Func<Pass, Pass>? spoil = null)
    {
        var work = RunAsync(spoil ?? (pass => pass));
        for (var second = 0; second < 60 && !work.IsCompleted; second++)
        {
            _bench.Run(TimeSpan.FromSeconds(1));
        }

        work.GetAwaiter().GetResult();
    }

    private async Task RunAsync(Func<Pass, Pass> spoil)
    {
        var none = CancellationToken.None;
        var release = (await _session.OpenAsync(_ports.Cluster, _bench.Release!, none))!;
        var wanted = await _resolver.ResolveAsync(release, none);
        var observed = await wanted.Poller!.ObserveAsync(Need.Of(wanted, _memory, _session), none);
        var plan = Planner.Plan(wanted.Release!, _memory, observed!.Snapshot, observed.Now);
        _session.Planned(plan, wanted.Release!);
        var pass = spoil(new Pass(release, wanted, plan, plan.Memory) { Before = release.Status });
        pass = await new Sender(_ports, _resolver.Claimants).SendAsync(pass, _session, none);
        await new Reporter(_ports).ReportAsync(pass, _session, none);
        _memory = pass.Memory;
    }
}
