using System.Text.Json.Nodes;
using EdgeRelease.Api;
using EdgeRelease.Controller;
using EdgeRelease.Kubernetes;
using EdgeRelease.Planning;
using EdgeRelease.Simulation;
using Outcome = EdgeRelease.Simulation.Outcome;

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
    public void Finds_a_step_begun_without_an_approval() => Broken("R27", SendBehindAGate());

    [Fact]
    public void Accepts_a_step_begun_after_an_approval()
    {
        _court.Spec["approve"] = new JsonArray("r1-s1-abcdef");
        Assert.Null(SendBehindAGate());
    }

    [Fact]
    public void Finds_more_devices_moved_than_may_unasked()
    {
        _court.Guard(new JsonObject { ["approvalAbove"] = 1 });
        Assert.Null(_court.Send(1));
        Broken("R27", _court.Send(1, 2));
    }

    [Fact]
    public void Finds_a_promotion_that_nobody_asked_for()
    {
        _court.Status["lastHandled"] = new JsonObject { ["promote"] = "r1" };
        Broken("R27", _court.Send(1));
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
    public void Finds_a_call_after_more_failures_than_the_policy_allows()
    {
        Fail(1);
        Assert.Null(_court.Send(1));
        _court.World.Run(TimeSpan.FromMinutes(5));
        Broken("I7", _court.Send(2));
    }

    [Fact]
    public void Finds_a_call_after_a_breach_of_the_tolerance()
    {
        _court.Spec["failurePolicy"] = new JsonObject { ["tolerance"] = "5%" };
        Fail(1, 2);
        Assert.Null(_court.Send(1, 2));
        _court.World.Run(TimeSpan.FromMinutes(5));
        Broken("I7", _court.Send(3));
    }

    [Theory]
    [InlineData("2h", true)]
    [InlineData("1m", false)]
    public void Finds_a_call_after_a_failure_within_the_watch_only(string watch, bool isWrong)
    {
        _court.Spec["failurePolicy"] = new JsonObject { ["watch"] = watch };
        _court.Status["result"] = "Complete";
        _court.Finished(_court.World.Time.Now);
        Fail(1);
        Assert.Null(_court.Send(1));
        _court.World.Run(TimeSpan.FromMinutes(5));
        var found = _court.Send(2);
        Assert.Equal(isWrong ? "I7" : null, found?.Split(':')[0]);
    }

    [Theory]
    [InlineData("2h", false)]
    [InlineData("1m", true)]
    public void Finds_a_rollback_for_a_failure_after_the_watch(string watch, bool isWrong)
    {
        _court.Spec["failurePolicy"] = new JsonObject { ["watch"] = watch };
        Fail(1);
        Assert.Null(_court.Send(1));
        _court.Finished(_court.World.Time.Now);
        _court.World.Run(TimeSpan.FromMinutes(5));
        _court.Status["latch"] = new JsonObject { ["kind"] = "Breach", ["at"] = _court.World.Time.Now.ToString("O") };
        _court.Back = "v1";
        _court.Cause = BackCause.Rollback;
        var found = _court.Send(1);
        Assert.Equal(isWrong ? "I7" : null, found?.Split(':')[0]);
    }

    [Fact]
    public void Accepts_a_call_after_a_failure_that_proves_nothing()
    {
        _court.Spec["failurePolicy"] = new JsonObject { ["tolerance"] = "5%" };
        Fail(1);
        Assert.Null(_court.Send(1));
        _court.World.Run(TimeSpan.FromMinutes(5));
        Assert.Null(_court.Send(2));
    }

    [Theory]
    [InlineData("Pause", true)]
    [InlineData("Continue", false)]
    public void Finds_a_step_begun_after_an_inconclusive_one(string action, bool isWrong)
    {
        _court.Spec["failurePolicy"] = new JsonObject { ["tolerance"] = "5%", ["onInconclusive"] = action };
        Fail(1);
        Assert.Null(_court.Send(1));
        _court.World.Run(TimeSpan.FromMinutes(5));
        _court.Fails(1);
        _court.World.Run(TimeSpan.FromMinutes(5));
        _court.Read();
        _court.At(step: 2);
        var found = _court.Send(2);
        Assert.Equal(isWrong ? "I7" : null, found?.Split(':')[0]);
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

    private string? SendBehindAGate()
    {
        _court.Spec["rollout"]!["steps"]![0]!["approval"] = true;
        Assert.Null(_court.Send(1));
        _court.World.Run(TimeSpan.FromMinutes(10));
        _court.Confirm(1);
        _court.Read();
        _court.At(step: 2);
        return _court.Send(2);
    }

    private void Fail(params int[] numbers)
    {
        foreach (var number in numbers)
        {
            _court.Devices[number - 1].SetOutcome("v2", Outcome.Fails("sensor not found"));
        }
    }

    internal static void Broken(string invariant, string? found) =>
        Assert.StartsWith(invariant + ":", found, StringComparison.Ordinal);
}
