using System.Text.Json.Nodes;
using EdgeRelease.Kubernetes;
using Xunit;

namespace EdgeRelease.Tests.Conversations;

/// <summary>The status subresource.</summary>
public static class Statuses
{
    public static async Task Drops_the_status_of_a_new_object_and_fills_in_its_default(Place place)
    {
        var created = await place.CreateAsync("a", talk => talk["status"] = new JsonObject { ["phase"] = "Done" });
        Assert.Null(created.At("status", "phase"));
        Assert.Equal("-1", created.At("status", "observedGeneration"));
        Assert.Equal("-1", (await place.FindAsync("a"))!.Value.At("status", "observedGeneration"));
    }

    public static async Task Leaves_the_status_when_the_object_is_replaced(Place place)
    {
        var created = await place.CreateAsync("a");
        var done = await place.ReplaceStatusAsync(created, talk => talk["status"]!["phase"] = "Done");
        var changed = await place.ReplaceAsync(
            done,
            talk =>
            {
                talk["spec"]!["text"] = "two";
                talk["status"]!["phase"] = "Lost";
            }
        );
        Assert.Equal("Done", changed.At("status", "phase"));
        var without = await place.ReplaceAsync(changed, talk => talk.Remove("status"));
        Assert.Equal("Done", without.At("status", "phase"));
        Assert.Equal("2", without.Meta("generation"));
    }

    public static async Task Leaves_all_else_when_the_status_is_replaced(Place place)
    {
        var created = await place.CreateAsync("a");
        var done = await place.ReplaceStatusAsync(
            created,
            talk =>
            {
                talk["status"] = new JsonObject { ["phase"] = "Done" };
                talk["spec"]!["text"] = "two";
                talk["metadata"]!["labels"]!["app"] = "other";
                talk["metadata"]!["finalizers"] = new JsonArray("example.com/hold");
            }
        );
        Assert.Equal("Done", done.At("status", "phase"));
        Assert.Equal("one", done.At("spec", "text"));
        Assert.Equal("talk", done.GetProperty("metadata").At("labels", "app"));
        Assert.Null(done.Meta("finalizers"));
        Assert.Equal("1", done.Meta("generation"));
        Assert.True(done.VersionNumber() > created.VersionNumber());
    }

    public static async Task Replaces_the_whole_status(Place place)
    {
        var created = await place.CreateAsync("a");
        var first = await place.ReplaceStatusAsync(created, talk => talk["status"] = new JsonObject { ["one"] = 1 });
        Assert.Null(first.At("status", "observedGeneration"));
        var second = await place.ReplaceStatusAsync(first, talk => talk["status"] = new JsonObject { ["two"] = 2 });
        Assert.Null(second.At("status", "one"));
        Assert.Equal("2", second.At("status", "two"));
        var none = await place.ReplaceStatusAsync(second, talk => talk.Remove("status"));
        Assert.Equal("-1", none.At("status", "observedGeneration"));
    }

    public static async Task Keeps_the_version_when_the_status_stays_the_same(Place place)
    {
        var created = await place.CreateAsync("a");
        var done = await place.ReplaceStatusAsync(created, talk => talk["status"]!["phase"] = "Done");
        var same = await place.ReplaceStatusAsync(done, talk => talk["status"]!["phase"] = "Done");
        Assert.Equal(done.Version(), same.Version());
    }

    public static async Task Refuses_a_stale_status(Place place)
    {
        var created = await place.CreateAsync("a");
        await place.ReplaceAsync(created, talk => talk["spec"]!["text"] = "two");
        await Place.RefusedAsync(
            409,
            () => place.ReplaceStatusAsync(created, talk => talk["status"]!["phase"] = "Done")
        );
    }

    public static async Task Knows_no_status_of_a_kind_without(Place place)
    {
        var body = Talks.ConfigMap(place.Key("a"));
        var created = await place.Cluster.CreateAsync(ResourceKind.ConfigMap, body, CancellationToken.None);
        await Place.RefusedAsync(
            404,
            () => place.Cluster.ReplaceAsync(ResourceKind.ConfigMap, created, "status", CancellationToken.None)
        );
    }
}
