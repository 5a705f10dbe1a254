using System.Text.RegularExpressions;
using Xunit;

namespace EdgeRelease.Tests.EndToEnd.Examples;

/// <summary>The commands of the README's quick start, as they stand there.</summary>
public sealed partial class QuickStartTests
{
    private static readonly string Root = ControlPlane.RepositoryRoot();

    /// <summary>Runs them in a network of its own where that can be had: they name ports. What is built is built already,
    /// and the last command would show its tree for ever.</summary>
    [Fact]
    public async Task Ends_with_a_completed_and_a_rolled_back_release()
    {
        using var folder = new Chart.TemporaryFolder();
        var commands = Commands();
        Assert.InRange(commands.Count, 3, 6);
        Assert.Equal("make build", commands[0]);
        var script = Path.Combine(folder.Path, "quickstart.sh");
        await File.WriteAllTextAsync(
            script,
            $$"""
            set -e
            cd "{{Root}}"
            [ -z "$OWN" ] || ip link set lo up
            trap 'kill %1 %2; tests/ControlPlane/stop.sh {{folder.Path}}/plane' EXIT
            kubectl=$(tests/ControlPlane/tools.sh kubectl); kubectl=$(dirname "${kubectl#*=}")
            export PATH=$PATH:$kubectl KUBECACHEDIR={{folder.Path}}/cache
            {{string.Join('\n', commands.Skip(1).SkipLast(1))}}
            watch() { {{commands[^1]}}; }
            export -f watch
            timeout 10 bash -c watch || [ $? = 124 ]
            kubectl wait -n plant-a er/line-monitor --for=condition=Ready --timeout=200s
            kubectl wait -n plant-a er/energy-meter --for=jsonpath='{.status.phase}'=RolledBack --timeout=200s
            """.Replace(".artifacts/plane", $"{folder.Path}/plane", StringComparison.Ordinal),
            TestContext.Current.CancellationToken
        );

        var said = await ControlPlane.RunAsync(
            "bash",
            [
                "-c",
                "own=; unshare --net true 2>/dev/null && own='unshare --net'; OWN=$own exec $own bash \"$0\" 2>&1",
                script,
            ]
        );

        Assert.Contains("line-monitor condition met", said, StringComparison.Ordinal);
        Assert.Contains("energy-meter condition met", said, StringComparison.Ordinal);
    }

    private static List<string> Commands()
    {
        var text = File.ReadAllText(Path.Combine(Root, "README.md"));
        var section = text[text.IndexOf("## Quick start", StringComparison.Ordinal)..];
        return [.. Block().Match(section).Groups["shell"].Value.Split('\n', StringSplitOptions.RemoveEmptyEntries)];
    }

    [GeneratedRegex("```sh\n(?<shell>.*?)```", RegexOptions.Singleline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Block();
}
