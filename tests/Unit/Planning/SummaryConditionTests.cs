using EdgeRelease.Api;
using EdgeRelease.Planning;
using EdgeRelease.Tests.Unit.Planning.Builders;
using Xunit;

namespace EdgeRelease.Tests.Unit.Planning;

public sealed class SummaryConditionTests
{
    [Fact]
    public void Keeps_the_transition_time_while_the_status_stays()
    {
        var world = new World(4);
        var first = world.Pass().Find("Reconciling")!;
        world.Wait(TimeSpan.FromMinutes(5));
        var second = world.Pass().Find("Reconciling")!;

        Assert.Equal(first.LastTransitionTime, second.LastTransitionTime);
    }

    [Fact]
    public void Moves_the_transition_time_when_the_status_changes()
    {
        var world = new World(2);
        var before = world.Pass().Find("Ready")!;
        var after = world.Settle().Find("Ready")!;

        Assert.Equal(("Unknown", "True"), (before.Status.ToString(), after.Status.ToString()));
        Assert.True(after.LastTransitionTime > before.LastTransitionTime);
    }

    [Fact]
    public void Keeps_the_transition_time_when_only_the_reason_changes()
    {
        var world = new World(2);
        var moving = world.Pass();
        world.Wanted = world.Wanted with { PausedBecause = "inventory" };
        var paused = world.Pass();

        Assert.Equal(
            (Reasons.Progressing, Reasons.Paused),
            (moving.Find("Ready")!.Reason, paused.Find("Ready")!.Reason)
        );
        Assert.Equal(moving.Find("Ready")!.LastTransitionTime, paused.Find("Ready")!.LastTransitionTime);
    }

    [Fact]
    public void Writes_whole_seconds() =>
        Assert.All(
            new World(1).Pass().Conditions,
            condition => Assert.Equal(0, condition.LastTransitionTime.Ticks % TimeSpan.TicksPerSecond)
        );

    [Fact]
    public void Has_no_abnormal_condition_when_all_is_well() =>
        Assert.Equal(
            ["Ready", "Planned", "Healthy"],
            new World(2).Settle().Conditions.Select(condition => condition.Type)
        );

    [Fact]
    public void Removes_paused_when_resumed()
    {
        var world = new World(2) { Wanted = Rows.Release("v2") with { PausedBecause = "inventory" } };
        Assert.Equal("by annotation: inventory", world.Pass().Find("Paused")!.Message);

        world.Wanted = world.Wanted with { PausedBecause = null };
        Assert.Null(world.Pass().Find("Paused"));
    }

    [Fact]
    public void Is_paused_when_the_spec_says_so()
    {
        var world = new World(2);
        world.Wanted = world.Wanted with { Spec = world.Wanted.Spec with { Paused = true } };

        Assert.Equal("by spec.paused", world.Pass().Find("Paused")!.Message);
    }

    [Fact]
    public void Names_the_token_when_the_policy_paused()
    {
        var world = new World(3);
        world.Wanted = world.Wanted with
        {
            Spec = world.Wanted.Spec with { FailurePolicy = new FailurePolicySpec { OnBreach = BreachAction.Pause } },
        };
        var status = world.Settle(failing: [1, 2, 3]);

        Assert.Equal(Reasons.PausedByPolicy, status.Find("Paused")!.Reason);
        Assert.Equal(WaitingKind.Resume, status.WaitingFor!.Kind);
        Assert.Contains(status.WaitingFor.Token!, status.Find("Paused")!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Is_unhealthy_when_a_device_shows_an_error()
    {
        var world = new World(1);
        world.Pass();
        world.Obey(failing: 1);
        var healthy = world.Pass().Find("Healthy")!;

        Assert.Equal((ConditionStatus.False, Reasons.DevicesFailing), (healthy.Status, healthy.Reason));
        Assert.Contains($"{Rows.Id(1)}: cannot start node 12345", healthy.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Cannot_tell_health_when_a_device_went_dark_for_good()
    {
        var world = new World(2);
        world.Pass();
        var commanded = world.Plan!.Batches[0].Rows[0].Device;
        world.GoesOffline(commanded == Rows.Id(1) ? 1 : 2);
        world.Wait(TimeSpan.FromMinutes(31));
        var healthy = world.Pass().Find("Healthy")!;

        Assert.Equal((ConditionStatus.Unknown, Reasons.DevicesLost), (healthy.Status, healthy.Reason));
    }

    [Fact]
    public void Is_healthy_again_and_says_how_to_go_on_when_who_went_dark_is_back_on_what_it_ran()
    {
        var world = A.Fleet().Of(30).On("v1");
        var loop = A.Loop(A.Release().In(A.Step().Of(30), A.Step().Of(100)), world)
            .Until(plan => plan.Evidence.Succeeded > 0);
        var gone = world.Gateways.First(gateway => gateway.Told.Count > 0 && gateway.Runs == "v1");
        world.Disconnect(gone);
        loop.For(TimeSpan.FromHours(1));
        var dark = Summaries.Of(loop).Find("Healthy")!;
        world.Connect(gone);
        loop.For(TimeSpan.FromHours(1));
        var status = Summaries.Of(loop);

        Assert.Equal((ConditionStatus.Unknown, Reasons.DevicesLost), (dark.Status, dark.Reason));
        Assert.Equal("v1", gone.Runs);
        var healthy = status.Find("Healthy")!;
        Assert.Equal((ConditionStatus.True, 1), (healthy.Status, status.Devices!.Lost));
        const string what = "1 went dark and came back: edgerelease.dev/retry=r1 tries again";
        Assert.EndsWith(what, healthy.Message, StringComparison.Ordinal);
        Assert.Contains(what, loop.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Names_who_commanded_a_device_besides()
    {
        var world = new World(2);
        world.Settle();
        world.IsTakenBy(2, "5f0000000000000000000001");
        var status = world.Pass();

        Assert.Equal(1, status.Devices!.Drifted);
        Assert.Equal(
            $"1 device left alone: 1 by user 5f0000000000000000000001, last {status.Observation!.At.AddSeconds(-1):yyyy-MM-ddTHH:mm:ssZ}, first device {Rows.Id(2)}",
            status.Find("DriftDetected")!.Message
        );
    }

    [Fact]
    public void Names_the_owner_when_another_release_holds_devices()
    {
        var world = new World(3);
        var theirs = new EdgeReleaseSpec { DeviceIds = [Rows.Id(1).ToString(), Rows.Id(2).ToString()] };
        world.Wanted = world.Wanted with { Rivals = [new Rival("plant-a/older", new Selection(theirs))] };
        var status = world.Pass();

        Assert.Equal(2, status.Devices!.Conflicted);
        Assert.Equal("2 belong to plant-a/older", status.Find("Conflicted")!.Message);
    }

    [Fact]
    public void Is_not_planned_when_the_version_is_missing()
    {
        var world = new World(2);
        world.Wanted = world.Wanted with
        {
            FlowVersionId = null,
            Problem = new Obstacle(Reasons.VersionNotFound, "no v2"),
        };
        var status = world.Pass();

        Assert.Equal("False", status.Word("Planned"));
        Assert.Equal("Failed", KStatus.Of(status, 1));
    }
}
