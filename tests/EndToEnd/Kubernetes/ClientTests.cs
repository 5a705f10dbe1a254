using System.Text.Json.Nodes;
using EdgeRelease.Kubernetes;
using Xunit;

namespace EdgeRelease.Tests.EndToEnd.Kubernetes;

public sealed class ClientTests(ControlPlaneFixture controlPlane)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private ClusterClient Cluster => controlPlane.Cluster;

    [Fact]
    public async Task Reads_back_what_it_created()
    {
        var ns = await controlPlane.NewNamespaceAsync();

        var created = await Cluster.CreateAsync(ResourceKind.ConfigMap, Widgets.ConfigMap(ns, "a", "1"), Cancel);
        var found = await Cluster.FindAsync(ResourceKind.ConfigMap, new ResourceKey(ns, "a"), Cancel);

        Assert.Equal("1", Widgets.Value(found!.Value));
        Assert.Equal(ResourceJson.ResourceVersionOf(created), ResourceJson.ResourceVersionOf(found.Value));
        Assert.NotNull(ResourceJson.UidOf(created));
    }

    [Fact]
    public async Task Finds_nothing_when_the_object_is_absent()
    {
        var ns = await controlPlane.NewNamespaceAsync();

        Assert.Null(await Cluster.FindAsync(ResourceKind.ConfigMap, new ResourceKey(ns, "a"), Cancel));
    }

    [Fact]
    public async Task Throws_404_when_the_kind_is_absent()
    {
        var kind = new ResourceKind("absent.example.com", "v1", "ghosts", "Ghost");

        var error = await Assert.ThrowsAsync<ClusterException>(() =>
            Cluster.FindAsync(kind, new ResourceKey("default", "a"), Cancel)
        );

        Assert.Equal(404, error.Status);
        Assert.StartsWith("cannot get Ghost default/a: ", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Throws_409_when_the_name_is_taken()
    {
        var ns = await controlPlane.NewNamespaceAsync();
        await Cluster.CreateAsync(ResourceKind.ConfigMap, Widgets.ConfigMap(ns, "a"), Cancel);

        var error = await Assert.ThrowsAsync<ClusterException>(() =>
            Cluster.CreateAsync(ResourceKind.ConfigMap, Widgets.ConfigMap(ns, "a"), Cancel)
        );

        Assert.True(error.IsConflict);
        Assert.Equal($"cannot create ConfigMap {ns}/a: configmaps \"a\" already exists", error.Message);
    }

    [Fact]
    public async Task Throws_409_when_the_version_to_replace_is_stale()
    {
        var ns = await controlPlane.NewNamespaceAsync();
        var first = await Cluster.CreateAsync(ResourceKind.ConfigMap, Widgets.ConfigMap(ns, "a", "1"), Cancel);
        await Cluster.ReplaceAsync(ResourceKind.ConfigMap, Widgets.WithValue(first, "2"), null, Cancel);

        var error = await Assert.ThrowsAsync<ClusterException>(() =>
            Cluster.ReplaceAsync(ResourceKind.ConfigMap, Widgets.WithValue(first, "3"), null, Cancel)
        );

        Assert.True(error.IsConflict);
        var stored = await Cluster.FindAsync(ResourceKind.ConfigMap, new ResourceKey(ns, "a"), Cancel);
        Assert.Equal("2", Widgets.Value(stored!.Value));
    }

    [Fact]
    public async Task Throws_404_when_the_object_to_replace_is_gone()
    {
        var ns = await controlPlane.NewNamespaceAsync();
        var created = await Cluster.CreateAsync(ResourceKind.ConfigMap, Widgets.ConfigMap(ns, "a"), Cancel);
        await Cluster.DeleteAsync(ResourceKind.ConfigMap, new ResourceKey(ns, "a"), null, Cancel);

        var error = await Assert.ThrowsAsync<ClusterException>(() =>
            Cluster.ReplaceAsync(ResourceKind.ConfigMap, created, null, Cancel)
        );

        Assert.True(error.Status is 404 or 409, $"status {error.Status}");
    }

    [Fact]
    public async Task Deletes_an_absent_object_without_an_error()
    {
        var ns = await controlPlane.NewNamespaceAsync();

        await Cluster.DeleteAsync(ResourceKind.ConfigMap, new ResourceKey(ns, "a"), null, Cancel);
    }

    [Fact]
    public async Task Writes_the_status_and_nothing_else_through_the_subresource()
    {
        await Widgets.InstallAsync(Cluster);
        var ns = await controlPlane.NewNamespaceAsync();
        var created = await Cluster.CreateAsync(Widgets.Kind, Widgets.Widget(ns, "a"), Cancel);
        var status = ResourceJson.Element(new JsonObject { ["phase"] = "Done" });
        var changed = ResourceJson.Edited(created, root => root["spec"]!["size"] = 99);

        var stored = await Cluster.ReplaceAsync(
            Widgets.Kind,
            ResourceJson.WithStatus(changed, status),
            "status",
            Cancel
        );

        Assert.Equal("Done", stored.GetProperty("status").GetProperty("phase").GetString());
        Assert.Equal(1, stored.GetProperty("spec").GetProperty("size").GetInt32());
    }

    [Fact]
    public async Task Keeps_a_deleted_object_until_its_finalizers_are_gone()
    {
        await Widgets.InstallAsync(Cluster);
        var ns = await controlPlane.NewNamespaceAsync();
        var key = new ResourceKey(ns, "a");
        var held = ResourceJson.WithFinalizers(Widgets.Widget(ns, "a"), ["tests.example.com/hold"]);
        await Cluster.CreateAsync(Widgets.Kind, held, Cancel);

        await Cluster.DeleteAsync(Widgets.Kind, key, null, Cancel);
        var deleting = await Cluster.FindAsync(Widgets.Kind, key, Cancel);
        await Cluster.ReplaceAsync(Widgets.Kind, ResourceJson.WithFinalizers(deleting!.Value, []), null, Cancel);

        Assert.True(deleting.Value.GetProperty("metadata").TryGetProperty("deletionTimestamp", out _));
        Assert.Null(await Cluster.FindAsync(Widgets.Kind, key, Cancel));
    }

    [Fact]
    public async Task Keeps_members_it_does_not_know_when_it_replaces_a_kept_copy()
    {
        await Widgets.InstallAsync(Cluster);
        var ns = await controlPlane.NewNamespaceAsync();
        var sent = ResourceJson.Edited(Widgets.Widget(ns, "a"), root => root["spec"]!["unheardOf"] = "kept");
        var created = await Cluster.CreateAsync(Widgets.Kind, sent, Cancel);
        var kept = ResourceJson.Kept(created);

        var stored = await Cluster.ReplaceAsync(
            Widgets.Kind,
            ResourceJson.WithFinalizers(kept, ["tests.example.com/hold"]),
            null,
            Cancel
        );
        await Cluster.ReplaceAsync(Widgets.Kind, ResourceJson.WithFinalizers(stored, []), null, Cancel);

        Assert.False(kept.GetProperty("metadata").TryGetProperty("managedFields", out _));
        Assert.Equal("kept", stored.GetProperty("spec").GetProperty("unheardOf").GetString());
        Assert.Contains(
            "unheardOf",
            stored.GetProperty("metadata").GetProperty("managedFields").GetRawText(),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task Writes_nothing_when_a_replace_changes_nothing()
    {
        var ns = await controlPlane.NewNamespaceAsync();
        var created = await Cluster.CreateAsync(ResourceKind.ConfigMap, Widgets.ConfigMap(ns, "a"), Cancel);

        var stored = await Cluster.ReplaceAsync(ResourceKind.ConfigMap, ResourceJson.Kept(created), null, Cancel);

        Assert.Equal(ResourceJson.ResourceVersionOf(created), ResourceJson.ResourceVersionOf(stored));
    }

    [Theory]
    [InlineData("..")]
    [InlineData(".")]
    [InlineData("")]
    [InlineData("a/status")]
    [InlineData("a%2Fstatus")]
    public async Task Refuses_a_name_that_would_change_the_path(string name)
    {
        var error = await Assert.ThrowsAsync<ClusterException>(() =>
            Cluster.FindAsync(ResourceKind.Secret, new ResourceKey("default", name), Cancel)
        );

        Assert.Equal(400, error.Status);
    }

    [Fact]
    public async Task Escapes_what_a_name_must_not_mean_in_a_URL()
    {
        Assert.Null(await Cluster.FindAsync(ResourceKind.Secret, new ResourceKey("default", "a?b=c#d e"), Cancel));
    }

    [Fact]
    public async Task Sends_many_calls_over_one_connection()
    {
        using var proxy = new CutProxy(controlPlane.Connection().Server);
        using var client = new ClusterClient(
            controlPlane.Connection() with
            {
                Server = proxy.Address,
            },
            TimeProvider.System,
            "edgerelease-tests/0"
        );
        await client.ListAsync(ResourceKind.ConfigMap, new ListOptions { Limit = 1 }, Cancel);

        await Task.WhenAll(
            Enumerable
                .Range(0, 50)
                .Select(_ => client.ListAsync(ResourceKind.ConfigMap, new ListOptions { Limit = 1 }, Cancel))
        );

        Assert.Equal(1, proxy.Accepted);
    }
}
