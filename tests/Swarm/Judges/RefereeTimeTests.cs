using System.Text.Json.Nodes;
using EdgeRelease.Planning;
using static EdgeRelease.Tests.Swarm.Judgement;

namespace EdgeRelease.Tests.Swarm;

/// <summary>The judgements on deadlines and on what may not end while a fleet seems to have shrunk can fail.</summary>
public sealed class RefereeTimeTests : IDisposable
{
    private const string TimedOut = "no answer within 10m of connected time";

    private readonly Courtroom _court = new(devices: 10);

    public void Dispose() => _court.Dispose();

    [Fact]
    public void Finds_a_device_that_has_failed_by_its_time_too_early()
    {
        Assert.Null(_court.Send(1));
        _court.World.Run(TimeSpan.FromMinutes(9));
        _court.Ended(1, Outcome.Failed, TimedOut);
        Broken("I15", Deadlines());
    }

    [Fact]
    public void Accepts_a_device_that_has_failed_by_its_time()
    {
        Assert.Null(_court.Send(1));
        _court.World.Run(TimeSpan.FromMinutes(10));
        _court.Ended(1, Outcome.Failed, TimedOut);
        Assert.Null(Deadlines());
    }

    [Fact]
    public void Finds_a_device_that_is_lost_too_early()
    {
        Assert.Null(_court.Send(1));
        _court.World.Run(TimeSpan.FromMinutes(29));
        _court.Ended(1, Outcome.Lost, error: null);
        Broken("I15", Deadlines());
    }

    [Fact]
    public void Accepts_a_device_that_is_lost_in_its_time()
    {
        Assert.Null(_court.Send(1));
        _court.World.Run(TimeSpan.FromMinutes(30));
        _court.Ended(1, Outcome.Lost, error: null);
        Assert.Null(Deadlines());
    }

    [Theory]
    [InlineData("0s", true)]
    [InlineData("24h", false)]
    public void Finds_a_device_that_goes_back_because_it_went_dark_after_the_watch(string watch, bool isWrong)
    {
        _court.Spec["failurePolicy"] = new JsonObject { ["watch"] = watch };
        Assert.Null(_court.Send(1));
        _court.World.Run(TimeSpan.FromMinutes(10));
        _court.Finished(_court.World.Time.Now);
        _court.Devices[0].Disconnect();
        _court.World.Run(TimeSpan.FromMinutes(30));
        _court.Ended(1, Outcome.Lost, error: null);
        (_court.Back, _court.Cause) = ("v1", BackCause.Lost);

        Assert.Equal(isWrong, _court.Send(1)?.StartsWith("I7: ", StringComparison.Ordinal) ?? false);
    }

    [Fact]
    public void Finds_a_completion_soon_after_half_of_the_fleet_went()
    {
        Shrunk();
        _court.Says(status => status["phase"] = "Complete");
        Broken("I11", _court.Referee.Found?.Message);
    }

    [Fact]
    public void Finds_a_breach_soon_after_half_of_the_fleet_went()
    {
        Shrunk();
        _court.Says(status =>
            status["latch"] = new JsonObject
            {
                ["kind"] = "Breach",
                ["scope"] = "Release",
                ["reason"] = "1 failed",
            }
        );
        Broken("I11", _court.Referee.Found?.Message);
    }

    [Fact]
    public void Accepts_a_completion_once_a_smaller_fleet_may_be_believed()
    {
        Shrunk();
        _court.World.Run(TimeSpan.FromMinutes(5));
        _court.Says(status => status["phase"] = "Complete");
        Assert.Null(_court.Referee.Found);
    }

    private void Shrunk()
    {
        Assert.Null(_court.Send(1));
        _court.Observed(10);
        _court.Plant.Shrink(_court.Devices.Skip(5));
        _court.World.Run(TimeSpan.FromSeconds(1));
        _court.Scan();
        _court.World.Run(TimeSpan.FromMinutes(2));
    }

    private string? Deadlines() => Schedule.Broken(new DeadlineJudge(_court.World, _court.Plant).Judge);
}
