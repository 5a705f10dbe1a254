using System.Diagnostics;
using EdgeRelease.Tests.EndToEnd.Kubernetes;
using EdgeRelease.Tests.EndToEnd.Operator;
using Xunit;

namespace EdgeRelease.Tests.EndToEnd.Cli;

/// <summary>What a person sees in a terminal, which util-linux's <c>script</c> pretends to be.</summary>
public sealed class TerminalTests(ControlPlaneFixture controlPlane)
{
    private static readonly TimeSpan Most = TimeSpan.FromSeconds(90);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("", "", true)]
    [InlineData("NO_COLOR=1", "", false)]
    [InlineData("", "--no-color", false)]
    public async Task Has_colours_unless_the_user_wants_none(string variable, string option, bool hasColours)
    {
        await using var stage = await Stage.OpenAsync(controlPlane, devices: 1);
        await stage.ApplyAsync(Manifests.Release("v1.4.0"));

        var shown = await ControlPlane.RunAsync(
            "script",
            ["-qec", $"{variable} {PluginOf(stage).Line("get", "line-monitor", option)}", "/dev/null"]
        );

        Assert.Contains("line-monitor: v1.4.0 of line-monitor", shown, StringComparison.Ordinal);
        Assert.Equal(hasColours, shown.Contains("\e[3", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Ends_with_130_and_leaves_the_tree_when_it_is_interrupted()
    {
        await using var stage = await Stage.OpenAsync(controlPlane, devices: 1);
        await stage.ApplyAsync(Manifests.Release("v1.4.0"));
        using var terminal = Terminal($"echo pid $$; exec env {PluginOf(stage).Line("get", "line-monitor", "-w")}");
        var shown = new List<string>();

        await ReadUntilAsync(terminal, shown, "operator has not looked");
        var pid = shown.Find(each => each.StartsWith("pid ", StringComparison.Ordinal))![4..].Trim();
        var children = await ControlPlane.RunAsync("pgrep", ["-P", pid]);
        await ControlPlane.RunAsync("kill", ["-INT", pid]);
        var rest = await terminal.StandardOutput.ReadToEndAsync(Cancel);
        await terminal.WaitForExitAsync(Cancel);

        Assert.Equal(130, terminal.ExitCode);
        Assert.Equal("\r\n", rest[^2..]);
        Assert.DoesNotContain("Exception", rest, StringComparison.Ordinal);
        Assert.All(
            children.Split('\n', StringSplitOptions.RemoveEmptyEntries),
            child => Assert.False(IsRunning(child), $"{child} still runs")
        );
    }

    [Fact]
    public async Task Tells_of_a_connection_that_hangs_and_goes_on_when_it_is_back()
    {
        await using var stage = await Stage.OpenAsync(controlPlane, devices: 1);
        await stage.ApplyAsync(Manifests.Release("v1.4.0"));
        using var proxy = new CutProxy(controlPlane.Connection().Server);
        var kubeconfig = await ThroughAsync(proxy);
        using var watching = new Plugin(controlPlane.Kubectl, kubeconfig, stage.Namespace).Start(
            "get",
            "line-monitor",
            "-w"
        );
        var shown = new List<string>();
        try
        {
            await ReadUntilAsync(watching, shown, "line-monitor");
            proxy.Hang();
            await ReadUntilAsync(watching, shown, "lost the connection, trying again");
            await stage.KubectlAsync("annotate", "er", "line-monitor", "note=while-away");
            proxy.Mend();
            await stage.KubectlAsync("delete", "er", "line-monitor", "--wait=false");
            await ReadUntilAsync(watching, shown, "line-monitor is gone");
        }
        finally
        {
            if (!watching.HasExited)
            {
                watching.Kill();
            }

            File.Delete(kubeconfig);
        }
    }

    private Plugin PluginOf(Stage stage) => new(controlPlane.Kubectl, controlPlane.Kubeconfig, stage.Namespace);

    private static bool IsRunning(string pid) =>
        Directory.Exists($"/proc/{pid}")
        && !File.ReadAllText($"/proc/{pid}/stat").Contains(") Z ", StringComparison.Ordinal);

    private static Process Terminal(string line) =>
        Process.Start(
            new ProcessStartInfo("script", ["-qec", $"bash -c '{line}'", "/dev/null"])
            {
                RedirectStandardOutput = true,
                RedirectStandardInput = true,
                UseShellExecute = false,
            }
        )!;

    /// <summary>The kubeconfig with the proxy as the server.</summary>
    private async Task<string> ThroughAsync(CutProxy proxy)
    {
        var text = await File.ReadAllTextAsync(controlPlane.Kubeconfig, Cancel);
        var path = Path.GetTempFileName();
        await File.WriteAllTextAsync(
            path,
            text.Replace(
                controlPlane.Connection().Server.GetLeftPart(UriPartial.Authority),
                proxy.Address.GetLeftPart(UriPartial.Authority),
                StringComparison.Ordinal
            ),
            Cancel
        );
        return path;
    }

    private static async Task ReadUntilAsync(Process process, List<string> shown, string part)
    {
        while (shown.Count == 0 || !shown[^1].Contains(part, StringComparison.Ordinal))
        {
            var line = await process.StandardOutput.ReadLineAsync(Cancel).AsTask().WaitAsync(Most, TimeProvider.System);
            shown.Add(line ?? throw new InvalidOperationException($"ended without {part}: {string.Join('\n', shown)}"));
        }
    }
}
