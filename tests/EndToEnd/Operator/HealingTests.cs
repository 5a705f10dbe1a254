using Xunit;

namespace EdgeRelease.Tests.EndToEnd.Operator;

/// <summary>Wrong input is named in the condition Ready, sends nothing, and is over once it is mended.</summary>
public sealed class HealingTests(ControlPlaneFixture controlPlane)
{
    private const string Pace = "requestsPerSecond: 50, pollActive: 1s, pollIdle: 1s";

    [Fact]
    public async Task Waits_for_LosantApplication_Secret_and_a_valid_token()
    {
        await using var stage = await Stage.OpenAsync(controlPlane, 10);
        await stage.StartOperatorAsync();
        await stage.ApplyAsync(Release());
        await SaysAsync(stage, "False ApplicationNotFound");

        await stage.ApplyAsync(Manifests.Application(stage.Losant.Url, stage.Losant.ApplicationId, Pace));
        await SaysAsync(stage, "False SecretNotFound");

        await stage.ApplyAsync(Manifests.Secret("wrong"));
        await SaysAsync(stage, "False CredentialsRejected");

        await stage.ApplyAsync(Manifests.Secret(stage.Losant.Token));
        await stage.UntilPhaseAsync("Complete");
    }

    [Fact]
    public async Task Waits_for_an_application_that_the_token_opens()
    {
        await using var stage = await Stage.OpenAsync(controlPlane, 10);
        await stage.StartOperatorAsync();
        await stage.ApplyAsync(Manifests.Secret(stage.Losant.Token));
        await stage.ApplyAsync(Manifests.Application(stage.Losant.Url, "575ec8687ae143cd83dc4a98", Pace));
        await stage.ApplyAsync(Release());

        // Losant answers 403 to a token of another application before it looks whether there is such a one.
        await SaysAsync(stage, "False CredentialsRejected");
        Assert.Contains(
            "create the LosantApplication anew with the right applicationId",
            Status.Of(await stage.FindReleaseAsync())!.Message,
            StringComparison.Ordinal
        );

        await stage.KubectlAsync("delete", "losantapplication", "plant-a");
        await stage.ApplyAsync(Manifests.Application(stage.Losant.Url, stage.Losant.ApplicationId, Pace));
        await stage.UntilPhaseAsync("Complete");
    }

    [Fact]
    public async Task Waits_for_a_flow_that_the_application_has()
    {
        await using var stage = await Stage.OpenAsync(controlPlane, 10);
        await stage.ConnectAsync(Pace);
        await stage.ApplyAsync(Release().Replace("flow: line-monitor", "flow: no-such-flow", StringComparison.Ordinal));
        await SaysAsync(stage, "False FlowNotFound");

        await stage.KubectlAsync("delete", "er", "line-monitor");
        await stage.ApplyAsync(Release());
        await stage.UntilPhaseAsync("Complete");
    }

    [Fact]
    public async Task Waits_for_a_version_that_the_flow_has()
    {
        await using var stage = await Stage.OpenAsync(controlPlane, 10);
        await stage.ConnectAsync(Pace);
        await stage.ApplyAsync(Release("v1.6.0"));
        await SaysAsync(stage, "False VersionNotFound");

        await stage.Losant.TellAsync("versions", """{"version": "v1.6.0", "action": "add", "flow": "line-monitor"}""");
        await stage.UntilPhaseAsync("Complete");
    }

    [Fact]
    public async Task Is_blocked_by_a_spec_that_breaks_a_rule_until_it_is_mended()
    {
        await using var stage = await Stage.OpenAsync(controlPlane, 10);
        await stage.ConnectAsync(Pace);
        try
        {
            await stage.ApplyAsync(Release() + "  remove: true\n");
        }
        catch (InvalidOperationException refused) when (refused.Message.Contains("remove", StringComparison.Ordinal))
        {
            Assert.Skip("this API server enforces the rules itself");
        }

        await SaysAsync(stage, "False InvalidSpec");
        Assert.Equal("Blocked", (await stage.UntilAsync(status => status.IsObserved)).Phase);

        await stage.PatchAsync("""{"spec": {"remove": null}}""");
        await stage.UntilPhaseAsync("Complete");
    }

    [Fact]
    public async Task Lets_an_unreadable_release_stop_nobody_else()
    {
        await using var stage = await Stage.OpenAsync(controlPlane, 10);
        await stage.ConnectAsync(Pace);
        var unreadable = Release()
            .Replace("{name: line-monitor}", "{name: another}", StringComparison.Ordinal)
            .Replace("maxUnavailable: 100%", "maxUnavailable: 99999999999", StringComparison.Ordinal);
        await stage.ApplyAsync(unreadable);
        await stage.ApplyAsync(Release());

        await stage.UntilPhaseAsync("Complete");
        var status = Status.Of(await stage.FindReleaseAsync("another"))!;
        Assert.Equal("Blocked", status.Phase);
        Assert.Equal("False InvalidSpec", status.Ready);
    }

    private static string Release(string version = "v1.4.0") =>
        Manifests.Release(version, Manifests.AtOnce(100), confirm: "0s");

    private static async Task SaysAsync(Stage stage, string ready)
    {
        await stage.UntilAsync(status => status.Ready == ready && status.IsObserved, seconds: 60, text: ready);
        Assert.Empty((await stage.Losant.RecordAsync()).Posts);
    }
}
