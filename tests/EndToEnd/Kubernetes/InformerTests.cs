using EdgeRelease.Kubernetes;
using Xunit;

namespace EdgeRelease.Tests.EndToEnd.Kubernetes;

public sealed class InformerTests(ControlPlaneFixture controlPlane)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private ClusterClient Cluster => controlPlane.Cluster;

    [Fact]
    public async Task Tells_what_is_there_and_then_each_change()
    {
        var ns = await controlPlane.NewNamespaceAsync();
        var a = await CreateAsync(ns, "a");
        await using var follower = new Follower(Cluster, Follower.Options(ResourceKind.ConfigMap, ns));
        await follower.SyncedAsync();

        await CreateAsync(ns, "b");
        await Cluster.ReplaceAsync(ResourceKind.ConfigMap, Widgets.WithValue(a, "2"), null, Cancel);
        await Cluster.DeleteAsync(ResourceKind.ConfigMap, new ResourceKey(ns, "b"), null, Cancel);

        await Eventually.HoldsAsync(() => follower.Told.Count == 4);
        Assert.Equal(["new a", "new b", "changed a", "gone b"], follower.Told);
        Assert.Equal("2", Widgets.Value(follower.Informer.Store.Find(new ResourceKey(ns, "a"))!.Value));
    }

    [Fact]
    public async Task Lists_all_pages_before_it_is_synced()
    {
        var ns = await controlPlane.NewNamespaceAsync();
        for (var i = 0; i < 25; i++)
        {
            await CreateAsync(ns, $"c-{i:00}");
        }

        await using var follower = new Follower(
            Cluster,
            Follower.Options(ResourceKind.ConfigMap, ns) with
            {
                PageLimit = 10,
            }
        );
        await follower.SyncedAsync();

        Assert.Equal(
            Enumerable.Range(0, 25).Select(i => $"c-{i:00}"),
            follower.Informer.Store.All.Keys.Select(key => key.Name)
        );
    }

    [Fact]
    public async Task Follows_several_namespaces_and_no_other()
    {
        var one = await controlPlane.NewNamespaceAsync();
        var two = await controlPlane.NewNamespaceAsync();
        var other = await controlPlane.NewNamespaceAsync();
        await using var follower = new Follower(Cluster, Follower.Options(ResourceKind.ConfigMap, one, two));
        await follower.SyncedAsync();

        await CreateAsync(other, "c");
        await CreateAsync(one, "a");
        await CreateAsync(two, "b");

        await Eventually.HoldsAsync(() => follower.Told.Count == 2);
        Assert.Equal(["new a", "new b"], follower.Told.Order());
    }

    [Fact]
    public async Task Follows_the_whole_cluster_when_no_namespace_is_named()
    {
        await Widgets.InstallAsync(Cluster);
        await using var follower = new Follower(Cluster, Follower.Options(Widgets.Kind));
        await follower.SyncedAsync();
        var ns = await controlPlane.NewNamespaceAsync();

        await Cluster.CreateAsync(Widgets.Kind, Widgets.Widget(ns, "everywhere"), Cancel);

        await Eventually.HoldsAsync(() => follower.Told.Contains("new everywhere"));
    }

    [Fact]
    public async Task Goes_on_past_objects_that_the_reader_cannot_take()
    {
        await Widgets.InstallAsync(Cluster);
        var ns = await controlPlane.NewNamespaceAsync();
        await Cluster.CreateAsync(Widgets.Kind, Widgets.Widget(ns, "a", "not a number"), Cancel);
        await Cluster.CreateAsync(Widgets.Kind, Widgets.Widget(ns, "b"), Cancel);
        await using var follower = new Follower(
            Cluster,
            Follower.Options(Widgets.Kind, ns),
            now => now?.GetProperty("spec").GetProperty("size").GetInt32()
        );
        await follower.SyncedAsync();

        await Cluster.CreateAsync(Widgets.Kind, Widgets.Widget(ns, "c", "not a number"), Cancel);
        await Cluster.CreateAsync(Widgets.Kind, Widgets.Widget(ns, "d"), Cancel);

        await Eventually.HoldsAsync(() => follower.Told.Contains("new d"));
        Assert.Equal(["new b", "new d"], follower.Told);
        Assert.Equal(["a", "c"], follower.Faults.Select(fault => fault.Key!.Name));
        Assert.Equal(4, follower.Informer.Store.All.Count);
    }

    [Fact]
    public async Task Continues_after_its_connection_was_cut()
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
        await using var follower = new Follower(client, Follower.Options(ResourceKind.ConfigMap, ns));
        await follower.SyncedAsync();

        for (var i = 0; i < 3; i++)
        {
            proxy.CutOnce();
            await CreateAsync(ns, $"c-{i}");
            await Eventually.HoldsAsync(() => follower.Told.Contains($"new c-{i}"));
        }

        Assert.Equal(["new c-0", "new c-1", "new c-2"], follower.Told);
    }

    [Fact]
    public async Task Continues_after_the_server_has_ended_the_watch()
    {
        var ns = await controlPlane.NewNamespaceAsync();
        using var client = new ClusterClient(controlPlane.Connection(), TimeProvider.System, "edgerelease-tests/0")
        {
            WatchIdleLimit = TimeSpan.FromSeconds(11), // The server is asked to end it after 1 s.
        };
        var events = 0;
        await foreach (var _ in client.WatchAsync(ResourceKind.ConfigMap, ns, await VersionAsync(ns), Cancel))
        {
            events++;
        }
        await using var follower = new Follower(client, Follower.Options(ResourceKind.ConfigMap, ns));
        await follower.SyncedAsync();

        await CreateAsync(ns, "a");

        await Eventually.HoldsAsync(() => follower.Told.Contains("new a"));
        Assert.Empty(follower.Faults);
    }

    private Task<System.Text.Json.JsonElement> CreateAsync(string ns, string name) =>
        Cluster.CreateAsync(ResourceKind.ConfigMap, Widgets.ConfigMap(ns, name, "1"), Cancel);

    private async Task<string> VersionAsync(string ns) =>
        (
            await Cluster.ListAsync(ResourceKind.ConfigMap, new ListOptions { Namespace = ns, Limit = 1 }, Cancel)
        ).ResourceVersion;
}
