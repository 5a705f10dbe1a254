using System.Text.Json;
using EdgeRelease.Tests.EndToEnd.Operator;
using Xunit;

namespace EdgeRelease.Tests.EndToEnd.Cli;

/// <summary>The commands that ask Losant: plan, why and doctor, of which none writes, and export.</summary>
public sealed class LosantCommandTests(ControlPlaneFixture controlPlane)
{
    private const int Gateways = 10;
    private const string Loopback = "--losant-host=127.0.0.1";

    [Fact]
    public async Task Plans_a_release_that_is_not_there_yet_and_writes_nothing()
    {
        await using var stage = await OpenAsync();
        var file = await FileAsync(Manifests.Release("v1.4.0"));

        var plan = await PluginOf(stage).RunAsync("plan", "-f", file, "-o", "json", Loopback);
        var text = await PluginOf(stage).RunAsync("plan", "-f", file, "-o", "wide", Loopback);

        Assert.True(plan.Code == 0, plan.ToString());
        var json = JsonElement.Parse(plan.Output);
        Assert.Equal(
            [1, 5, 10],
            json.GetProperty("steps").EnumerateArray().Select(step => step.GetProperty("devices").GetInt32())
        );
        Assert.Equal(Gateways, json.GetProperty("devices").GetArrayLength());
        Assert.Equal("Forward", json.GetProperty("next")[0].GetProperty("kind").GetString());
        Assert.Contains("nothing was written", text.Output, StringComparison.Ordinal);
        Assert.Contains("v1.3.0", text.Output, StringComparison.Ordinal);
        Assert.Empty((await stage.Losant.RecordAsync()).Posts);
        Assert.Null(await stage.FindReleaseAsync());
    }

