using EdgeRelease.Api;
using EdgeRelease.Observation;
using EdgeRelease.Planning;
using Xunit;

namespace EdgeRelease.Tests.Unit.Planning;

/// <summary>Windows of local time. Berlin's clocks go forward on 2027-03-28 and back on 2026-10-25, at 01:00 UTC.</summary>
public sealed class HoursTests
{
    private static readonly WindowSpec Night = Window("22:00", "04:00", Weekday.Mon, Weekday.Tue, Weekday.Wed);

    private static WindowSpec Window(string from, string to, params Weekday[] days) =>
        new()
        {
            Days = days,
            From = from,
            To = to,
            TimeZone = "Europe/Berlin",
        };

    private static string? Next(string now, ScheduleSpec schedule, WindowSpec? shared = null, TagSet? tags = null)
    {
        Release release = A.Release()
            .With(spec => spec with { Schedule = schedule })
            .Asking(wanted => wanted with { Rails = new Rails { Windows = shared is null ? [] : [shared] } });
        var next = new Hours(release, Time(now)).Next(tags ?? TagSet.Empty);
        return next?.UtcDateTime.ToString("yyyy-MM-dd HH:mm", System.Globalization.CultureInfo.InvariantCulture);
    }

    private static ScheduleSpec In(params WindowSpec[] windows) => new() { Windows = windows };

    private static DateTimeOffset Time(string text) =>
        DateTimeOffset.Parse(
            text,
            System.Globalization.CultureInfo.InvariantCulture,
            System.Globalization.DateTimeStyles.AssumeUniversal
        );

    [Theory]
    [InlineData("2026-11-23 20:59", "2026-11-23 21:00")]
    [InlineData("2026-11-23 21:00", "2026-11-23 21:00")]
    [InlineData("2026-11-24 02:59", "2026-11-24 02:59")]
    [InlineData("2026-11-24 03:00", "2026-11-24 21:00")]
    [InlineData("2026-11-26 02:00", "2026-11-26 02:00")] // Wednesday's, on Thursday
    [InlineData("2026-11-26 22:00", "2026-11-30 21:00")] // none begins on Thursday
    public void Lets_a_window_over_midnight_belong_to_the_day_on_which_it_begins(string now, string next) =>
        Assert.Equal(next, Next(now, In(Night)));

    [Theory]
    [InlineData("02:30", "04:00", "2027-03-28 00:00", "2027-03-28 01:00")] // begins with the change
    [InlineData("02:30", "04:00", "2027-03-28 01:59", "2027-03-28 01:59")]
    [InlineData("02:30", "04:00", "2027-03-28 02:00", "2027-03-29 00:30")]
    [InlineData("02:10", "02:50", "2027-03-28 00:00", "2027-03-29 00:10")] // lies in the skipped hour
    [InlineData("01:00", "02:30", "2027-03-28 00:59", "2027-03-28 00:59")]
    [InlineData("01:00", "02:30", "2027-03-28 01:00", "2027-03-28 23:00")] // ends with the change
    public void Takes_a_skipped_time_for_the_moment_of_the_change(string from, string to, string now, string next) =>
        Assert.Equal(next, Next(now, In(Window(from, to))));

    [Theory]
    [InlineData("02:30", "03:30", "2026-10-25 00:00", "2026-10-25 00:30")]
    [InlineData("02:30", "03:30", "2026-10-25 02:29", "2026-10-25 02:29")] // two hours long in that night
    [InlineData("02:30", "03:30", "2026-10-25 02:30", "2026-10-26 01:30")]
    [InlineData("02:15", "02:45", "2026-10-25 01:20", "2026-10-26 01:15")] // not a second time
    public void Takes_a_time_that_exists_twice_for_the_first(string from, string to, string now, string next) =>
        Assert.Equal(next, Next(now, In(Window(from, to))));

    [Fact]
    public void Is_open_when_the_windows_of_release_and_application_both_are()
    {
        var schedule = In(Window("08:00", "10:00", Weekday.Mon));

        Assert.Equal("2026-11-23 08:00", Next("2026-11-20 09:00", schedule, Window("09:00", "17:00")));
        Assert.Null(Next("2026-11-20 09:00", schedule, Window("09:00", "17:00", Weekday.Tue)));
    }

    [Fact]
    public void Does_not_open_before_the_release_may_begin()
    {
        var begin = new ScheduleSpec { NotBefore = Time("2027-01-04 12:00") };

        Assert.Equal("2027-01-04 12:00", Next("2026-11-20 09:00", begin));
        Assert.Equal("2027-01-04 21:00", Next("2026-11-20 09:00", begin with { Windows = [Night] }));
        Assert.Equal("2027-02-01 00:00", Next("2027-02-01 00:00", begin));
    }

    [Theory]
    [InlineData("9999-12-20 12:00", "9999-12-20 21:00")]
    [InlineData("9999-12-30 12:00", null)]
    [InlineData("9999-12-31 23:59", null)]
    public void Ends_with_the_calendar(string begin, string? next)
    {
        var never = new ScheduleSpec { NotBefore = Time(begin) };

        Assert.Equal(begin, Next("2026-11-20 09:00", never));
        Assert.Equal(next, Next("2026-11-20 09:00", never with { Windows = [Night] }));
        foreach (var zone in new[] { "Pacific/Kiritimati", "Etc/GMT+12" })
        {
            Next("2026-11-20 09:00", never with { Windows = [Night with { TimeZone = zone }] });
            Next("2026-11-20 09:00", never, Night with { TimeZone = zone });
        }
    }

    [Theory]
    [InlineData("Asia/Tokyo", "2026-11-20 17:00")]
    [InlineData("Mars/Olympus", "2026-11-21 01:00")]
    [InlineData("../../etc/localtime", "2026-11-21 01:00")]
    [InlineData(null, "2026-11-21 01:00")]
    public void Opens_in_the_zone_of_the_device_where_its_tag_names_one(string? zone, string next)
    {
        var tags = zone is null ? TagSet.Empty : new TagSet([new("tz", zone)]);

        Assert.Equal(
            next,
            Next("2026-11-20 09:00", In(Window("02:00", "03:00") with { TimeZoneTag = "tz" }), tags: tags)
        );
    }

    [Theory]
    [InlineData("Europe/Berlin", true)]
    [InlineData("UTC", true)]
    [InlineData("America/Argentina/Buenos_Aires", true)]
    [InlineData("Europe/Atlantis", false)]
    [InlineData("/etc/localtime", false)]
    [InlineData("../zoneinfo/UTC", false)]
    [InlineData("", false)]
    public void Knows_the_zones_of_the_IANA_database(string name, bool isKnown) =>
        Assert.Equal(isKnown, Zones.Find(name) is not null);
}
