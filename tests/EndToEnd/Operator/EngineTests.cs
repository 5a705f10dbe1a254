using System.Text.Json;
using Xunit;

namespace EdgeRelease.Tests.EndToEnd.Operator;

/// <summary>What several people and a Git tool do to a line of ten gateways at once, on the real API server.</summary>
public sealed class EngineTests(ControlPlaneFixture controlPlane)
{
    private const int Gateways = 10;
    private const string Approved =
        "rollout: {steps: [{name: canary, count: 2, approval: true}, {name: rest, percentage: 100}]}";

    [Fact]
    public async Task Gives_each_device_to_one_of_two_releases_and_says_so_on_both()
    {
        await using var stage = await Stage.OpenAsync(controlPlane, Gateways);
        await stage.ConnectAsync();
        await stage.ApplyAsync(Manifests.Release("v1.4.0", Manifests.AtOnce(100), confirm: "0s"));
        await stage.UntilPhaseAsync("Complete");
        var posts = (await stage.Losant.RecordAsync()).Posts.Count();

        await stage.ApplyAsync(
            Manifests
                .Release("v1.3.0", Manifests.AtOnce(100), confirm: "0s")
                .Replace("name: line-monitor}", "name: other}", StringComparison.Ordinal)
        );

        await stage.UntilAsync(status => ConditionOf(status, "Conflicted") == "True");
        await Eventually.HoldsAsync(async () =>
            Status.Of(await stage.FindReleaseAsync("other")) is { } other
            && ConditionOf(other, "Conflicted") == "True"
            && other.Devices("conflicted") > 0
        );
        var polls = (await stage.Losant.RecordAsync()).Polls.Count();
        var record = await stage.UntilRecordAsync(record => record.Polls.Count() >= polls + 5);
        Assert.Equal(posts, record.Posts.Count());
        Assert.DoesNotContain((await stage.Losant.FleetAsync()).Values, device => device.Desired == "v1.3.0");

        await stage.KubectlAsync(
            "patch",
            "er",
            "other",
            "--type=merge",
            "--patch",
            """{"spec": {"policy": {"priority": 5}}}"""
        );

        await stage.UntilRecordAsync(record =>
            record.Changes.Any(change => change is { Field: "desired", To: "v1.3.0" })
        );
        await Eventually.HoldsAsync(async () =>
            (await stage.Losant.FleetAsync()).Values.All(device => device.Desired == "v1.3.0")
        );
    }

    [Fact]
    public async Task Keeps_a_pause_and_an_approval_by_annotation_through_ten_applies_of_the_manifest()
    {
        await using var stage = await Stage.OpenAsync(controlPlane, Gateways);
        await stage.ConnectAsync();
        var manifest = Manifests.Release("v1.4.0", Approved, confirm: "0s");
        await stage.ApplyAsync(manifest, serverSide: true);
        var status = await stage.UntilAsync(status => status.Phase == "Waiting" && Token(status) != null);

        string[] annotations = ["edgerelease.dev/paused=audit", $"edgerelease.dev/approve={Token(status)}"];
        await stage.KubectlAsync(["annotate", "er", "line-monitor", .. annotations]);
        for (var time = 0; time < 10; time++)
        {
            await stage.ApplyAsync(manifest, serverSide: true);
        }

        await stage.UntilAsync(status => status.Phase == "Paused");
        var polls = (await stage.Losant.RecordAsync()).Polls.Count();
        var record = await stage.UntilRecordAsync(record => record.Polls.Count() >= polls + 3);
        Assert.Equal(2, record.Commands.Count());
        await stage.KubectlAsync("annotate", "er", "line-monitor", "edgerelease.dev/paused-");

        var end = await stage.UntilPhaseAsync("Complete");
        Assert.Equal(1, end.Revision);
        var approved = Assert.Single(
            await stage.EventsAsync(),
            each => each.GetProperty("reason").GetString() == "Approved"
        );
        Assert.EndsWith(
            "annotation (kubectl-annotate)",
            approved.GetProperty("note").GetString(),
            StringComparison.Ordinal
        );
        Assert.All((await stage.Losant.FleetAsync()).Values, device => Assert.Equal("v1.4.0", device.Desired));
    }

    [Fact]
    public async Task Moves_nothing_while_the_application_is_frozen_and_goes_on_afterwards()
    {
        await using var stage = await Stage.OpenAsync(controlPlane, Gateways);
        await stage.ConnectAsync();
        await stage.FreezeAsync("""{"scope": "Forward", "reason": "inventory week"}""");
        await stage.ApplyAsync(Manifests.Release("v1.4.0", Manifests.AtOnce(100), confirm: "0s"));

        var status = await stage.UntilAsync(status => status.Phase == "Waiting");
        Assert.Contains("inventory week", status.Message, StringComparison.Ordinal);
        Assert.Empty((await stage.UntilRecordAsync(record => record.Polls.Count() >= 5)).Posts);

        await stage.FreezeAsync("null");
        await stage.UntilPhaseAsync("Complete");
    }

    private static string? Token(Status status) =>
        status.Json.TryGetProperty("waitingFor", out var waiting)
        && waiting.ValueKind == JsonValueKind.Object
        && waiting.TryGetProperty("token", out var token)
            ? token.GetString()
            : null;

    private static string? ConditionOf(Status status, string type) =>
        status
            .Json.GetProperty("conditions")
            .EnumerateArray()
            .Where(each => each.GetProperty("type").GetString() == type)
            .Select(each => each.GetProperty("status").GetString())
            .FirstOrDefault();
}
