using System.Text.Json.Nodes;
using EdgeRelease.Api;
using EdgeRelease.Controller;
using EdgeRelease.Kubernetes;
using static EdgeRelease.Tests.Swarm.Judgement;

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
    public void Finds_a_device_of_a_stronger_release_commanded()
    {
        _court.Beside("hotfix", priority: 1);
        _court.World.Run(TimeSpan.FromMinutes(4));
        Broken("I3", _court.Send(1));
    }

    [Fact]
    public void Finds_nothing_in_a_call_beside_a_weaker_release()
    {
        _court.Beside("hotfix", priority: -1);
        _court.World.Run(TimeSpan.FromMinutes(4));
        Assert.Null(_court.Send(1));
    }

    [Fact]
    public void Finds_drift_overwritten_that_is_only_to_be_reported()
    {
        Assert.Null(_court.Send(1));
        Assert.StartsWith("I3: ", _court.Correct(1), StringComparison.Ordinal);
    }

    [Fact]
    public void Finds_the_third_correction_within_an_hour()
    {
        _court.Spec["policy"] = new JsonObject { ["drift"] = "Correct" };
        Assert.Null(_court.Send(1));
        Assert.Null(_court.Correct(1));
        Assert.Null(_court.Correct(1));
        Assert.EndsWith("was corrected 3 times within an hour", _court.Correct(1), StringComparison.Ordinal);
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
    public void Finds_a_device_sent_back_twice()
    {
        Assert.Null(_court.Send(1));
        _court.World.Run(TimeSpan.FromMinutes(1));
        _court.Back = "v1";
        Assert.Null(_court.Send(1));
        _court.World.Run(TimeSpan.FromMinutes(1));
        _court.Plant.Application.ForeignWrite(_court.Devices[0], _court.Plant.Flow, "v2");
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
    public void Finds_a_call_after_an_abort()
    {
        _court.Status["latch"] = new JsonObject { ["kind"] = "Abort", ["scope"] = "Release" };
        Broken("I7", _court.Send(1));
    }

    [Theory]
    [InlineData("Secret", "losant")]
    [InlineData("LosantApplication", World.ApplicationName)]
    public void Finds_a_call_without_the_object_that_allows_it(string kind, string name)
    {
        _court.World.Cluster.Remove(
            kind == "Secret" ? ResourceKind.Secret : Kinds.Application,
            new ResourceKey(World.Namespace, name)
        );
        Assert.Null(_court.Send(1));
        _court.World.Run(TimeSpan.FromMinutes(5));
        Broken("F112", _court.Send(2));
    }

    [Theory]
    [InlineData(Annotations.Abort, "r1")]
    [InlineData(Annotations.Paused, "line 4 is down")]
    public void Finds_a_call_that_somebody_had_stopped_by_annotation(string annotation, string value)
    {
        _court.Annotations[annotation] = value;
        Broken("I7", _court.Send(1));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("v1")]
    public void Finds_a_call_of_a_release_that_only_observes(string? back)
    {
        _court.Spec["policy"] = new JsonObject { ["mode"] = "Observe" };
        _court.Back = back;
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
        _court.World.Run(TimeSpan.FromSeconds(1));
        _court.Scan();
        _court.World.Run(TimeSpan.FromMinutes(2));
        Broken("I11", _court.Send(1));
    }

    [Fact]
    public void Accepts_a_call_before_all_devices_were_read_after_half_of_them_went()
    {
        _court.Observed(10);
        _court.Plant.Shrink(_court.Devices.Skip(5));
        _court.World.Run(TimeSpan.FromMinutes(2));

        Assert.Null(_court.Send(1));
    }

    [Fact]
    public void Accepts_one_late_call_and_finds_the_second()
    {
        _court.Lease("somebody-else");
        Assert.Null(_court.Send(1));
        Broken("I12", _court.Send(2));
    }
}
