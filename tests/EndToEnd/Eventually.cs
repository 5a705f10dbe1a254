using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace EdgeRelease.Tests.EndToEnd;

/// <summary>Waits for a condition with a deadline.</summary>
internal static class Eventually
{
    /// <summary>Returns once the condition holds; fails after a minute with the condition's text.</summary>
    public static async Task HoldsAsync(
        Func<Task<bool>> condition,
        [CallerArgumentExpression(nameof(condition))] string text = ""
    )
    {
        var watch = Stopwatch.StartNew();
        while (!await condition())
        {
            if (watch.Elapsed > TimeSpan.FromMinutes(1))
            {
                throw new TimeoutException($"not within a minute: {text}");
            }
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System);
        }
    }

    public static Task HoldsAsync(
        Func<bool> condition,
        [CallerArgumentExpression(nameof(condition))] string text = ""
    ) => HoldsAsync(() => Task.FromResult(condition()), text);
}
