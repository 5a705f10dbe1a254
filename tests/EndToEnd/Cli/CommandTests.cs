using System.Text.Json;
using EdgeRelease.Tests.EndToEnd.Operator;
using Xunit;

namespace EdgeRelease.Tests.EndToEnd.Cli;

/// <summary>The commands of a rollout, each against a real API server and a running operator.</summary>
public sealed class CommandTests(ControlPlaneFixture controlPlane)
{
    private const int Gateways = 10;
    private const string Gated =
        "rollout: {steps: [{name: tenth, percentage: 10, approval: true}, {name: rest, percentage: 100}]}";

    [Fact]
    public async Task Leads_a_rollout_through_a_pause_and_an_approval_to_its_end()
    {
        await using var stage = await Stage.OpenAsync(controlPlane, Gateways);
        var plugin = PluginOf(stage);
        await stage.ConnectAsync();
        await stage.ApplyAsync(Manifests.Release("v1.4.0", Gated, confirm: "0s"));

        Assert.Equal(3, (await plugin.RunAsync("status", "line-monitor", "--wait")).Code);
        Says(await plugin.RunAsync("status", "line-monitor", "--wait", "--for", "approval"), "Waiting");
        Says(await plugin.RunAsync("get"), "line-monitor");
        Says(await plugin.RunAsync("get", "line-monitor"), "waits for a person's approval", "tenth", "1 of 1   now");

        Says(await plugin.RunAsync("pause", "line-monitor", "--reason", "inventory"), "paused");
        await stage.UntilAsync(status => status.Phase == "Paused");
        Says(await plugin.RunAsync("resume", "line-monitor"), "resumed");
        await stage.UntilAsync(status => status.Phase == "Waiting");
        Refuses(await plugin.RunAsync("resume", "line-monitor"), "not paused, it is Waiting");

        Refuses(await plugin.RunAsync("approve", "line-monitor", "r1-s9-00"), "r1-s9-00 is stale");
        Says(await plugin.RunAsync("approve", "line-monitor"), "approved r1-");
        Says(await plugin.RunAsync("status", "line-monitor", "--wait", "--timeout", "90s"), "Complete");
        Refuses(await plugin.RunAsync("approve", "line-monitor"), "waits for no approval now, it is Complete");

        Says(await plugin.RunAsync("history", "line-monitor"), "r1         v1.4.0    Complete");
        Says(await plugin.RunAsync("devices", "line-monitor"), "Confirmed", "v1.3.0");
        using var document = JsonDocument.Parse(
            (await plugin.RunAsync("devices", "line-monitor", "-o", "json")).Output
        );
        Assert.Equal(Gateways, document.RootElement.GetProperty("devices").GetArrayLength());
        Says(await plugin.RunAsync("get", "line-monitor", "-o", "yaml"), "phase: Complete");
        foreach (var command in new[] { "get", "status", "devices", "history" })
        {
            var json = JsonElement.Parse((await plugin.RunAsync(command, "line-monitor", "-o", "json")).Output);
            var yaml = Yaml.Documents((await plugin.RunAsync(command, "line-monitor", "-o", "yaml")).Output)[0];
            Assert.Equal(json.EnumerateObject().Select(each => each.Name), yaml.Select(each => each.Key));
        }
    }

    [Fact]
    public async Task Completes_the_names_of_releases()
    {
        await using var stage = await Stage.OpenAsync(controlPlane, devices: 1);
        await stage.ApplyAsync(Manifests.Release("v1.4.0"));
        var plugin = PluginOf(stage);
        var words = $"kubectl-edgerelease --kubeconfig {controlPlane.Kubeconfig} -n {stage.Namespace} get li";

        var completed = await ControlPlane.RunAsync(
            "bash",
            [
                "-c",
                $$"""
                kubectl-edgerelease() { {{plugin.Bare}} "$@"; }
                source <({{plugin.Bare}} completion bash)
                COMP_LINE="{{words}}" COMP_POINT={{words.Length}} COMP_WORDS=({{words}}) COMP_CWORD=6
                _kubectl_edgerelease && echo "${COMPREPLY[@]}"
                """,
            ]
        );

        Assert.Equal("line-monitor", completed.Trim());
    }

