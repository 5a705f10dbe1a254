using System.Diagnostics.CodeAnalysis;
using EdgeRelease.Kubernetes;
using EdgeRelease.Simulation;

namespace EdgeRelease.Tests.Unit.Kubernetes;

/// <summary>One of several processes that want the same lease.</summary>
[SuppressMessage("Design", "CA1001", Justification = "A source without a timer holds nothing to give back")]
internal sealed class Rival
{
    public static readonly ResourceKey Key = new("default", "leader");

    private readonly CancellationTokenSource stop = new();
    private readonly DateTimeOffset begin;

    public Rival(SimulatedCluster cluster, string name, Random random)
    {
        Client = cluster.Client(name);
        begin = Client.Process.Time.Now;
        Lease = new LeaderLease(Client, Options(name), Client.Process, random);
    }

    public SimulatedClient Client { get; }

    public LeaderLease Lease { get; }

    /// <summary>Begins and ends of its terms, in whole seconds.</summary>
    public List<string> Terms { get; } = [];

    public static LeaseOptions Options(string name) => new() { Key = Key, Identity = name };

    public void Start() => _ = Lease.RunAsync(LeadAsync, stop.Token);

    public void Stop() => stop.Cancel();

    private async Task LeadAsync(CancellationToken term)
    {
        Note("leads");
        var ended = new TaskCompletionSource();
        using (term.Register(() => ended.TrySetResult()))
        {
            await ended.Task;
        }
        Note("ends");
    }

    private void Note(string what) =>
        Terms.Add($"{what} at {Math.Round((Client.Process.Time.Now - begin).TotalSeconds)} s");
}
