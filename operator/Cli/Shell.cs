using System.CommandLine;

namespace EdgeRelease.Cli;

/// <summary>The program: parses, runs one command, and turns what went wrong into one line.</summary>
internal static class Shell
{
    private const int Interrupted = 130;

    /// <summary>Runs one command line.</summary>
    /// <param name="args">Its words.</param>
    /// <param name="screen">Where to write.</param>
    /// <returns>The exit code, as <see cref="Exit"/> has it.</returns>
    public static async Task<int> RunAsync(IReadOnlyList<string> args, Screen screen)
    {
        var frame = new Frame(screen);
        var parsed = Root.Of(frame).Parse(args);
        if (parsed.Errors is [var first, ..])
        {
            var command = parsed.CommandResult.Command is RootCommand ? "" : $" {parsed.CommandResult.Command.Name}";
            return Fail(screen, $"{first.Message.TrimEnd('.')}; see kubectl edgerelease{command} --help", Exit.Error);
        }

        try
        {
            return await parsed.InvokeAsync(
                new InvocationConfiguration
                {
                    Output = screen.Out,
                    Error = screen.Error,
                    EnableDefaultExceptionHandler = false,
                }
            );
        }
        catch (CliException e)
        {
            return Fail(screen, e.Message, e.ExitCode);
        }
        catch (KubectlException e)
        {
            return Fail(screen, e.Message, Exit.Error);
        }
        catch (OperationCanceledException)
        {
            LeaveLine(screen);
            return Interrupted;
        }
    }

    /// <summary>The terminal has shown the ^C of the user: the shell's prompt does not go behind it.</summary>
    private static void LeaveLine(Screen screen)
    {
        if (screen.IsTerminal)
        {
            screen.Out.WriteLine();
        }
    }

    private static int Fail(Screen screen, string message, int code)
    {
        screen.Error.WriteLine($"error: {message.ReplaceLineEndings(" ")}");
        return code;
    }
}
