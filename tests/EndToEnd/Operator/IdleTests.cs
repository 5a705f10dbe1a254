using Xunit;

namespace EdgeRelease.Tests.EndToEnd.Operator;

public sealed class IdleTests(ControlPlaneFixture controlPlane)
{
    [Fact]
    public async Task Writes_nothing_in_100_polls_when_nothing_changes()
    {
        await using var stage = await Stage.OpenAsync(controlPlane);
        await stage.ConnectAsync("requestsPerSecond: 50, pollActive: 1s, pollIdle: 1s");
        await stage.ApplyAsync(Manifests.Release("v1.4.0", Manifests.AtOnce(100), confirm: "0s"));
        await stage.UntilPhaseAsync("Complete");
        var since = await stage.Losant.RecordAsync();
        var settled = since.Polls.Count() + 3;
        var before = await stage.UntilRecordAsync(record => record.Polls.Count() >= settled);
        var (release, events) = (await VersionAsync(stage), await EventsAsync(stage));

        var after = await stage.UntilRecordAsync(
            record => record.Polls.Count() >= before.Polls.Count() + 100,
            seconds: 240
        );

        Assert.Equal(release, await VersionAsync(stage));
        Assert.Equal(events, await EventsAsync(stage));
        Assert.Equal(before.Posts.Count(), after.Posts.Count());
    }

    private static async Task<string?> VersionAsync(Stage stage) =>
        (await stage.FindReleaseAsync())!.Value.GetProperty("metadata").GetProperty("resourceVersion").GetString();

    private static async Task<IEnumerable<string>> EventsAsync(Stage stage) =>
        (await stage.EventsAsync())
            .Select(each => each.GetProperty("metadata").GetProperty("resourceVersion").GetString()!)
            .Order(StringComparer.Ordinal);
}