    [Fact]
    public async Task Plans_a_change_of_a_release_that_is_there_with_what_it_remembers()
    {
        await using var stage = await OpenAsync();
        await stage.StartOperatorAsync();
        await stage.ApplyAsync(Manifests.Release("v1.4.0", Manifests.AtOnce(50), confirm: "0s"));
        await stage.UntilPhaseAsync("AtPercentage");
        var file = await FileAsync(Manifests.Release("v1.4.0", Manifests.AtOnce(10), confirm: "0s"));

        var plan = await PluginOf(stage).RunAsync("plan", "-f", file, Loopback);

        Assert.True(plan.Code == 0, plan.ToString());
        Assert.Contains("next: restore v1.3.0 to", plan.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Tells_why_a_device_is_where_it_is()
    {
        await using var stage = await OpenAsync();
        await stage.StartOperatorAsync();
        await stage.ApplyAsync(Manifests.Release("v1.4.0", Manifests.AtOnce(50), confirm: "0s"));
        await stage.UntilPhaseAsync("AtPercentage");
        var fleet = await stage.Losant.FleetAsync();
        var plugin = PluginOf(stage);

        var moved = fleet.First(device => device.Value.Current == "v1.4.0").Key;
        var other = fleet.First(device => device.Value.Current != "v1.4.0").Key;
        Assert.Contains(
            "Confirmed",
            (await plugin.RunAsync("why", "line-monitor", moved, Loopback)).Output,
            StringComparison.Ordinal
        );
        var why = await plugin.RunAsync("why", "line-monitor", other, "-o", "json", Loopback);
        Assert.NotEqual("Confirmed", JsonElement.Parse(why.Output).GetProperty("rule").GetString());

        var live = await plugin.RunAsync("devices", "line-monitor", "--live", "-o", "json", Loopback);
        Assert.All(
            JsonElement.Parse(live.Output).GetProperty("devices").EnumerateArray(),
            device => Assert.Equal("v1.4.0", device.GetProperty("runs").GetString())
        );

        Refuses(await plugin.RunAsync("why", "line-monitor", "gateway-7", Loopback), "gateway-7 is no device id");
        Refuses(await plugin.RunAsync("why", "line-monitor", new string('0', 24), Loopback), "has no device 0000");
        Refuses(await plugin.RunAsync("why", "line-monitor", moved), "allow it with --losant-host");
    }

    [Fact]
    public async Task Finds_what_is_well_and_what_is_not()
    {
        await using var stage = await OpenAsync();
        var plugin = PluginOf(stage);

        var well = await plugin.RunAsync("doctor", Loopback);
        Assert.True(well.Code == 0, well.ToString());
        Assert.Contains("ok edgereleases.edgerelease.dev: serves v1alpha1", well.Output, StringComparison.Ordinal);
        Assert.Contains("ok plant-a: edgeDeployments.get: allowed", well.Output, StringComparison.Ordinal);
        Assert.Contains("ok plant-a: clock: ", well.Output, StringComparison.Ordinal);

        await stage.ApplyAsync(Manifests.Secret("another"));
        var ill = await plugin.RunAsync("doctor", Loopback);
        Assert.True(ill.Code == 1, ill.ToString());
        Assert.Contains("FAIL plant-a: application.get: the token is unknown", ill.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Asks_for_the_scopes_of_microcontrollers_only_where_a_release_needs_them()
    {
        await using var stage = await OpenAsync();
        const string scopes =
            """["application.get", "devices.get", "flows.get", "flow.get", "flowVersions.get", "edgeDeployments.get"]""";
        await stage.Losant.TellAsync("tokens", $$"""{"token": "narrow", "action": "add", "scopes": {{scopes}}}""");
        await stage.ApplyAsync(Manifests.Secret("narrow"));
        var plugin = PluginOf(stage);

        var idle = await plugin.RunAsync("doctor", Loopback);
        await stage.ApplyAsync(Manifests.Release("v1.1.0") + "\n  embedded: {allowUnknownBundle: true}\n");
        var needed = await plugin.RunAsync("doctor", "-o", "json", Loopback);

        Assert.True(idle.Code == 0, idle.ToString());
        Assert.Contains("? plant-a: embeddedDeployments.get: the token lacks", idle.Output, StringComparison.Ordinal);
        Assert.True(needed.Code == 1, needed.ToString());
        var found = JsonElement
            .Parse(needed.Output)
            .GetProperty("findings")
            .EnumerateArray()
            .ToDictionary(each => each.GetProperty("what").GetString()!);
        Assert.False(found["plant-a: embeddedDeployments.get"].GetProperty("well").GetBoolean());
        Assert.Contains("plant-a: embeddedDeployments.release", found.Keys);
    }

    [Fact]
    public async Task Asks_for_the_bundle_of_a_microcontroller_once_in_five_minutes()
    {
        await using var stage = await OpenAsync(microcontrollers: 2);
        await stage.ApplyAsync(
            Manifests.Release("v1.1.0").Replace("flow: line-monitor", "flow: pump-control", StringComparison.Ordinal)
        );
        var board = (await stage.Losant.BoardsAsync())[0];
        string[] ask = ["export", "line-monitor", board, "--callback", "https://bench.example/hook", Loopback];

        var asked = await PluginOf(stage).RunAsync(ask);
        var again = await PluginOf(stage).RunAsync(ask);

        Assert.True(asked.Code == 0, asked.ToString());
        Assert.Contains($"{board}: queued as job ", asked.Output, StringComparison.Ordinal);
        Refuses(again, "one export in five minutes");
        Refuses(await PluginOf(stage).RunAsync([.. ask[..4], "bench", Loopback]), "bench is no absolute URL");
        await stage.ApplyAsync(
            Manifests.Release("v1.4.0").Replace("name: line-monitor", "name: gateways", StringComparison.Ordinal)
        );
        Refuses(
            await PluginOf(stage).RunAsync(["export", "gateways", .. ask[2..]]),
            "only microcontrollers have bundles"
        );
        Assert.Equal(2, (await stage.Losant.RecordAsync()).Posts.Count());
    }

    private async Task<Stage> OpenAsync(int microcontrollers = 0)
    {
        var stage = await Stage.OpenAsync(controlPlane, Gateways, microcontrollers);
        await stage.ApplyAsync(Manifests.Secret(stage.Losant.Token));
        await stage.ApplyAsync(Manifests.Application(stage.Losant.Url, stage.Losant.ApplicationId));
        return stage;
    }

    private Plugin PluginOf(Stage stage) => new(controlPlane.Kubectl, controlPlane.Kubeconfig, stage.Namespace);

    private static async Task<string> FileAsync(string yaml)
    {
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, yaml, TestContext.Current.CancellationToken);
        return file;
    }

    private static void Refuses(Said said, string part)
    {
        Assert.True(said is { Code: 1, Output: "" }, said.ToString());
        Assert.Contains(part, said.Error, StringComparison.Ordinal);
    }
}
