using System.Text.Json.Nodes;
using EdgeRelease.Kubernetes;
using Xunit;

namespace EdgeRelease.Tests.Conversations;

/// <summary>Creating and replacing.</summary>
public static class Writing
{
    private static CancellationToken Cancel => CancellationToken.None;

    public static async Task Creates_with_uid_version_generation_and_time(Place place)
    {
        var created = await place.CreateAsync("a");
        Assert.Equal(36, created.Meta("uid")!.Length);
        Assert.Equal("1", created.Meta("generation"));
        Assert.Matches("^[0-9-]{10}T[0-9:]{8}Z$", created.Meta("creationTimestamp"));
        var found = await place.FindAsync("a");
        Assert.Equal(created.Version(), found!.Value.Version());
        Assert.Equal(Talks.Kind.ApiVersion, found.Value.GetProperty("apiVersion").GetString());
    }

    public static async Task Takes_nothing_from_the_client_that_the_server_alone_says(Place place)
    {
        var created = await place.CreateAsync(
            "a",
            talk =>
            {
                var metadata = talk["metadata"]!;
                metadata["uid"] = "mine";
                metadata["generation"] = 7;
                metadata["creationTimestamp"] = "2001-01-01T00:00:00Z";
                metadata["deletionTimestamp"] = "2001-01-01T00:00:00Z";
                metadata["finalizers"] = new JsonArray();
            }
        );
        Assert.NotEqual("mine", created.Meta("uid"));
        Assert.Equal("1", created.Meta("generation"));
        Assert.NotEqual("2001-01-01T00:00:00Z", created.Meta("creationTimestamp"));
        Assert.Null(created.Meta("deletionTimestamp"));
        Assert.Null(created.Meta("finalizers"));
    }

    public static async Task Refuses_a_new_object_that_has_a_version(Place place) =>
        await Place.RefusedAsync(500, () => place.CreateAsync("a", talk => talk["metadata"]!["resourceVersion"] = "1"));

    public static async Task Refuses_a_name_that_is_taken(Place place)
    {
        await place.CreateAsync("a");
        await Place.RefusedAsync(409, () => place.CreateAsync("a"));
    }

    public static async Task Fills_in_defaults_and_keeps_unknown_fields(Place place)
    {
        var created = await place.CreateAsync("a", talk => talk["spec"]!["unknown"] = "kept");
        Assert.Equal("3", created.At("spec", "count"));
        Assert.Equal("kept", created.At("spec", "unknown"));
    }

    public static async Task Refuses_what_the_schema_forbids(Place place)
    {
        await Place.RefusedAsync(422, () => place.CreateAsync("a", talk => talk["spec"]!["count"] = -1));
        Assert.Null(await place.FindAsync("a"));
        var created = await place.CreateAsync("a");
        await Place.RefusedAsync(422, () => place.ReplaceAsync(created, talk => talk["spec"]!["count"] = -1));
    }

    public static async Task Refuses_to_replace_a_stale_version(Place place)
    {
        var first = await place.CreateAsync("a");
        var second = await place.ReplaceAsync(first, talk => talk["spec"]!["text"] = "two");
        await Place.RefusedAsync(409, () => place.ReplaceAsync(first, talk => talk["spec"]!["text"] = "three"));
        Assert.Equal(second.Version(), (await place.FindAsync("a"))!.Value.Version());
    }

    public static async Task Refuses_a_stale_version_even_when_it_would_change_nothing(Place place)
    {
        var first = await place.CreateAsync("a");
        await place.ReplaceAsync(first, talk => talk["spec"]!["text"] = "two");
        await Place.RefusedAsync(409, () => place.ReplaceAsync(first, talk => talk["spec"]!["text"] = "two"));
    }

    public static async Task Keeps_the_version_when_nothing_changes(Place place)
    {
        var settled = await place.ReplaceAsync(await place.CreateAsync("a"), _ => { });
        var same = await place.ReplaceAsync(settled, _ => { });
        Assert.Equal(settled.Version(), same.Version());
        Assert.Equal(settled.Version(), (await place.FindAsync("a"))!.Value.Version());
    }

