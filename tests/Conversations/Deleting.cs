using System.Text.Json.Nodes;
using EdgeRelease.Kubernetes;
using Xunit;

namespace EdgeRelease.Tests.Conversations;

/// <summary>Deletion, with and without finalizers.</summary>
public static class Deleting
{
    public static async Task Deletes_an_object_and_does_not_mind_an_absent_one(Place place)
    {
        await place.CreateAsync("a");
        await place.DeleteAsync("a");
        Assert.Null(await place.FindAsync("a"));
        await place.DeleteAsync("a");
    }

    public static async Task Gives_an_object_that_comes_again_another_uid(Place place)
    {
        var first = await place.CreateAsync("a");
        await place.DeleteAsync("a");
        var second = await place.CreateAsync("a");
        Assert.NotEqual(first.Meta("uid"), second.Meta("uid"));
        Assert.Equal("1", second.Meta("generation"));
        await Place.RefusedAsync(409, () => place.ReplaceAsync(first, talk => talk["spec"]!["text"] = "two"));
        await Place.RefusedAsync(409, () => place.ReplaceStatusAsync(first, talk => talk["status"]!["phase"] = "Done"));
    }

    public static async Task Refuses_another_uid_at_the_right_version(Place place)
    {
        var created = await place.CreateAsync("a");
        await Place.RefusedAsync(
            409,
            () => place.ReplaceAsync(created, talk => talk["metadata"]!["uid"] = "00000000-0000-4000-8000-ffffffffffff")
        );
    }

    public static async Task Deletes_an_object_only_as_it_was_seen(Place place)
    {
        var first = await place.CreateAsync("a");
        var second = await place.ReplaceAsync(first, talk => talk["spec"]!["text"] = "two");
        await Place.RefusedAsync(409, () => place.DeleteAsync("a", first));
        await place.DeleteAsync("a", second);
        Assert.Null(await place.FindAsync("a"));
        await place.CreateAsync("a");
        await Place.RefusedAsync(409, () => place.DeleteAsync("a", second));
        Assert.NotNull(await place.FindAsync("a"));
    }

    public static async Task Only_marks_an_object_with_a_finalizer(Place place)
    {
        await HeldAsync(place);
        await place.DeleteAsync("a");
        var marked = (await place.FindAsync("a"))!.Value;
        Assert.Matches("^[0-9-]{10}T[0-9:]{8}Z$", marked.Meta("deletionTimestamp"));
        Assert.Equal("0", marked.Meta("deletionGracePeriodSeconds"));
        Assert.Equal("2", marked.Meta("generation"));
        await place.DeleteAsync("a");
        Assert.Equal(marked.Version(), (await place.FindAsync("a"))!.Value.Version());
    }

    public static async Task Takes_changes_but_no_new_finalizer_while_it_is_being_deleted(Place place)
    {
        await HeldAsync(place);
        await place.DeleteAsync("a");
        var marked = (await place.FindAsync("a"))!.Value;
        var done = await place.ReplaceStatusAsync(marked, talk => talk["status"]!["phase"] = "Done");
        Assert.Equal("Done", done.At("status", "phase"));
        await Place.RefusedAsync(
            422,
            () => place.ReplaceAsync(done, talk => Finalizers(talk).Add("example.com/another"))
        );
        var kept = await place.ReplaceAsync(done, talk => talk["metadata"]!.AsObject().Remove("deletionTimestamp"));
        Assert.Equal(marked.Meta("deletionTimestamp"), kept.Meta("deletionTimestamp"));
    }

    public static async Task Removes_it_with_its_last_finalizer(Place place)
    {
        var held = await HeldAsync(place);
        await place.DeleteAsync("a");
        var marked = (await place.FindAsync("a"))!.Value;
        await place.ReplaceAsync(marked, talk => Finalizers(talk).Clear());
        Assert.Null(await place.FindAsync("a"));
        var seen = await place.WatchAsync(held.Version(), happened => happened.Kind == WatchEventKind.Deleted);
        Assert.Equal("Modified a, Deleted a", seen.Words());
        Assert.NotNull(seen[^1].Object.Meta("finalizers"));
        Assert.True(seen[^1].Object.VersionNumber() > marked.VersionNumber());
    }

    public static async Task Removes_it_at_once_when_the_finalizer_is_already_gone(Place place)
    {
        var held = await HeldAsync(place);
        await place.ReplaceAsync(held, talk => Finalizers(talk).Clear());
        await place.DeleteAsync("a");
        Assert.Null(await place.FindAsync("a"));
    }

    private static Task<System.Text.Json.JsonElement> HeldAsync(Place place) =>
        place.CreateAsync("a", talk => talk["metadata"]!["finalizers"] = new JsonArray("example.com/hold"));

    private static JsonArray Finalizers(JsonObject talk) => talk["metadata"]!["finalizers"]!.AsArray();
}
