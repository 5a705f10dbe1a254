using System.Text.Json;
using EdgeRelease.Kubernetes;
using Xunit;

namespace EdgeRelease.Tests.Conversations;

/// <summary>Watches.</summary>
public static class Watching
{
    public static async Task Tells_what_happened_after_a_version_in_order(Place place)
    {
        await place.CreateAsync("before");
        var list = await place.ListAsync();
        var a = await place.CreateAsync("a");
        await place.CreateAsync("b");
        var changed = await place.ReplaceAsync(a, talk => talk["spec"]!["text"] = "two");
        var done = await place.ReplaceStatusAsync(changed, talk => talk["status"]!["phase"] = "Done");
        await place.DeleteAsync("a");
        var seen = await place.WatchAsync(list.ResourceVersion, happened => happened.Kind == WatchEventKind.Deleted);
        Assert.Equal("Added a, Added b, Modified a, Modified a, Deleted a", seen.Words());
        var objects = seen.Where(happened => happened.Kind != WatchEventKind.Bookmark).ToList();
        Assert.Equal(changed.Version(), objects[2].Object.Version());
        Assert.Equal("two", objects[4].Object.At("spec", "text"));
        Assert.Equal("Talk", objects[4].Object.GetProperty("kind").GetString());
        Assert.True(objects[4].Object.VersionNumber() > done.VersionNumber());
    }

    public static async Task Tells_what_happens_while_it_is_open(Place place)
    {
        var list = await place.ListAsync();
        var watching = place.WatchAsync(list.ResourceVersion, happened => happened.Kind == WatchEventKind.Deleted);
        await place.CreateAsync("a");
        await place.DeleteAsync("a");
        Assert.Equal("Added a, Deleted a", (await watching).Words());
    }

    public static async Task Tells_nothing_of_a_write_that_changes_nothing(Place place)
    {
        var settled = await place.ReplaceAsync(await place.CreateAsync("a"), _ => { });
        await place.ReplaceAsync(settled, _ => { });
        await place.ReplaceStatusAsync(settled, _ => { });
        await place.DeleteAsync("a");
        var seen = await place.WatchAsync(settled.Version(), happened => happened.Kind == WatchEventKind.Deleted);
        Assert.Equal("Deleted a", seen.Words());
    }

    public static async Task Begins_with_all_objects_in_any_order_when_the_version_is_0(Place place)
    {
        await place.CreateAsync("a");
        await place.CreateAsync("b");
        var names = new SortedSet<string>(StringComparer.Ordinal);
        var seen = await place.WatchAsync("0", happened => names.Add(happened.Object.Name()) && names.Count == 2);
        Assert.Equal(["a", "b"], names);
        Assert.All(seen, happened => Assert.Equal(WatchEventKind.Added, happened.Kind));
    }

    public static async Task Refuses_a_version_that_is_too_old(Place place)
    {
        await place.CreateAsync("a");
        var error = await Assert.ThrowsAsync<ClusterException>(() => place.WatchAsync("1", _ => true));
        Assert.True(error.IsGone);
    }

    /// <summary>Kubernetes 1.20 sends one only 2 s before the end of a watch, and only when it had an event to
    /// tell.</summary>
    public static async Task Sends_a_bookmark_with_a_version_no_older_than_the_last_event(Place place)
    {
        var list = await place.ListAsync();
        await place.CreateAsync("a");
        Task<JsonElement>? second = null;
        var seen = await place.WatchAsync(
            list.ResourceVersion,
            happened =>
            {
                second ??= place.CreateAsync("b");
                return happened.Kind == WatchEventKind.Bookmark;
            }
        );
        Assert.Equal("Added a, Added b", seen.Words());
        Assert.True(seen[^1].Object.VersionNumber() >= (await second!).VersionNumber());
        Assert.Equal("Talk", seen[^1].Object.GetProperty("kind").GetString());
        Assert.Single(seen[^1].Object.GetProperty("metadata").EnumerateObject());
    }
}
