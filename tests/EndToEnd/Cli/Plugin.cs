using System.Diagnostics;
using Xunit;

namespace EdgeRelease.Tests.EndToEnd.Cli;

/// <summary>What a run of the program left.</summary>
/// <param name="Code">Its exit code.</param>
/// <param name="Output">Its standard output.</param>
/// <param name="Error">Its standard error.</param>
internal sealed record Said(int Code, string Output, string Error)
{
    public override string ToString() => $"exit {Code}\n{Output}\n{Error}";
}

/// <summary>The built program <c>kubectl-edgerelease</c> with a real kubectl on its PATH.</summary>
/// <param name="kubectl">The path of kubectl; null for none on the PATH.</param>
/// <param name="kubeconfig">The kubeconfig.</param>
/// <param name="ns">The namespace.</param>
internal sealed class Plugin(string? kubectl, string kubeconfig, string ns)
{
    /// <summary>Runs it to its end.</summary>
    public async Task<Said> RunAsync(params string[] arguments)
    {
        using var process = Start(arguments);
        var error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        var output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return new Said(process.ExitCode, output, await error);
    }

    /// <summary>Starts it; the caller ends it.</summary>
    public Process Start(params string[] arguments)
    {
        var start = new ProcessStartInfo(Program(), [.. arguments, "--kubeconfig", kubeconfig, "-n", ns])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        start.Environment["PATH"] = SearchPath;
        return Process.Start(start)!;
    }

    /// <summary>The program for a shell, without namespace and kubeconfig.</summary>
    public string Bare => $"env PATH={SearchPath} {Program()}";

    /// <summary>The same as a line of a shell.</summary>
    public string Line(params string[] arguments) =>
        $"PATH={SearchPath} {Program()} {string.Join(' ', arguments)} --kubeconfig {kubeconfig} -n {ns}";

    private string SearchPath => kubectl is null ? "/nowhere" : $"{Path.GetDirectoryName(kubectl)}:/usr/bin:/bin";

    /// <summary>The file that EDGERELEASE_CLI names, as the one that <c>make cli</c> publishes; else the one that was built.
    /// </summary>
    private static string Program()
    {
        if (Environment.GetEnvironmentVariable("EDGERELEASE_CLI") is { Length: > 0 } named)
        {
            return named;
        }

        var bin = Path.Combine(ControlPlane.RepositoryRoot(), "operator", "Cli", "bin");
        var own = new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;
        return new[] { "Release", own }
                .Select(configuration => Path.Combine(bin, configuration, "net10.0", "kubectl-edgerelease"))
                .FirstOrDefault(File.Exists)
            ?? throw new InvalidOperationException("kubectl-edgerelease is not built: make build");
    }
}
