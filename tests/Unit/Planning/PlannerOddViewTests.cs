using EdgeRelease.Api;
using EdgeRelease.Observation;
using EdgeRelease.Planning;
using Xunit;

namespace EdgeRelease.Tests.Unit.Planning;

/// <summary>Snapshots that lack something: ignorance is neither health nor failure.</summary>
public sealed class PlannerOddViewTests
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(false, false)]
    public void Goes_forward_and_back_without_logs_or_etags(bool logs, bool etags)
    {
        var world = A.Fleet();
        (world.KeepsLogs, world.HasEtags) = (logs, etags);
        world.Of(5).On("v1");
        var loop = A.Loop(A.Release(), world).Until(Phase.Complete);
        Assert.Equal(5, loop.Running("v2"));
        loop.Wanted = A.Release().Aborting("r1");

        loop.Until(Phase.RolledBack);

        Assert.Equal(5, loop.Running("v1"));
    }

    [Fact]
    public void Goes_forward_when_no_device_says_since_when_it_is_connected()
    {
        var world = A.Fleet().Of(5).On("v1");
        world.Gateways.ForEach(gateway => gateway.ConnectionAt = null);

        var loop = A.Loop(A.Release(), world).Until(Phase.Complete);

        Assert.Equal(5, loop.Running("v2"));
    }

    [Fact]
    public void Passes_no_step_while_a_device_in_flight_cannot_be_read()
    {
        var world = A.Fleet().Of(2).On("v1");
        var loop = A.Loop(A.Release(), world).Until(plan => plan.Evidence.Succeeded == 1);
        var inFlight = world.Gateways.Single(gateway => loop.RowOf(gateway) is not { Outcome: Outcome.Confirmed });
        world.Advance(TimeSpan.FromMinutes(10));

        var plan = loop.Pass(Without(world, inFlight));

        Assert.Equal(Phase.Progressing, plan.Verdict.Phase);
        Assert.Equal(DeviceState.Unknown, loop.Of(inFlight).Standing.State);
    }

    [Fact]
    public void Is_not_rolled_back_while_a_moved_device_cannot_be_read()
    {
        var world = A.Fleet().Of(2).On("v1");
        var loop = A.Loop(A.Release(), world).Until(Phase.Complete);
        loop.Wanted = A.Release().Aborting("r1");
        loop.Pass();
        world.Advance(Hour);

        Assert.Equal(Phase.RollingBack, loop.Pass(Without(world, world[0])).Verdict.Phase);
        Assert.Equal(Phase.RolledBack, loop.Pass().Verdict.Phase);
    }

    [Fact]
    public void Closes_no_row_of_a_leaver_that_cannot_be_read()
    {
        var world = A.Fleet().Of(2).On("v1").Tagged(..2, "line", "a");
        var loop = A.Loop(A.Release().Removing().For("line", "a"), world);
        loop.Pass();
        var leaver = world.Gateways.Single(gateway => gateway.Told.Count > 0);
        leaver.Tags = TagSet.Empty;
        world.Advance(Hour);

        loop.Pass(Without(world, leaver));

        Assert.Null(loop.RowOf(leaver)!.Closed);
        Assert.Equal(DeviceState.Unknown, loop.Of(leaver).Standing.State);
    }

    [Fact]
    public void Keeps_the_outcome_of_a_device_that_cannot_be_read()
    {
        var world = A.Fleet().Of(2).On("v1");
        var loop = A.Loop(A.Release(), world).Until(Phase.Complete);

        loop.Pass(Without(world, world[0]));

        Assert.Equal(Outcome.Confirmed, loop.RowOf(world[0])!.Outcome);
        Assert.Equal(2, loop.Plan.Evidence.Succeeded);
    }

    [Fact]
    public void Waits_when_an_older_answer_still_shows_what_was_before_the_command()
    {
        var world = A.Fleet().Of(1).On("v1");
        var before = world.Seen();
        var loop = A.Loop(A.Release(), world).For(TimeSpan.FromMinutes(1));
        world.Advance(Hour);

        var plan = loop.Pass(before with { BeganAt = world.Now, EndedAt = world.Now });

        Assert.Empty(plan.Batches);
        Assert.Equal(DeviceState.Updating, loop.Of(world[0]).Standing.State);
    }

    private static Snapshot Without(PlannerWorld world, PlannerGateway gateway)
    {
        var seen = world.Seen();
        var rows = seen.Deployments.Where(pair => pair.Key != gateway.Id).ToDictionary();
        return seen with { Deployments = rows, AbsentRowsAreCertain = false };
    }
}
