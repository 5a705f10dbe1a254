using System.Text.Json.Nodes;
using EdgeRelease.Simulation;
using static EdgeRelease.Tests.Swarm.Judgement;

namespace EdgeRelease.Tests.Swarm;

/// <summary>The judgements on the order of steps, on soaks and on approvals can fail.</summary>
public sealed class RefereeStepTests : IDisposable
{
    private readonly Courtroom _court = new(devices: 10);

    public void Dispose() => _court.Dispose();

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
}