    [Fact]
    public async Task Takes_a_revision_back_tries_it_again_and_undoes_it()
    {
        await using var stage = await Stage.OpenAsync(controlPlane, Gateways);
        var plugin = PluginOf(stage);
        await stage.ConnectAsync();
        await stage.ApplyAsync(Manifests.Release("v1.4.0", Manifests.AtOnce(50), confirm: "0s"));
        Says(await plugin.RunAsync("status", "line-monitor", "--wait", "--timeout", "90s"), "AtPercentage");

        Refuses(await plugin.RunAsync("abort", "line-monitor", "r7"), "r7 is not the present revision");
        Says(await plugin.RunAsync("abort", "line-monitor"), "r1 goes back");
        await stage.UntilAsync(status => status.Phase == "RolledBack");
        Assert.Equal(2, (await plugin.RunAsync("status", "line-monitor", "--wait")).Code);

        Says(await plugin.RunAsync("retry", "line-monitor", "r1"), "is tried again");
        await stage.UntilAsync(status => status is { Phase: "AtPercentage", Revision: 2 });

        await stage.PatchAsync("""{"spec": {"version": "v1.3.0"}}""");
        await stage.UntilAsync(status => status is { Phase: "AtPercentage", Revision: 3 });
        Says(await plugin.RunAsync("undo", "line-monitor", "--to-revision", "2"), """{"spec":{"version":"v1.4.0"}}""");
        Says(await plugin.RunAsync("undo", "line-monitor", "--to-revision", "2", "--apply"), "applied");
        await stage.UntilAsync(status => status is { Phase: "AtPercentage", Revision: 4 });
    }

    [Fact]
    public async Task Promotes_past_a_soak()
    {
        await using var stage = await Stage.OpenAsync(controlPlane, Gateways);
        var plugin = PluginOf(stage);
        await stage.ConnectAsync();
        const string soaking =
            "rollout: {steps: [{name: tenth, percentage: 10, soak: 2h}, {name: rest, percentage: 100}]}";
        await stage.ApplyAsync(Manifests.Release("v1.4.0", soaking, confirm: "0s"));
        await stage.UntilAsync(status => status.Phase == "Soaking");

        Says(await plugin.RunAsync("get", "line-monitor"), "soaks until");
        Assert.Equal(4, (await plugin.RunAsync("status", "line-monitor", "--wait", "--timeout", "1s")).Code);
        Says(await plugin.RunAsync("promote", "line-monitor"), "r1 goes on");
        Says(await plugin.RunAsync("status", "line-monitor", "--wait", "--timeout", "90s"), "Complete");
    }

    [Fact]
    public async Task Prints_a_line_a_change_where_there_is_no_terminal()
    {
        await using var stage = await Stage.OpenAsync(controlPlane, Gateways);
        await stage.ConnectAsync();
        await stage.ApplyAsync(Manifests.Release("v1.4.0", Manifests.AtOnce(100), confirm: "0s"));
        using var watching = PluginOf(stage).Start("get", "line-monitor", "-w");
        try
        {
            var lines = new List<string>();
            while (!lines.Exists(line => line.Contains("Complete", StringComparison.Ordinal)))
            {
                var line = await watching
                    .StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken)
                    .AsTask()
                    .WaitAsync(TimeSpan.FromSeconds(90), TimeProvider.System, TestContext.Current.CancellationToken);
                lines.Add(Assert.IsType<string>(line));
            }

            Assert.All(lines, line => Assert.DoesNotContain('\e', line));
            await stage.KubectlAsync("delete", "er", "line-monitor", "--wait=false");
            var rest = await watching.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
            Assert.Contains("line-monitor is gone", rest, StringComparison.Ordinal);
        }
        finally
        {
            if (!watching.HasExited)
            {
                watching.Kill();
            }
        }
    }

    private Plugin PluginOf(Stage stage) => new(controlPlane.Kubectl, controlPlane.Kubeconfig, stage.Namespace);

    private static void Says(Said said, params string[] parts)
    {
        Assert.True(said is { Code: 0, Error: "" }, said.ToString());
        Assert.All(parts, part => Assert.Contains(part, said.Output, StringComparison.Ordinal));
    }

    private static void Refuses(Said said, string part)
    {
        Assert.True(said is { Code: 1, Output: "" }, said.ToString());
        Assert.Contains(part, said.Error, StringComparison.Ordinal);
    }
}
