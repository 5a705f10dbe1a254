using System.Globalization;
using EdgeRelease.Kubernetes;
using Xunit;

namespace EdgeRelease.Tests.EndToEnd.Kubernetes;

public sealed class LeaseTests(ControlPlaneFixture controlPlane)
{
    private static readonly LeaseTiming Quick = new()
    {
        Duration = TimeSpan.FromSeconds(4),
        RenewEvery = TimeSpan.FromSeconds(0.5),
        RenewDeadline = TimeSpan.FromSeconds(3),
        RetryEvery = TimeSpan.FromSeconds(0.2),
        WriteTimeout = TimeSpan.FromSeconds(1),
    };

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Writes_a_lease_that_kubectl_can_read()
    {
        var ns = await controlPlane.NewNamespaceAsync();
        await using var leader = new Candidate(controlPlane.Cluster, ns, "host_1", Quick);

        await Eventually.HoldsAsync(() => leader.Leads);
        await Eventually.HoldsAsync(async () => await SpecAsync(ns, "renewTime") != await SpecAsync(ns, "acquireTime"));

        Assert.Equal("host_1", await SpecAsync(ns, "holderIdentity"));
        Assert.Equal("4", await SpecAsync(ns, "leaseDurationSeconds"));
        Assert.True(
            DateTimeOffset.TryParseExact(
                await SpecAsync(ns, "renewTime"),
                "yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'",
                CultureInfo.InvariantCulture,
                DateTimeStyles.AssumeUniversal,
                out _
            )
        );
        Assert.Contains(
            "host_1",
            await controlPlane.KubectlAsync("get", "lease", "-n", ns, "leader"),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task Lets_the_other_lead_at_once_after_a_release()
    {
        var ns = await controlPlane.NewNamespaceAsync();
        var first = new Candidate(controlPlane.Cluster, ns, "host_1", Quick);
        await Eventually.HoldsAsync(() => first.Leads);
        await using var second = new Candidate(controlPlane.Cluster, ns, "host_2", Quick);

        await first.DisposeAsync();
        var released = TimeProvider.System.GetTimestamp();
        await Eventually.HoldsAsync(() => second.Leads);

        Assert.True(TimeProvider.System.GetElapsedTime(released) < Quick.Duration);
        Assert.Equal("1", await SpecAsync(ns, "leaseTransitions"));
    }

    [Fact]
    public async Task Lets_the_other_lead_only_after_the_expiry_of_a_silent_leader()
    {
        var ns = await controlPlane.NewNamespaceAsync();
        using var proxy = new CutProxy(controlPlane.Connection().Server);
        using var client = new ClusterClient(
            controlPlane.Connection() with
            {
                Server = proxy.Address,
            },
            TimeProvider.System,
            "edgerelease-tests/0"
        );
        await using var first = new Candidate(client, ns, "host_1", Quick);
        await Eventually.HoldsAsync(() => first.Leads);
        await using var second = new Candidate(controlPlane.Cluster, ns, "host_2", Quick);

        proxy.Cut();
        var silent = TimeProvider.System.GetTimestamp();
        await Eventually.HoldsAsync(() =>
        {
            Assert.False(first.Leads && second.Leads, "two leaders");
            return second.Leads;
        });

        Assert.True(TimeProvider.System.GetElapsedTime(silent) >= Quick.Duration - Quick.RenewEvery);
        Assert.False(first.Lease.MayStartWrite);
        Assert.Equal(TimeSpan.Zero, first.Lease.TimeLeft);
    }

    [Fact]
    public async Task Ends_the_term_at_once_when_another_has_taken_the_lease()
    {
        var ns = await controlPlane.NewNamespaceAsync();
        await using var leader = new Candidate(controlPlane.Cluster, ns, "host_1", Quick);
        await Eventually.HoldsAsync(() => leader.Leads);

        await controlPlane.KubectlAsync(
            "patch",
            "lease",
            "leader",
            "-n",
            ns,
            "--type=merge",
            "-p",
            """{"spec":{"holderIdentity":"thief"}}"""
        );
        await Eventually.HoldsAsync(() => !leader.Leads);

        Assert.False(leader.Lease.MayStartWrite);
        Assert.Equal("thief", await SpecAsync(ns, "holderIdentity"));
    }

    [Fact]
    public async Task Has_one_leader_at_a_time_when_five_come_and_go()
    {
        var ns = await controlPlane.NewNamespaceAsync();
        var leading = 0;
        var most = 0;
        List<Candidate> candidates = [];
        for (var i = 0; i < 5; i++)
        {
            candidates.Add(
                new Candidate(controlPlane.Cluster, ns, $"host_{i}", Quick)
                {
                    Began = () => most = Math.Max(most, Interlocked.Increment(ref leading)),
                    Ended = () => Interlocked.Decrement(ref leading),
                }
            );
        }

        while (candidates.Count > 0)
        {
            await Eventually.HoldsAsync(() => candidates.Exists(candidate => candidate.Leads));
            var leader = candidates.Find(candidate => candidate.Leads)!;
            candidates.Remove(leader);
            await leader.DisposeAsync();
        }

        Assert.Equal(1, most);
        Assert.Equal("", await SpecAsync(ns, "holderIdentity"));
        Assert.Equal("4", await SpecAsync(ns, "leaseTransitions"));
    }

    private async Task<string?> SpecAsync(string ns, string member)
    {
        var lease = await controlPlane.Cluster.FindAsync(ResourceKind.Lease, new ResourceKey(ns, "leader"), Cancel);
        return lease!.Value.GetProperty("spec").TryGetProperty(member, out var value) ? value.ToString() : null;
    }
}
