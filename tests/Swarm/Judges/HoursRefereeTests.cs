using System.Text.Json.Nodes;
using static EdgeRelease.Tests.Swarm.Judgement;

namespace EdgeRelease.Tests.Swarm;

/// <summary>The judgements of windows and freezes can fail.</summary>
public sealed class HoursRefereeTests : IDisposable
{
    private readonly Courtroom _court = new(devices: 10);

    public void Dispose() => _court.Dispose();

    [Fact]
    public void Finds_a_call_outside_the_windows()
    {
        Window("10:00", "11:00", "Asia/Tokyo", tag: null);
        Assert.Null(_court.Send(1));
        _court.World.Run(TimeSpan.FromHours(2));
        Broken("I7", _court.Send(1));
    }

    /// <summary>It is 01:00 in UTC and 10:00 in Tokyo.</summary>
    [Theory]
    [InlineData("10:00", "11:00", "Asia/Tokyo", false)]
    [InlineData("10:00", "11:00", "UTC", true)]
    [InlineData("10:00", "11:00", "the moon", true)]
    [InlineData("00:30", "01:30", "Asia/Tokyo", true)]
    [InlineData("00:30", "01:30", "UTC", false)]
    [InlineData("00:30", "01:30", "the moon", false)]
    public void Finds_a_call_outside_the_windows_of_the_device(string from, string to, string zone, bool isWrong)
    {
        Window(from, to, "UTC", Menu.ZoneTag);
        _court.Devices[0].Retag(new KeyValuePair<string, string>("line", "a"), new(Menu.ZoneTag, zone));
        Assert.Equal(isWrong ? "I7" : null, _court.Send(1)?.Split(':')[0]);
    }

    [Fact]
    public void Finds_a_call_before_the_release_may_begin()
    {
        _court.Spec["schedule"] = new JsonObject { ["notBefore"] = "2026-01-01T02:00:00Z" };
        Broken("I7", _court.Send(1));
    }

    [Fact]
    public void Finds_a_call_in_a_freeze()
    {
        _court.Freeze("Forward");
        Broken("I7", _court.Send(1));
    }

    [Fact]
    public void Finds_a_device_sent_back_in_a_freeze_of_everything()
    {
        _court.Freeze("Everything");
        _court.Back = "v1";
        Broken("I7", _court.Send(1));
    }

    private void Window(string from, string to, string zone, string? tag) =>
        _court.Spec["schedule"] = new JsonObject
        {
            ["windows"] = new JsonArray(
                new JsonObject
                {
                    ["from"] = from,
                    ["to"] = to,
                    ["timeZone"] = zone,
                    ["timeZoneTag"] = tag,
                }
            ),
        };
}
