using Xunit;

namespace EdgeRelease.Tests.EndToEnd.Operator;

/// <summary>What a person asks of a release by spec and annotation, on a line of ten gateways.</summary>
public sealed class RequestTests(ControlPlaneFixture controlPlane)
{
    private const int Gateways = 10;

    [Theory]
    [InlineData("""{"spec": {"paused": true}}""", """{"spec": {"paused": false}}""")]
    [InlineData(
        """{"metadata": {"annotations": {"edgerelease.dev/paused": "inventory"}}}""",
        """{"metadata": {"annotations": {"edgerelease.dev/paused": null}}}"""
    )]
    public async Task Moves_nothing_while_it_is_paused(string pause, string resume)
    {
        await using var stage = await Stage.OpenAsync(controlPlane, Gateways);
        await stage.ApplyAsync(Manifests.Release("v1.4.0", Manifests.AtOnce(100), confirm: "0s"));
        await stage.PatchAsync(pause);
        await stage.ConnectAsync();

        await stage.UntilPhaseAsync("Paused");
        Assert.Empty((await stage.UntilRecordAsync(record => record.Polls.Count() >= 3)).Posts);

        await stage.PatchAsync(resume);
        await stage.KubectlAsync("wait", "er/line-monitor", "--for=condition=Ready", "--timeout=60s");
        await stage.UntilPhaseAsync("Complete");
    }

    [Fact]
    public async Task Rolls_a_revision_back_when_it_is_aborted_and_tries_it_again_when_told_so()
    {
        await using var stage = await Stage.OpenAsync(controlPlane, Gateways);
        var before = await stage.Losant.FleetAsync();
        await stage.ConnectAsync();
        await stage.ApplyAsync(Manifests.Release("v1.4.0", Manifests.AtOnce(50), confirm: "0s"));
        await stage.UntilPhaseAsync("AtPercentage");

        await stage.KubectlAsync("annotate", "er", "line-monitor", "edgerelease.dev/abort=r1");
        await stage.UntilAsync(status => status.Phase == "RolledBack");
        Assert.Equal(before.Versions, (await stage.Losant.FleetAsync()).Versions);

        await stage.KubectlAsync("annotate", "er", "line-monitor", "edgerelease.dev/retry=r1");
        var status = await stage.UntilAsync(status => status is { Phase: "AtPercentage", Revision: 2 });
        Assert.Equal(5, (await stage.Losant.FleetAsync()).Values.Count(device => device.Current == "v1.4.0"));
        Assert.Equal("True AtPercentage", status.Ready);
    }

    [Fact]
    public async Task Gives_devices_back_when_the_percentage_is_lowered()
    {
        await using var stage = await Stage.OpenAsync(controlPlane, Gateways);
        await stage.ConnectAsync();
        await stage.ApplyAsync(Manifests.Release("v1.4.0", Manifests.AtOnce(50), confirm: "0s"));
        await stage.UntilPhaseAsync("AtPercentage");

        await stage.PatchAsync("""{"spec": {"rolloutPercentage": 10}}""");
        await stage.UntilPhaseAsync("AtPercentage");

        var fleet = await stage.Losant.FleetAsync();
        Assert.Single(fleet.Values, device => device is { Current: "v1.4.0", Desired: "v1.4.0" });
        Assert.Equal(9, fleet.Values.Count(device => device is { Current: "v1.3.0", Desired: "v1.3.0" }));
    }
}
