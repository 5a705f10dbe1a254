namespace EdgeRelease.Api;

/// <summary>When a release sends devices forward. Going back after a breach or an abort never waits.</summary>
public sealed record ScheduleSpec
{
    /// <summary>No device goes forward before this time, as <c>2026-11-30T00:00:00Z</c>. When absent: at once.</summary>
    [Schema(Pattern = Patterns.Time, MaxLength = 40)]
    public DateTimeOffset? NotBefore { get; set; }

    /// <summary>Times of the week at which devices may go forward; at most 20. When empty: always. Those of the
    /// LosantApplication must be open as well.</summary>
    [Schema(MaxItems = 20, ListType = "atomic")]
    public IReadOnlyList<WindowSpec> Windows { get; set; } = [];
}

/// <summary>When the releases of an application may send devices forward.</summary>
public sealed record ApplicationScheduleSpec
{
    /// <summary>Times of the week at which devices may go forward; at most 20. When empty: always. Those of a release
    /// must be open as well.</summary>
    [Schema(MaxItems = 20, ListType = "atomic")]
    public IReadOnlyList<WindowSpec> Windows { get; set; } = [];
}

/// <summary>A time of the day on some days of the week. It may end on the day after: it belongs to the day on which it
/// begins. A local time that a clock change skips means the moment of the change, one that exists twice the first.</summary>
public sealed record WindowSpec
{
    /// <summary>The days on which the window begins: Mon, Tue, Wed, Thu, Fri, Sat, Sun. When empty: every day.</summary>
    [Schema(MaxItems = 7, ListType = "atomic")]
    public IReadOnlyList<Weekday> Days { get; set; } = [];

    /// <summary>When it opens, local time, <c>00:00</c> to <c>23:59</c>.</summary>
    [Schema(Required = true, Pattern = Patterns.Clock, MaxLength = 5)]
    public string From { get; set; } = "";

    /// <summary>When it closes, local time, <c>00:00</c> to <c>23:59</c>; on the next day when not after <c>from</c>.</summary>
    [Schema(Required = true, Pattern = Patterns.Clock, MaxLength = 5)]
    public string To { get; set; } = "";

    /// <summary>The zone of the times: a name of the IANA time zone database, as <c>Europe/Berlin</c>.</summary>
    [Schema(Required = true, Pattern = Patterns.TimeZone, MaxLength = 64)]
    public string TimeZone { get; set; } = "";

    /// <summary>A tag whose value is a device's own zone, 1 to 255 characters. Devices without it, or with a value that
    /// is no zone, use <c>timeZone</c>. When absent: all use it.</summary>
    [Schema(MinLength = 1, MaxLength = 255)]
    public string? TimeZoneTag { get; set; }
}

/// <summary>A day of the week.</summary>
public enum Weekday
{
    /// <summary>Monday.</summary>
    Mon,

    /// <summary>Tuesday.</summary>
    Tue,

    /// <summary>Wednesday.</summary>
    Wed,

    /// <summary>Thursday.</summary>
    Thu,

    /// <summary>Friday.</summary>
    Fri,

    /// <summary>Saturday.</summary>
    Sat,

    /// <summary>Sunday.</summary>
    Sun,
}

/// <summary>Names of time zones.</summary>
public static class Zones
{
    /// <summary>The zone of a name.</summary>
    /// <param name="name">A name of the IANA time zone database; anything else, also a path, is none.</param>
    /// <returns>The zone; null when there is none of that name.</returns>
    public static TimeZoneInfo? Find(string? name) =>
        name is { Length: <= 64 }
        && Patterns.Matches(Patterns.TimeZone, name)
        && TimeZoneInfo.TryFindSystemTimeZoneById(name, out var zone)
            ? zone
            : null;
}
