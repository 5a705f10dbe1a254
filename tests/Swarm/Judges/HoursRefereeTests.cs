using System.Text.Json.Nodes;

namespace EdgeRelease.Tests.Swarm;

/// <summary>The judgements of windows and freezes can fail.</summary>
public sealed class HoursRefereeTests : IDisposable
{
    private readonly Courtroom _court = new(devices: 10);

    public void Dispose() => _court.Dispose();

    [Fact]
    public void Finds_a_call_outside_the_windows()
    {
        var window = new JsonObject
        {
            ["from"] = "10:00",
            ["to"] = "11:00",
            ["timeZone"] = "Asia/Tokyo",
        };
        _court.Spec["schedule"] = new JsonObject { ["windows"] = new JsonArray(window) };
        Assert.Null(_court.Send(1));
        _court.World.Run(TimeSpan.FromHours(2));
        RefereeTests.Broken("I7", _court.Send(1));
    }

    [Fact]
    public void Finds_a_call_before_the_release_may_begin()
    {
        _court.Spec["schedule"] = new JsonObject { ["notBefore"] = "2026-01-01T02:00:00Z" };
        RefereeTests.Broken("I7", _court.Send(1));
    }

    [Fact]
    public void Finds_a_call_in_a_freeze()
    {
        _court.Freeze("Forward");
        RefereeTests.Broken("I7", _court.Send(1));
    }

    [Fact]
    public void Finds_a_device_sent_back_in_a_freeze_of_everything()
    {
        _court.Freeze("Everything");
        _court.Back = "v1";
        RefereeTests.Broken("I7", _court.Send(1));
    }
}
