using System.Globalization;
using EdgeRelease.Api;
using EdgeRelease.Observation;
using EdgeRelease.Planning;

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
            Open(call, schedule.Windows, "the release");
            Open(call, application.Schedule.Windows, "the application");
        }
    }

    private static void Frozen(JudgedCall call, FreezeSpec? frozen) =>
        Violation.If(
            frozen is not null && (call.IsForward || IsOfferedBack(call) || frozen.Scope == FreezeScope.Everything),
            "I7",
            $"{(call.IsForward ? "forward" : "back")} in a freeze of {frozen?.Scope}"
        );

    /// <summary>Whether a device that was good is taken back only because it or the release leaves (rule 12).</summary>
    private static bool IsOfferedBack(JudgedCall call) =>
        call.Cause is BackCause.Deletion or BackCause.Left && call.Sent.Any(row => row.Outcome == Outcome.Confirmed);

    /// <summary>For each device; one whose tags changed lately may have been seen in another zone. Windows of zones whose
    /// clocks change are not judged here.</summary>
    private void Open(JudgedCall call, IReadOnlyList<WindowSpec> windows, string whose)
    {
        if (windows.Count == 0 || !windows.All(window => OffsetOf(window.TimeZone) is not null))
        {
            return;
        }

        var now = truth.Now;
        foreach (var device in call.Sent.Select(row => row.Device).Where(device => !truth.IsTouched(device)))
        {
            var tags = new TagSet(truth.Device(device).Tags);
            var isOpen = windows.Any(window => IsIn(window, tags, now) || IsIn(window, tags, now - Underway));
            Violation.If(!isOpen, "I7", $"{device} forward outside the windows of {whose}");
        }
    }

    private static bool IsIn(WindowSpec window, TagSet tags, DateTimeOffset at)
    {
        var own = window.TimeZoneTag is { } key ? OffsetOf(tags.First(key)) : null;
        var local = at.ToOffset(own ?? OffsetOf(window.TimeZone)!.Value);
        var clock = local.ToString("HH:mm", CultureInfo.InvariantCulture);
        var (isAfter, isBefore) = (
            string.CompareOrdinal(clock, window.From) >= 0,
            string.CompareOrdinal(clock, window.To) < 0
        );
        return string.CompareOrdinal(window.From, window.To) < 0 ? isAfter && isBefore : isAfter || isBefore;
    }

    private static TimeSpan? OffsetOf(string? zone) =>
        zone switch
        {
            "UTC" => TimeSpan.Zero,
            "Asia/Tokyo" => TimeSpan.FromHours(9),
            _ => null,
        };
}
