using System.Globalization;
using EdgeRelease.Api;

namespace EdgeRelease.Planning;

/// <summary>One opening of a window.</summary>
/// <param name="From">Its first instant.</param>
/// <param name="To">The first instant after it.</param>
internal sealed record Opening(DateTimeOffset From, DateTimeOffset To);

/// <summary>Windows of local time as instants.</summary>
internal static class Openings
{
    /// <summary>The last day whose windows end before the calendar does in every zone: the year 9999 is how people write
    /// never.</summary>
    private static readonly DateOnly LastDay = DateOnly.MaxValue.AddDays(-2);

    /// <summary>An instant and some days, or the end of the calendar.</summary>
    public static DateTimeOffset After(DateTimeOffset at, int days)
    {
        var length = TimeSpan.FromDays(days);
        return DateTimeOffset.MaxValue - at > length ? at.ToUniversalTime() + length : DateTimeOffset.MaxValue;
    }

    /// <summary>The openings of a window that end after an instant and begin in the days that follow it.</summary>
    public static IEnumerable<Opening> Of(WindowSpec window, TimeZoneInfo zone, DateTimeOffset after, int days)
    {
        var (from, to) = (Clock(window.From), Clock(window.To));
        var today = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(after, zone).DateTime);
        var last = DateOnly.FromDayNumber(Math.Min(today.DayNumber + days, LastDay.DayNumber));
        for (var date = today.AddDays(-2); date <= last; date = date.AddDays(1))
        {
            if (window.Days.Count > 0 && !window.Days.Contains(Day(date)))
            {
                continue;
            }

            var opening = new Opening(At(zone, date, from), At(zone, to > from ? date : date.AddDays(1), to));
            if (opening.To > after && opening.To > opening.From)
            {
                yield return opening;
            }
        }
    }

    /// <summary>The instant of a local time: one that is skipped means the moment of the change, one that exists twice
    /// the first.</summary>
    private static DateTimeOffset At(TimeZoneInfo zone, DateOnly date, TimeOnly time)
    {
        var local = date.ToDateTime(time);
        var real = local;
        while (zone.IsInvalidTime(real))
        {
            real = real.AddMinutes(-1);
        }

        var offset = zone.IsAmbiguousTime(real) ? zone.GetAmbiguousTimeOffsets(real).Max() : zone.GetUtcOffset(real);
        var at = new DateTimeOffset(real, offset);
        return real == local ? at : at.AddMinutes(1);
    }

    private static TimeOnly Clock(string text) => TimeOnly.ParseExact(text, "HH:mm", CultureInfo.InvariantCulture);

    private static Weekday Day(DateOnly date) => (Weekday)(((int)date.DayOfWeek + 6) % 7);
}
