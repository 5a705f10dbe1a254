using Xunit;

namespace EdgeRelease.Tests.EndToEnd.Operator;

/// <summary>How a release with <c>onDelete: Restore</c> goes, on a line of ten gateways.</summary>
public sealed class DeletionTests(ControlPlaneFixture controlPlane)
{
    [Fact]
    public async Task Goes_after_its_devices_are_back_on_what_they_ran()
    {
        await using var stage = await Stage.OpenAsync(controlPlane, 10);
        var before = await stage.Losant.FleetAsync();
        await CompleteAsync(stage);

        await stage.KubectlAsync("delete", "er", "line-monitor", "--timeout=60s");

        Assert.Null(await stage.FindReleaseAsync());
        var fleet = await stage.Losant.FleetAsync();
        Assert.All(fleet, pair => Assert.Equal(before[pair.Key].Desired, pair.Value.Desired));
        await stage.UntilRecordAsync(record =>
            record.Changes.Count(change => change is { Field: "current", To: "v1.3.0" }) == 7
        );
        Assert.DoesNotContain(await stage.EventsAsync(), each => each.GetProperty("type").GetString() == "Warning");
    }

    [Fact]
    public async Task Goes_at_once_with_a_warning_when_Secret_and_LosantApplication_are_gone()
    {
        await using var stage = await Stage.OpenAsync(controlPlane, 10);
        await CompleteAsync(stage);
        await stage.KubectlAsync("delete", "secret/losant", "losantapplication/plant-a");
        var posts = (await stage.Losant.RecordAsync()).Posts.Count();

        await stage.KubectlAsync("delete", "er", "line-monitor", "--timeout=30s");

        Assert.Null(await stage.FindReleaseAsync());
        var warning = Assert.Single(
            await stage.EventsAsync(),
            each => each.GetProperty("reason").GetString() == "DeletionIncomplete"
        );
        Assert.Equal("Warning", warning.GetProperty("type").GetString());
        Assert.Contains("left as they are: ", warning.GetProperty("note").GetString(), StringComparison.Ordinal);
        Assert.Equal(posts, (await stage.Losant.RecordAsync()).Posts.Count());
    }

    /// <summary>The controller-manager's part, the deletion of what the namespace holds, is played here.</summary>
    [Fact]
    public async Task Goes_with_its_namespace_and_logs_what_is_left_when_the_Secret_went_first()
    {
        await using var stage = await Stage.OpenAsync(controlPlane, 10);
        var started = await CompleteAsync(stage);
        await stage.KubectlAsync("delete", "secret/losant");
        await stage.KubectlAsync("delete", "namespace", stage.Namespace, "--wait=false");

        await stage.KubectlAsync("delete", "er,losantapplication", "--all", "--timeout=60s");

        Assert.Null(await stage.FindReleaseAsync());
        await Eventually.HoldsAsync(() =>
            started.Child.Lines.Any(line =>
                line.Contains("line-monitor", StringComparison.Ordinal)
                && line.Contains("left as they are: ", StringComparison.Ordinal)
            )
        );
    }

    private static async Task<OperatorProcess> CompleteAsync(Stage stage)
    {
        var started = await stage.ConnectAsync();
        await stage.ApplyAsync(
            Manifests.Release("v1.4.0", Manifests.AtOnce(100) + "\n  policy: {onDelete: Restore}", confirm: "0s")
        );
        await stage.UntilPhaseAsync("Complete");
        return started;
    }
}
