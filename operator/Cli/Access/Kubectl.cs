using System.ComponentModel;
using System.Diagnostics;

namespace EdgeRelease.Cli;

/// <summary>The user's own kubectl, so that every login method works that works there.</summary>
/// <param name="connection">Its options --context, --kubeconfig and --namespace, as the user gave them.</param>
internal sealed class Kubectl(IReadOnlyList<string> connection)
{
    private const string NamespaceOption = "--namespace=";

    /// <summary>The namespace that the user gave; null when it is that of the context.</summary>
    public string? Namespace =>
        connection
            .FirstOrDefault(option => option.StartsWith(NamespaceOption, StringComparison.Ordinal))
            ?[NamespaceOption.Length..];

    /// <summary>Runs it and returns its output.</summary>
    /// <param name="arguments">The verb and what follows it.</param>
    /// <param name="cancel">Ends the process.</param>
    /// <exception cref="KubectlException">It failed.</exception>
    public async Task<string> RunAsync(IReadOnlyList<string> arguments, CancellationToken cancel)
    {
        using var process = Start(arguments);
        try
        {
            var words = process.StandardError.ReadToEndAsync(cancel);
            var output = await process.StandardOutput.ReadToEndAsync(cancel);
            await process.WaitForExitAsync(cancel);
            return process.ExitCode == 0 ? output : throw KubectlException.Of(await words);
        }
        finally
        {
            End(process);
        }
    }

    /// <summary>Starts it for a stream that lasts: the caller reads the output and ends it by <see cref="End"/>.</summary>
    /// <param name="arguments">The verb and what follows it.</param>
    /// <exception cref="KubectlException">There is no kubectl.</exception>
    public Process Start(IReadOnlyList<string> arguments)
    {
        var start = new ProcessStartInfo("kubectl", [.. arguments, .. connection])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
            UseShellExecute = false,
        };
        try
        {
            var process = Process.Start(start)!;
            process.StandardInput.Close();
            return process;
        }
        catch (Win32Exception)
        {
            throw new KubectlException(
                KubectlFault.Missing,
                "kubectl is not on the PATH: install it (https://kubernetes.io/docs/tasks/tools) or add its folder to PATH"
            );
        }
    }

    /// <summary>Ends a process that still runs.</summary>
    public static void End(Process process)
    {
        if (!process.HasExited)
        {
            process.Kill();
        }
    }
}
