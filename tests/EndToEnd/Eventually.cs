using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace EdgeRelease.Tests.EndToEnd;

/// <summary>Waits for a condition with a deadline.</summary>
internal static class Eventually
{
    /// <summary>Returns once the condition holds; fails after a minute, or another time, with the condition's text.</summary>
    public static async Task HoldsAsync(
        Func<Task<bool>> condition,
        TimeSpan? within = null,
        [CallerArgumentExpression(nameof(condition))] string text = ""
    )
    {
        var watch = Stopwatch.StartNew();
        var deadline = within ?? TimeSpan.FromMinutes(1);
        while (!await condition())
        {
            if (watch.Elapsed > deadline)
            {
                throw new TimeoutException($"not within {deadline}: {text}");
            }
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System);
        }
    }

    public static Task HoldsAsync(
        Func<bool> condition,
        TimeSpan? within = null,
        [CallerArgumentExpression(nameof(condition))] string text = ""
    ) => HoldsAsync(() => Task.FromResult(condition()), within, text);
}
