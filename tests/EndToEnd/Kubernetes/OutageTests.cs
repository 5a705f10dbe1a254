using EdgeRelease.Kubernetes;
using Xunit;

namespace EdgeRelease.Tests.EndToEnd.Kubernetes;

/// <summary>What happens when the API server itself goes away; on a control plane of its own.</summary>
public sealed class OutageTests(ControlPlaneFixture fixture) : IAsyncLifetime
{
    private ControlPlane controlPlane = null!;
    private ClusterClient cluster = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        controlPlane = await fixture.StartPrivateAsync();
        cluster = controlPlane.Connect();
        await Eventually.HoldsAsync(async () =>
            await cluster.FindAsync(new("", "v1", "namespaces", "Namespace"), new("", "default"), Cancel) is not null
        );
    }

    public async ValueTask DisposeAsync()
    {
        cluster.Dispose();
        await controlPlane.StopAsync();
    }

    [Fact]
    public async Task Continues_when_the_API_server_is_back()
    {
        await using var follower = new Follower(cluster, Follower.Options(ResourceKind.ConfigMap, "default"));
        await follower.SyncedAsync();

        await controlPlane.StopAsync("apiserver");
        await Eventually.HoldsAsync(() => !follower.Faults.IsEmpty);
        await controlPlane.StartAsync();
        await CreateAsync("a");

        await Eventually.HoldsAsync(() => follower.Told.Contains("new a"));
        Assert.All(
            follower.Faults,
            fault =>
                Assert.StartsWith(
                    "cannot watch ConfigMap in default: no answer",
                    fault.Cause.Message,
                    StringComparison.Ordinal
                )
        );
    }

    [Fact]
    public async Task Tells_a_missed_deletion_when_its_version_is_too_old()
    {
        await CreateAsync("deleted");
        await CreateAsync("kept");
        using var proxy = new CutProxy(controlPlane.Connection().Server);
        using var client = new ClusterClient(
            controlPlane.Connection() with
            {
                Server = proxy.Address,
            },
            TimeProvider.System,
            "edgerelease-tests/0"
        );
        await using var follower = new Follower(client, Follower.Options(ResourceKind.ConfigMap, "default"));
        await follower.SyncedAsync();

        proxy.Cut();
        await cluster.DeleteAsync(ResourceKind.ConfigMap, new ResourceKey("default", "deleted"), null, Cancel);
        await CreateAsync("created");
        await ForgetHistoryAsync();
        proxy.Mend();

        await Eventually.HoldsAsync(() => follower.Told.Contains("gone deleted"));
        Assert.Equal(["new deleted", "new kept", "new created", "gone deleted"], follower.Told);
        Assert.Contains(follower.Faults, fault => fault.Cause is ClusterException { IsGone: true });
    }

    [Fact]
    public async Task Throws_410_for_a_watch_or_a_page_of_a_version_that_is_gone()
    {
        await CreateAsync("a");
        await CreateAsync("b");
        var first = new ListOptions { Namespace = "default", Limit = 1 };
        var page = await cluster.ListAsync(ResourceKind.ConfigMap, first, Cancel);
        await CreateAsync("c");
        await ForgetHistoryAsync();

        var watch = await Assert.ThrowsAsync<ClusterException>(async () =>
        {
            await foreach (var _ in cluster.WatchAsync(ResourceKind.ConfigMap, "default", page.ResourceVersion, Cancel))
            { }
        });
        var next = await Assert.ThrowsAsync<ClusterException>(() =>
            cluster.ListAsync(ResourceKind.ConfigMap, first with { Continue = page.Continue }, Cancel)
        );

        Assert.True(watch.IsGone, watch.Message);
        Assert.True(next.IsGone, next.Message);
    }

    private async Task CreateAsync(string name) =>
        await cluster.CreateAsync(ResourceKind.ConfigMap, Widgets.ConfigMap("default", name), Cancel);

    /// <summary>Compacts etcd to its newest revision and empties the API server's cache by a restart.</summary>
    private async Task ForgetHistoryAsync()
    {
        var all = await cluster.ListAsync(ResourceKind.ConfigMap, new ListOptions(), Cancel);
        using var etcd = new HttpClient { BaseAddress = controlPlane.Etcd };
        using var body = new StringContent($$"""{"revision":"{{all.ResourceVersion}}","physical":true}""");
        using var answer = await etcd.PostAsync(new Uri("/v3/kv/compaction", UriKind.Relative), body, Cancel);
        answer.EnsureSuccessStatusCode();
        await controlPlane.StopAsync("apiserver");
        await controlPlane.StartAsync();
    }
}
