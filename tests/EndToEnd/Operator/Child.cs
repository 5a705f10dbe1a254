using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json;
using Xunit;

namespace EdgeRelease.Tests.EndToEnd.Operator;

/// <summary>A process that a test started, with all that it printed. Killed by its id when it is disposed of.</summary>
internal sealed class Child : IAsyncDisposable
{
    private readonly Process process;
    private readonly ConcurrentQueue<string> lines = [];
    private readonly TaskCompletionSource<string> first = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task reading;
    private bool isDisposed;

    private Child(Process process)
    {
        this.process = process;
        reading = Task.WhenAll(
            ReadAsync(process.StandardOutput, isOutput: true),
            ReadAsync(process.StandardError, isOutput: false)
        );
    }

    public int Id => process.Id;

    public bool HasEnded => process.HasExited;

    /// <summary>What it printed so far, in order.</summary>
    public IReadOnlyCollection<string> Lines => lines;

    /// <summary>Starts a program and waits for its first line of standard output, which is JSON.</summary>
    public static async Task<(Child Child, JsonElement Greeting)> StartAsync(
        string program,
        params IEnumerable<string> arguments
    )
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        var child = new Child(Process.Start(start)!);
        try
        {
            var line = child.first.Task.WaitAsync(
                TimeSpan.FromMinutes(1),
                TimeProvider.System,
                TestContext.Current.CancellationToken
            );
            return (child, JsonElement.Parse(await line));
        }
        catch
        {
            await child.DisposeAsync();
            throw;
        }
    }

    /// <summary>SIGKILL, as <c>kill -9</c> does it.</summary>
    public async Task KillAsync()
    {
        process.Kill();
        await process.WaitForExitAsync(CancellationToken.None);
        await reading;
    }

    /// <summary>SIGTERM; returns the exit code.</summary>
    public async Task<int> TerminateAsync()
    {
        await ControlPlane.RunAsync("kill", ["-TERM", $"{process.Id}"]);
        await process
            .WaitForExitAsync(TestContext.Current.CancellationToken)
            .WaitAsync(TimeSpan.FromMinutes(1), TimeProvider.System);
        await reading;
        return process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (isDisposed)
        {
            return;
        }

        isDisposed = true;
        if (!process.HasExited)
        {
            await KillAsync();
        }

        process.Dispose();
    }

    private async Task ReadAsync(StreamReader from, bool isOutput)
    {
        while (await from.ReadLineAsync() is { } line)
        {
            lines.Enqueue(line);
            if (isOutput)
            {
                first.TrySetResult(line);
            }
        }

        if (isOutput)
        {
            first.TrySetException(
                new InvalidOperationException($"it ended without a line: {string.Join('\n', lines)}")
            );
        }
    }
}
