using System.Text.Json.Nodes;
using EdgeRelease.Planning;
using static EdgeRelease.Tests.Swarm.Judgement;

namespace EdgeRelease.Tests.Swarm;

/// <summary>The judgements on limits.perMinute, limits.perGroup and the guard's limits can fail.</summary>
public sealed class RefereeLimitTests : IDisposable
{
    private readonly Courtroom _court = new(devices: 10);

    public void Dispose() => _court.Dispose();

    [Fact]
    public void Finds_more_devices_told_within_a_minute_than_may_be()
    {
        _court.Spec["limits"]!["perMinute"] = 1;
        Assert.Null(_court.Send(1));
        _court.World.Run(TimeSpan.FromSeconds(50));
        Broken("I1", _court.Send(2));
    }

    [Fact]
    public void Accepts_the_next_device_after_a_minute()
    {
        _court.Spec["limits"]!["perMinute"] = 1;
        Assert.Null(_court.Send(1));
        _court.World.Run(TimeSpan.FromMinutes(1));
        Assert.Null(_court.Send(2));
    }

    [Theory]
    [InlineData(BackCause.Lowered, true)]
    [InlineData(BackCause.Left, true)]
    [InlineData(BackCause.Deletion, true)]
    [InlineData(BackCause.Failure, false)]
    [InlineData(BackCause.Rollback, false)]
    public void Finds_more_devices_sent_back_within_a_minute_than_may_be(BackCause cause, bool isLimited)
    {
        GivesBack(cause);
        Assert.Null(_court.Send(1));
        _court.World.Run(TimeSpan.FromSeconds(50));
        Assert.Equal(isLimited, _court.Send(2) == "I1: 2 told within a minute");
    }

    [Fact]
    public void Accepts_the_next_device_sent_back_after_a_minute()
    {
        GivesBack(BackCause.Lowered);
        Assert.Null(_court.Send(1));
        _court.World.Run(TimeSpan.FromMinutes(1));
        Assert.Null(_court.Send(2));
    }

    [Fact]
    public void Finds_a_device_told_within_the_minute_in_which_another_was_sent_back()
    {
        GivesBack(BackCause.Lowered);
        Assert.Null(_court.Send(1));
        _court.World.Run(TimeSpan.FromSeconds(50));
        _court.Back = null;
        Broken("I1", _court.Send(3));
    }

    [Fact]
    public void Finds_two_devices_of_one_site_away()
    {
        Sites();
        Assert.Null(_court.Send(1));
        Broken("I1", _court.Send(2));
    }

    [Fact]
    public void Finds_two_devices_of_one_site_sent_back_at_once()
    {
        Sites();
        Assert.Null(_court.Send(1));
        _court.World.Run(TimeSpan.FromMinutes(1));
        Assert.Null(_court.Send(2));
        _court.World.Run(TimeSpan.FromMinutes(1));
        _court.Confirm(1);
        _court.Confirm(2);
        _court.Back = "v1";
        Broken("I1", _court.Send(1, 2));
    }

    [Fact]
    public void Finds_two_devices_of_one_site_away_where_only_the_application_forbids_it()
    {
        GuardedSites();
        Assert.Null(_court.Send(1));
        Broken("I1", _court.Send(2));
    }

    [Fact]
    public void Finds_two_devices_sent_back_at_once_where_only_the_application_forbids_it()
    {
        GuardedSites();
        Assert.Null(_court.Send(1));
        _court.World.Run(TimeSpan.FromMinutes(1));
        Assert.Null(_court.Send(2));
        _court.World.Run(TimeSpan.FromMinutes(1));
        _court.Confirm(1);
        _court.Confirm(2);
        _court.Back = "v1";
        Broken("I1", _court.Send(1, 2));
    }

    [Fact]
    public void Accepts_one_device_of_each_site_away_under_the_applications_limit()
    {
        GuardedSites();
        Assert.Null(_court.Send(1, 3));
    }

    [Fact]
    public void Finds_more_devices_away_than_the_application_lets_be()
    {
        Sites();
        _court.Guard(new JsonObject { ["maxUnavailable"] = 1 });
        Assert.Null(_court.Send(1));
        Broken("I1", _court.Send(3));
    }

    [Fact]
    public void Accepts_the_next_device_once_the_first_is_back()
    {
        Sites();
        _court.Guard(new JsonObject { ["maxUnavailable"] = 1 });
        Assert.Null(_court.Send(1));
        _court.World.Run(TimeSpan.FromMinutes(1));
        Assert.Null(_court.Send(3));
    }

    [Fact]
    public void Accepts_one_device_of_each_site_away()
    {
        Sites();
        Assert.Null(_court.Send(1, 3));
    }

    /// <summary>Devices 1 and 2 are confirmed, one may be told in a minute, and they go back.</summary>
    private void GivesBack(BackCause cause)
    {
        Assert.Null(_court.Send(1, 2));
        _court.World.Run(TimeSpan.FromMinutes(2));
        _court.Confirm(1);
        _court.Confirm(2);
        _court.Spec["limits"]!["perMinute"] = 1;
        (_court.Back, _court.Cause) = ("v1", cause);
    }

    /// <summary>Devices 1 and 2 stand in Hamburg, the others alone; one of a site may be away.</summary>
    private void Sites()
    {
        _court.Spec["rollout"]!["steps"]![0]!["percentage"] = 50;
        _court.Spec["limits"] = new JsonObject
        {
            ["maxUnavailable"] = 10,
            ["perGroup"] = new JsonObject { ["tag"] = "site", ["maxUnavailable"] = 1 },
        };
        for (var i = 0; i < 2; i++)
        {
            _court.Devices[i].Retag(new KeyValuePair<string, string>("line", "a"), new("site", "hamburg"));
        }
    }

    /// <summary>As <see cref="Sites"/>, but it is the application that lets one of a site be away.</summary>
    private void GuardedSites()
    {
        Sites();
        var limits = _court.Spec["limits"]!.AsObject();
        limits.Remove("perGroup", out var limit);
        _court.Guard(new JsonObject { ["perGroup"] = limit });
    }
}
