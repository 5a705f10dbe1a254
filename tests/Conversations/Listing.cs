using EdgeRelease.Kubernetes;
using Xunit;

namespace EdgeRelease.Tests.Conversations;

/// <summary>Lists: pages, selectors, consistency.</summary>
public static class Listing
{
    public static async Task Pages_1200_objects_by_500_as_of_the_first_page(Place place)
    {
        var names = Enumerable.Range(0, 1200).Select(number => $"talk-{number:0000}").ToList();
        foreach (var batch in names.Chunk(20))
        {
            await Task.WhenAll(batch.Select(name => place.CreateAsync(name)));
        }

        var first = await place.ListAsync();
        Assert.Equal(500, first.Items.Count);
        await place.CreateAsync("talk-0500-later");
        await place.DeleteAsync("talk-1100");
        var second = await place.ListAsync(next: first.Continue);
        var third = await place.ListAsync(next: second.Continue);
        Assert.Equal((500, 200), (second.Items.Count, third.Items.Count));
        Assert.Null(third.Continue);
        Assert.Equal((first.ResourceVersion, first.ResourceVersion), (second.ResourceVersion, third.ResourceVersion));
        Assert.Equal(names, new[] { first, second, third }.SelectMany(page => page.Items).Select(item => item.Name()));
    }

    public static async Task Ends_without_a_token_when_the_last_page_is_full(Place place)
    {
        await place.CreateAsync("a");
        await place.CreateAsync("b");
        var page = await place.ListAsync(limit: 2);
        Assert.Equal(2, page.Items.Count);
        Assert.Null(page.Continue);
    }

    public static async Task Selects_by_labels_and_fills_pages_with_what_is_selected(Place place)
    {
        foreach (var number in Enumerable.Range(0, 9))
        {
            await place.CreateAsync(
                $"talk-{number}",
                talk => talk["metadata"]!["labels"]!["third"] = number % 3 == 0 ? "yes" : "no"
            );
        }

        var first = await place.ListAsync("app=talk,third=yes", limit: 2);
        Assert.Equal(["talk-0", "talk-3"], first.Items.Select(item => item.Name()));
        var second = await place.ListAsync("app=talk,third=yes", limit: 2, first.Continue);
        Assert.Equal(["talk-6"], second.Items.Select(item => item.Name()));
        Assert.Null(second.Continue);
        Assert.Empty((await place.ListAsync("app=other")).Items);
    }

    public static async Task Lists_nothing_with_a_version_to_watch_from(Place place)
    {
        var page = await place.ListAsync();
        Assert.Empty(page.Items);
        await place.CreateAsync("a");
        Assert.Equal("Added a", (await place.WatchAsync(page.ResourceVersion, _ => true)).Words());
    }

    public static async Task Names_the_kind_of_custom_items_only(Place place)
    {
        await place.CreateAsync("a");
        Assert.Equal("Talk", Assert.Single((await place.ListAsync()).Items).GetProperty("kind").GetString());
        var body = Talks.ConfigMap(place.Key("a"));
        await place.Cluster.CreateAsync(ResourceKind.ConfigMap, body, CancellationToken.None);
        var options = new ListOptions { Namespace = place.Namespace };
        var page = await place.Cluster.ListAsync(ResourceKind.ConfigMap, options, CancellationToken.None);
        var item = page.Items.Single(one => one.Name() == "a");
        Assert.False(item.TryGetProperty("kind", out _) || item.TryGetProperty("apiVersion", out _));
    }

    public static async Task Refuses_a_token_that_is_none(Place place)
    {
        await place.CreateAsync("a");
        await Place.RefusedAsync(400, () => place.ListAsync(next: "nonsense"));
    }
}
