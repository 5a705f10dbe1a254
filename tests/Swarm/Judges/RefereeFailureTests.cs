using System.Text.Json.Nodes;
using EdgeRelease.Planning;
using static EdgeRelease.Tests.Swarm.Judgement;
using Outcome = EdgeRelease.Simulation.Outcome;

namespace EdgeRelease.Tests.Swarm;

/// <summary>The judgements on what follows failures can fail: tolerance, watch, rollback, inconclusive steps.</summary>
public sealed class RefereeFailureTests : IDisposable
{
    private readonly Courtroom _court = new(devices: 10);

    public void Dispose() => _court.Dispose();

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

    private void Fail(params int[] numbers)
    {
        foreach (var number in numbers)
        {
            _court.Devices[number - 1].SetOutcome("v2", Outcome.Fails("sensor not found"));
        }
    }
}