    /// <summary>The default of a status is shown from the beginning, but stored with the first write after.</summary>
    public static async Task Counts_the_first_replacement_as_a_change_when_the_status_has_a_default(Place place)
    {
        var created = await place.CreateAsync("a");
        var settled = await place.ReplaceAsync(created, _ => { });
        Assert.True(settled.VersionNumber() > created.VersionNumber());
        Assert.Equal("1", settled.Meta("generation"));
    }

    public static async Task Moves_the_generation_on_with_the_spec_alone(Place place)
    {
        var created = await place.CreateAsync("a");
        var labelled = await place.ReplaceAsync(created, talk => talk["metadata"]!["labels"]!["more"] = "yes");
        Assert.Equal("1", labelled.Meta("generation"));
        var changed = await place.ReplaceAsync(labelled, talk => talk["spec"]!["text"] = "two");
        Assert.Equal("2", changed.Meta("generation"));
        var restored = await place.ReplaceAsync(changed, talk => talk["spec"]!["text"] = "one");
        Assert.Equal("3", restored.Meta("generation"));
    }

    public static async Task Makes_a_greater_version_with_each_write_of_any_object(Place place)
    {
        var a = await place.CreateAsync("a");
        var b = await place.CreateAsync("b");
        var changed = await place.ReplaceAsync(a, talk => talk["spec"]!["text"] = "two");
        Assert.True(a.VersionNumber() < b.VersionNumber() && b.VersionNumber() < changed.VersionNumber());
    }

    public static async Task Drops_what_a_replacement_leaves_out(Place place)
    {
        var created = await place.CreateAsync("a");
        var bare = await place.ReplaceAsync(
            created,
            talk =>
            {
                talk["metadata"]!.AsObject().Remove("labels");
                talk["spec"]!.AsObject().Remove("text");
            }
        );
        Assert.Null(bare.Meta("labels"));
        Assert.Null(bare.At("spec", "text"));
    }

    public static async Task Refuses_to_replace_what_is_absent(Place place)
    {
        var created = await place.CreateAsync("a");
        await place.DeleteAsync("a");
        await Place.RefusedAsync(409, () => place.ReplaceAsync(created, _ => { }));
        await Place.RefusedAsync(409, () => place.ReplaceStatusAsync(created, _ => { }));
        await Place.RefusedAsync(404, () => place.ReplaceAsync(created, WithoutUid));
        await Place.RefusedAsync(404, () => place.ReplaceStatusAsync(created, WithoutUid));
    }

    public static async Task Creates_a_lease_that_is_replaced_though_absent(Place place)
    {
        var created = await place.Cluster.CreateAsync(ResourceKind.Lease, Talks.Lease(place.Key("a")), Cancel);
        await place.Cluster.DeleteAsync(ResourceKind.Lease, place.Key("a"), null, Cancel);
        await Place.RefusedAsync(409, () => place.Cluster.ReplaceAsync(ResourceKind.Lease, created, null, Cancel));
        var other = Place.Edited(created, WithoutUid);
        var again = await place.Cluster.ReplaceAsync(ResourceKind.Lease, other, null, Cancel);
        Assert.True(again.VersionNumber() > created.VersionNumber());
        Assert.NotEqual(created.Meta("uid"), again.Meta("uid"));
        Assert.Null(again.Meta("generation"));
    }

    public static async Task Serves_no_kind_that_it_does_not_know(Place place)
    {
        var ghost = Talks.Kind with { Plural = "ghosts" };
        await Place.RefusedAsync(404, () => place.Cluster.FindAsync(ghost, place.Key("a"), Cancel));
        await Place.RefusedAsync(404, () => place.Cluster.ListAsync(ghost, new ListOptions(), Cancel));
    }

    private static void WithoutUid(JsonObject item) => item["metadata"]!.AsObject().Remove("uid");
}
