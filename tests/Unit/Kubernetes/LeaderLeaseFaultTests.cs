using EdgeRelease.Kubernetes;
using EdgeRelease.Simulation;
using Xunit;

namespace EdgeRelease.Tests.Unit.Kubernetes;

/// <summary>Three processes under all faults, pauses and kills included.</summary>
public sealed class LeaderLeaseFaultTests
{
    private static readonly ClusterFaultKind[] Alphabet =
    [
        ClusterFaultKind.Conflict,
        ClusterFaultKind.TooManyRequests,
        ClusterFaultKind.InternalError,
        ClusterFaultKind.TimeoutBefore,
        ClusterFaultKind.TimeoutAfter,
        ClusterFaultKind.CrashAfter,
        ClusterFaultKind.ServerDown,
        ClusterFaultKind.Partitioned,
    ];

    [Fact]
    public void Lets_at_most_one_process_start_a_write()
    {
        var terms = 0;
        for (var seed = 0; seed < 300; seed++)
        {
            terms += TermsOf(seed);
        }
        Assert.True(terms > 1000, $"only {terms} terms: the faults do nothing");
    }

    private static int TermsOf(int seed)
    {
        var random = new Random(seed);
        var time = new VirtualTime();
        var cluster = new SimulatedCluster(time) { Latency = () => TimeSpan.FromMilliseconds(random.Next(1, 400)) };
        cluster.Fault = _ => random.Next(25) == 0 ? new ClusterFault(Alphabet[random.Next(Alphabet.Length)]) : null;
        var rivals = Enumerable.Range(0, 3).Select(i => new Rival(cluster, $"r{i}", random)).ToList();
        rivals.ForEach(rival => rival.Start());
        var end = time.Now + TimeSpan.FromMinutes(15);
        while (time.Now < end && time.RunNext())
        {
            Disturb(rivals, random);
            var writers = rivals.Where(rival => !rival.Client.Process.IsDead && rival.Lease.MayStartWrite).ToList();
            Assert.True(writers.Count <= 1, $"seed {seed}: {writers.Count} may write at {time.Now:O}");
        }
        return rivals.Sum(rival => rival.Terms.Count);
    }

    private static void Disturb(List<Rival> rivals, Random random)
    {
        var process = rivals[random.Next(rivals.Count)].Client.Process;
        switch (random.Next(400))
        {
            case 0:
                process.PauseFor(TimeSpan.FromSeconds(random.Next(60)));
                break;
            case 1:
                process.WallClockOffset = TimeSpan.FromMinutes(random.Next(-60, 60));
                break;
            case 2:
                rivals[random.Next(rivals.Count)].Stop();
                break;
        }
    }
}
