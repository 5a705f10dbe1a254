namespace EdgeRelease.Api;

/// <summary>The rules of time windows.</summary>
internal static class ScheduleRules
{
    /// <summary>What a window must be.</summary>
    public static readonly IReadOnlyList<StateRule<WindowSpec>> Window =
    [
        new(
            "self.from != self.to",
            "let the window close at another time than it opens; leave windows away for always",
            window => window.From != window.To
        ),
    ];
}
