using EdgeRelease.Cli;
using Xunit;

namespace EdgeRelease.Tests.Unit.Cli;

/// <summary>Command lines that need no cluster, and those that cannot be understood.</summary>
public sealed class CommandTests
{
    [Theory]
    [InlineData("error: (NotFound) x not found", "NotFound", "(NotFound) x not found")]
    [InlineData(
        "error: the server doesn't have a resource type \"edgereleases\"",
        "NotInstalled",
        "apply its crds/ first"
    )]
    [InlineData(
        "Error from server (Forbidden): edgereleases is forbidden: User \"u\" cannot list",
        "Forbidden",
        "User \"u\" cannot list: ask who runs the cluster for that right"
    )]
    [InlineData(
        "E1 memcache.go:265\nThe connection to the server 127.0.0.1:1 was refused - did you specify the right host or port?",
        "Unreachable",
        "cannot reach the cluster: The connection to the server 127.0.0.1:1 was refused"
    )]
    [InlineData("error: context \"x\" does not exist", "Unreachable", "check --context")]
    [InlineData("", "Other", "without a word")]
    public void Says_in_one_line_what_to_do_when_kubectl_fails(string words, string fault, string part)
    {
        var error = KubectlException.Of(words);

        Assert.Equal(fault, error.Fault.ToString());
        Assert.Contains(part, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
    }

    [Theory]
    [InlineData("gte", "'gte'")]
    [InlineData("status", "missing")]
    [InlineData("status x --for end", "end")]
    [InlineData("status x --wait --timeout soon", "soon is not a duration such as 90s, 30m or 24h")]
    [InlineData("get x -o xml", "-o xml is unknown: use wide, json, yaml")]
    [InlineData("completion fish", "fish")]
    [InlineData("get x y", "y")]
    public async Task Refuses_what_it_does_not_understand_in_one_line(string line, string part)
    {
        var (code, output, error) = await RunAsync(line);

        Assert.Equal((1, ""), (code, output));
        Assert.Contains(part, error, StringComparison.Ordinal);
        Assert.Contains("--help", error, StringComparison.Ordinal);
        Assert.Equal(1, error.Count(c => c == '\n'));
    }

    [Fact]
    public async Task Shows_examples_in_the_help()
    {
        var (code, output, _) = await RunAsync("status --help");

        Assert.Equal(0, code);
        Assert.Contains(
            "kubectl edgerelease status line-monitor --wait --for complete",
            output,
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData("bash", "complete -F")]
    [InlineData("zsh", "compdef")]
    [InlineData("plugin", "echo :4")]
    public async Task Prints_a_completion_script(string shell, string part) =>
        Assert.Contains(part, (await RunAsync($"completion {shell}")).Output, StringComparison.Ordinal);

    [Theory]
    [InlineData("hist", "history")]
    [InlineData("status x --for ", "approval complete step")]
    [InlineData("get x -o ", "json wide yaml")]
    public async Task Completes_commands_and_values(string typed, string words)
    {
        var screen = new Screen(new StringWriter(), new StringWriter());
        var line = $"kubectl-edgerelease {typed}";

        await Shell.RunAsync([$"[suggest:{line.Length}]", line], screen);

        Assert.Equal(
            words,
            string.Join(' ', screen.Out.ToString()!.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        );
    }

    [Fact]
    public async Task Tells_its_version_as_a_document_if_asked() =>
        Assert.Contains(
            "api: edgerelease.dev/v1alpha1\n",
            (await RunAsync("version -o yaml")).Output,
            StringComparison.Ordinal
        );

    private static async Task<(int Code, string Output, string Error)> RunAsync(string line)
    {
        var screen = new Screen(new StringWriter(), new StringWriter());
        var code = await Shell.RunAsync(line.Split(' '), screen);
        return (code, screen.Out.ToString()!, screen.Error.ToString()!);
    }
}
