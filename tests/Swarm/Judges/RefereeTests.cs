using System.Text.Json.Nodes;
using EdgeRelease.Simulation;

namespace EdgeRelease.Tests.Swarm;

/// <summary>Each judgement can fail: hand-made calls and statuses that break one invariant each.</summary>
public sealed class RefereeTests : IDisposable
{
    private readonly Courtroom _court = new(devices: 10);

    public void Dispose() => _court.Dispose();

    [Fact]
    public void Finds_nothing_in_a_call_as_it_should_be()
    {
        Assert.Null(_court.Send(1));
        Assert.Equal(1, _court.Referee.Calls);
    }

    [Fact]
    public void Finds_more_devices_than_the_step_has() => Broken("I1", _court.Send(1, 2, 3));

    [Fact]
    public void Finds_more_devices_away_than_may_be()
    {
        _court.Spec["rollout"]!["steps"]![0]!["percentage"] = 50;
        Broken("I1", _court.Send(1, 2, 3));
    }

    [Fact]
    public void Finds_steps_skipped_for_a_version_that_nobody_had()
    {
        _court.Status["fastLane"] = true;
        Broken("I1", _court.Send(1));
    }

    [Fact]
    public void Finds_a_device_that_is_not_selected()
    {
        _court.Devices[0].Retag(new KeyValuePair<string, string>("line", "other"));
        Broken("I2", _court.Send(1));
    }

    [Fact]
    public void Finds_a_version_of_somebody_else_overwritten()
    {
        _court.Plant.Application.ForeignWrite(_court.Devices[0], _court.Plant.Flow, "v3");
        Broken("I3", _court.Send(1));
    }

    [Fact]
    public void Finds_a_second_attempt_without_a_retry()
    {
        Assert.Null(_court.Send(1));
        _court.Plant.Application.ForeignWrite(_court.Devices[0], _court.Plant.Flow, "v1");
        _court.World.Run(TimeSpan.FromMinutes(1));
        Broken("I4", _court.Send(1));
    }

    [Fact]
    public void Finds_a_call_without_a_stored_intent()
    {
        _court.Status["inFlight"] = null;
        Broken("I5", _court.Send(1));
    }

    [Fact]
    public void Finds_a_call_whose_rows_are_not_stored()
    {
        _court.IsLedgerStored = false;
        Broken("I5", _court.Send(1));
    }

    [Fact]
    public void Finds_a_step_begun_while_the_one_before_is_under_way()
    {
        Assert.Null(_court.Send(1));
        _court.Devices[0].Behaviour = new DeviceBehaviour();
        _court.Read();
        _court.At(step: 2);
        Broken("I6", _court.Send(2));
    }

    [Fact]
    public void Finds_a_step_begun_without_a_look()
    {
        Assert.Null(_court.Send(1));
        _court.World.Run(TimeSpan.FromMinutes(10));
        _court.At(step: 2);
        Broken("I6", _court.Send(2));
    }

    [Fact]
    public void Finds_a_step_begun_before_the_soak_is_over()
    {
        Assert.Null(_court.Send(1));
        _court.World.Run(TimeSpan.FromMinutes(2));
        _court.Confirm(1);
        _court.Read();
        _court.At(step: 2);
        Broken("I6", _court.Send(2));
    }

    [Fact]
    public void Accepts_a_step_begun_after_the_soak()
    {
        Assert.Null(_court.Send(1));
        _court.World.Run(TimeSpan.FromMinutes(10));
        _court.Confirm(1);
        _court.Read();
        _court.At(step: 2);
        Assert.Null(_court.Send(2));
    }

    [Fact]
    public void Finds_a_call_after_an_abort()
    {
        _court.Status["latch"] = new JsonObject { ["kind"] = "Abort", ["scope"] = "Release" };
        Broken("I7", _court.Send(1));
    }

    [Fact]
    public void Finds_a_previous_version_that_the_device_never_had()
    {
        _court.Previous = "v3";
        Broken("I8", _court.Send(1));
    }

    [Fact]
    public void Finds_a_device_sent_back_to_something_else()
    {
        _court.Back = "v3";
        Broken("I8", _court.Send(1));
    }

    [Fact]
    public void Finds_a_call_soon_after_half_of_the_fleet_went()
    {
        _court.Observed(10);
        _court.Plant.Shrink(_court.Devices.Skip(5));
        _court.World.Run(TimeSpan.FromMinutes(2));
        Broken("I11", _court.Send(1));
    }

    [Fact]
    public void Accepts_one_late_call_and_finds_the_second()
    {
        _court.Lease("somebody-else");
        Assert.Null(_court.Send(1));
        Broken("I12", _court.Send(2));
    }

    [Theory]
    [InlineData("matched", 9)]
    [InlineData("eligible", 9)]
    [InlineData("updated", 1)]
    [InlineData("failed", 1)]
    public void Finds_a_count_that_is_not_true(string count, int wrong)
    {
        _court.Counts(count, wrong);
        var found = Assert.Throws<Violation>(_court.Judge);
        Broken("I14", found.Message);
    }

    [Fact]
    public void Finds_nothing_in_true_counts()
    {
        _court.Counts("waiting", 10);
        _court.Judge();
    }

    [Fact]
    public void Finds_a_completion_that_is_not_true()
    {
        _court.Counts("waiting", 10);
        _court.Status["phase"] = "Complete";
        _court.Status["devices"]!["waiting"] = 0;
        _court.Status["devices"]!["deferred"] = 10;
        Broken("I14", Assert.Throws<Violation>(_court.Judge).Message);
    }

    [Fact]
    public void Finds_a_new_object_that_begins_with_a_past()
    {
        _court.Counts("waiting", 10);
        _court.Status["revision"] = 3;
        Broken("I13", Assert.Throws<Violation>(_court.Judge).Message);
    }

    private static void Broken(string invariant, string? found) =>
        Assert.StartsWith(invariant + ":", found, StringComparison.Ordinal);
}
