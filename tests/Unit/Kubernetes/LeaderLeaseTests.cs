using EdgeRelease.Kubernetes;
using EdgeRelease.Simulation;
using Xunit;

namespace EdgeRelease.Tests.Unit.Kubernetes;

public sealed class LeaderLeaseTests
{
    private readonly VirtualTime time = new();
    private readonly SimulatedCluster cluster;

    public LeaderLeaseTests() => cluster = new SimulatedCluster(time);

    [Fact]
    public void Renews_every_5_s_and_keeps_leading()
    {
        var leader = Started("one");

        Pass(TimeSpan.FromMinutes(10));

        Assert.Equal(["leads at 0 s"], leader.Terms);
        Assert.InRange(cluster.Record.Count, 119, 122);
        Assert.True(leader.Lease.TimeLeft > TimeSpan.FromSeconds(24));
    }

    [Fact]
    public void Starts_no_write_and_ends_the_term_20_s_after_the_last_renewal_when_the_server_is_silent()
    {
        var leader = Started("one");
        Pass(TimeSpan.FromSeconds(7));
        cluster.StopFor(TimeSpan.FromHours(1));

        Pass(TimeSpan.FromSeconds(17.9));
        Assert.True(leader.Lease.MayStartWrite);
        Assert.Equal(["leads at 0 s"], leader.Terms);
        Pass(TimeSpan.FromSeconds(0.2));

        Assert.False(leader.Lease.MayStartWrite);
        Assert.Equal(["leads at 0 s", "ends at 25 s"], leader.Terms);
    }

    [Fact]
    public void Keeps_leading_when_the_answer_of_a_renewal_is_lost()
    {
        var lost = 1;
        cluster.Fault = call =>
            call.Verb == ClusterVerb.Replace && lost-- > 0 ? new ClusterFault(ClusterFaultKind.TimeoutAfter) : null;
        var leader = Started("one");

        Pass(TimeSpan.FromMinutes(2));

        Assert.Equal(["leads at 0 s"], leader.Terms);
        Assert.Equal(1, cluster.Faults[ClusterFaultKind.TimeoutAfter]);
    }

    [Fact]
    public void Starts_no_write_from_the_moment_it_knows_that_another_has_taken_the_lease()
    {
        var client = cluster.Client("one");
        var lease = new LeaderLease(client, Rival.Options("one"), client.Process, new Random(1));
        List<bool> mayStartWrite = [];
        _ = lease.RunAsync(
            async term =>
            {
                mayStartWrite.Add(lease.MayStartWrite);
                var ended = new TaskCompletionSource();
                using var end = term.Register(() => ended.TrySetResult());
                await ended.Task;
                mayStartWrite.Add(lease.MayStartWrite);
            },
            CancellationToken.None
        );
        Pass(TimeSpan.FromSeconds(1));

        cluster.Edit(ResourceKind.Lease, Rival.Key, root => root["spec"]!["holderIdentity"] = "thief");
        Pass(TimeSpan.FromSeconds(5));

        Assert.Equal([true, false], mayStartWrite);
    }

    [Fact]
    public void Takes_over_within_2_s_of_a_release()
    {
        var first = Started("one");
        var second = Started("two");
        Pass(TimeSpan.FromMinutes(1));

        first.Stop();
        Pass(TimeSpan.FromSeconds(2.1));

        Assert.Equal(["leads at 0 s", "ends at 60 s"], first.Terms);
        Assert.Single(second.Terms);
        Assert.False(first.Lease.MayStartWrite);
    }

    [Fact]
    public void Takes_over_a_silent_lease_after_its_30_s_and_not_before()
    {
        var first = Started("one");
        var second = Started("two");
        Pass(TimeSpan.FromSeconds(60.5));
        first.Client.Process.Kill();

        Pass(TimeSpan.FromSeconds(29));
        Assert.Empty(second.Terms);
        Pass(TimeSpan.FromSeconds(4));

        Assert.Single(second.Terms);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(-1)]
    public void Judges_expiry_without_the_wall_clock(int hours)
    {
        var first = Started("one");
        var second = Started("two");
        second.Client.Process.WallClockOffset = TimeSpan.FromHours(hours);

        Pass(TimeSpan.FromMinutes(30));

        Assert.Equal(["leads at 0 s"], first.Terms);
        Assert.Empty(second.Terms);
    }

    [Fact]
    public void Starts_no_write_after_a_pause_longer_than_the_lease()
    {
        var leader = Started("one");
        Pass(TimeSpan.FromSeconds(7));
        leader.Client.Process.PauseFor(TimeSpan.FromSeconds(45));
        Pass(TimeSpan.FromSeconds(44));

        Assert.False(leader.Lease.MayStartWrite);
        Assert.Equal(TimeSpan.Zero, leader.Lease.TimeLeft);
    }

    [Fact]
    public void Leads_again_when_the_server_is_back()
    {
        var leader = Started("one");
        Pass(TimeSpan.FromSeconds(7));
        cluster.StopFor(TimeSpan.FromMinutes(5));
        Pass(TimeSpan.FromMinutes(6));

        Assert.Equal(3, leader.Terms.Count);
        Assert.True(leader.Lease.MayStartWrite);
    }

    [Fact]
    public void Ends_and_releases_when_the_work_returns_by_itself()
    {
        var client = cluster.Client("one");
        var lease = new LeaderLease(client, Rival.Options("one"), client.Process, new Random(1));

        time.Run(() => lease.RunAsync(_ => Task.CompletedTask, CancellationToken.None));

        var stored = cluster.Get(ResourceKind.Lease, Rival.Key)!.Value;
        Assert.Equal("", stored.GetProperty("spec").GetProperty("holderIdentity").GetString());
    }

    [Fact]
    public void Throws_what_the_work_throws_after_a_release()
    {
        var client = cluster.Client("one");
        var lease = new LeaderLease(client, Rival.Options("one"), client.Process, new Random(1));

        Assert.Throws<NotSupportedException>(() =>
            time.Run(() => lease.RunAsync(_ => throw new NotSupportedException(), CancellationToken.None))
        );

        var stored = cluster.Get(ResourceKind.Lease, Rival.Key)!.Value;
        Assert.Equal("", stored.GetProperty("spec").GetProperty("holderIdentity").GetString());
    }

    private Rival Started(string name)
    {
        var rival = new Rival(cluster, name, new Random(name.Length));
        rival.Start();
        Pass(TimeSpan.FromMilliseconds(50));
        return rival;
    }

    private void Pass(TimeSpan length) => time.RunUntil(time.Now + length);
}
