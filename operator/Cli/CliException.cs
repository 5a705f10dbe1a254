namespace EdgeRelease.Cli;

/// <summary>The command cannot do what was asked. The message is one line that says what to do.</summary>
/// <param name="message">One line without a final dot.</param>
/// <param name="exit">The exit code; 1 when nothing else is known.</param>
internal sealed class CliException(string message, int exit = Exit.Error) : Exception(message)
{
    public int ExitCode => exit;
}

/// <summary>What the program ends with (F110).</summary>
internal static class Exit
{
    /// <summary>Done, or what was waited for is reached.</summary>
    public const int Reached = 0;

    /// <summary>Something is wrong with the call, the cluster or Losant.</summary>
    public const int Error = 1;

    /// <summary>The release was rolled back.</summary>
    public const int RolledBack = 2;

    /// <summary>It goes on only once a person acts.</summary>
    public const int NeedsHuman = 3;

    /// <summary>Not reached within the time.</summary>
    public const int Timeout = 4;
}
