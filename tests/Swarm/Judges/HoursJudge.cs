using System.Globalization;
using EdgeRelease.Api;

namespace EdgeRelease.Tests.Swarm;

/// <summary>I7: nothing goes forward outside the time windows or in a freeze, and nothing at all in a freeze of everything.
/// The swarm draws zones without clock changes, so that plain arithmetic tells what is open.</summary>
internal sealed class HoursJudge(Truth truth)
{
    /// <summary>A call that was planned before has ended after this.</summary>
    private static readonly TimeSpan Underway = Truth.Underway;

    public void Judge(JudgedCall call)
    {
        var application = truth.Rails;
        Frozen(call, application.Frozen);
        if (call.IsForward && call.IsOfThisSpec && !call.Release.Status!.FastLane)
        {
            var schedule = call.Release.Spec.Schedule;
            Violation.If(schedule.NotBefore > truth.Now, "I7", $"forward before {schedule.NotBefore}");
            Open(schedule.Windows, "the release");
            Open(application.Schedule.Windows, "the application");
        }
    }

    private static void Frozen(JudgedCall call, FreezeSpec? frozen) =>
        Violation.If(
            frozen is not null && (call.IsForward || frozen.Scope == FreezeScope.Everything),
            "I7",
            $"{(call.IsForward ? "forward" : "back")} in a freeze of {frozen?.Scope}"
        );

    /// <summary>Windows of zones whose clocks change are not judged here.</summary>
    private void Open(IReadOnlyList<WindowSpec> windows, string whose)
    {
        var now = truth.Now;
        var isOpen =
            windows.Count == 0
            || !windows.All(window => window.TimeZone is "UTC" or "Asia/Tokyo")
            || windows.Any(window => IsIn(window, now) || IsIn(window, now - Underway));
        Violation.If(!isOpen, "I7", $"forward outside the windows of {whose}");
    }

    private static bool IsIn(WindowSpec window, DateTimeOffset at)
    {
        var local = at.ToOffset(window.TimeZone == "Asia/Tokyo" ? TimeSpan.FromHours(9) : TimeSpan.Zero);
        var clock = local.ToString("HH:mm", CultureInfo.InvariantCulture);
        var (isAfter, isBefore) = (
            string.CompareOrdinal(clock, window.From) >= 0,
            string.CompareOrdinal(clock, window.To) < 0
        );
        return string.CompareOrdinal(window.From, window.To) < 0 ? isAfter && isBefore : isAfter || isBefore;
    }
}
