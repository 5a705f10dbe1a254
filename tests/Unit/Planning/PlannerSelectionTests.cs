using EdgeRelease.Api;
using EdgeRelease.Observation;
using EdgeRelease.Planning;
using Xunit;

namespace EdgeRelease.Tests.Unit.Planning;

public sealed class PlannerSelectionTests
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    [Fact]
    public void Counts_adopted_devices_into_the_share_and_never_as_evidence()
    {
        var world = A.Fleet().Of(4).On("v2").Of(6).On("v1");
        var loop = A.Loop(A.Release().At(50).Percent(), world).Until(Phase.AtPercentage);

        Assert.Equal(5, loop.Running("v2"));
        Assert.Equal(1, loop.Plan.Evidence.Outcomes);
    }

    [Fact]
    public void Sends_nothing_when_the_whole_fleet_runs_the_version_already()
    {
        var world = A.Fleet().Of(20).On("v2");

        var loop = A.Loop(A.Release(), world).For(Hour);

        Assert.Equal(Phase.Complete, loop.Phase);
        Assert.All(world.Gateways, gateway => Assert.Empty(gateway.Told));
    }

    [Fact]
    public void Serves_a_joiner_in_place_after_the_end()
    {
        var world = A.Fleet().Of(5).On("v1");
        var loop = A.Loop(A.Release(), world).Until(Phase.Complete);
        var joiner = world.Join("v1");
        loop.Watch = (plan, _) => Assert.Equal(Phase.Complete, plan.Verdict.Phase);

        loop.For(Hour);

        Assert.Equal("v2", joiner.Runs);
    }

    [Fact]
    public void Says_who_keeps_a_joiner_waiting_after_the_end()
    {
        var world = A.Fleet().Of(2).On("v1");
        var loop = A.Loop(A.Release().Unavailable(1), world).Until(Phase.Complete);
        var dark = world.Join("v1");
        dark.DiesOf.Add("v2");
        loop.For(Hour);
        world.Join("v1");

        loop.For(Hour);

        Assert.Contains($"all 1 slots are held by {dark.Id}", loop.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Gives_joiners_no_more_than_the_share_of_the_step()
    {
        var world = A.Fleet().Of(40).On("v1");
        var loop = A.Loop(A.Release().In(A.Step().Of(10).Soaking(Hour), A.Step().Of(100)), world).Until(Phase.Soaking);
        for (var i = 0; i < 20; i++)
        {
            world.Join("v1");
        }

        loop.For(Hour / 2);

        Assert.Equal(6, loop.Running("v2"));
    }

    [Fact]
    public void Excludes_an_agent_that_is_too_old_or_unknown_and_counts_why()
    {
        var world = A.Fleet().Of(5).On("v1");
        world[0].Agent = "1.38.0";
        world[1].Agent = null;
        world[2].Class = DeviceClass.Other;
        var loop = A.Loop(A.Release().Asking(release => release with { MinimumAgentVersion = "1.39.2" }), world)
            .Until(Phase.Complete);

        var excluded = new Dictionary<string, int>
        {
            ["AgentTooOld"] = 1,
            ["AgentUnknown"] = 1,
            ["WrongClass"] = 1,
        };
        Assert.Equal(excluded, loop.Plan.Fleet!.Excluded.ToDictionary());
        Assert.All(world.Gateways.Take(3), gateway => Assert.Empty(gateway.Told));
    }

    [Fact]
    public void Excludes_a_device_that_is_too_old_for_the_version_after_an_unfinished_one()
    {
        var world = A.Fleet().Of(3).On("v1");
        world[0].Agent = "1.38.0";
        var loop = A.Loop(A.Release().In(A.Step().Of(100).Soaking(Hour)), world).Until(Phase.Soaking);
        loop.Wanted = A.Release().To("v3").Asking(release => release with { MinimumAgentVersion = "1.39.0" });

        loop.For(Hour);

        Assert.DoesNotContain("v3", world[0].Told);
        Assert.Equal(1, loop.Plan.Fleet!.Excluded["AgentTooOld"]);
    }

    [Fact]
    public void Selects_by_all_tags_and_adds_named_devices()
    {
        var world = A.Fleet().Of(4).On("v1").Tagged(..2, "line", "a").Tagged(1..3, "site", "x");
        var release = A.Release()
            .For("line", "a")
            .For("site", "x")
            .With(spec => spec with { DeviceIds = [world[3].Id.ToString()] });

        A.Loop(release, world).Until(Phase.Complete);

        Assert.Equal(["v1", "v2", "v1", "v2"], world.Gateways.Select(gateway => gateway.Runs));
    }

    [Fact]
    public void Names_the_ids_that_Losant_does_not_list()
    {
        var stranger = new DeviceId(0xabc);
        var release = A.Release().With(spec => spec with { DeviceIds = [stranger.ToString()] });

        var plan = A.Loop(release, A.Fleet().Of(1).On("v1")).Pass();

        Assert.Equal([stranger], plan.Fleet!.UnknownIds);
    }

    [Fact]
    public void Waits_for_devices_and_is_never_complete_when_nothing_matches()
    {
        var loop = A.Loop(A.Release().For("line", "none"), A.Fleet().Of(3).On("v1")).For(Hour);

        Assert.Equal(WaitingKind.Devices, loop.Plan.Verdict.WaitingFor!.Kind);
        Assert.Null(loop.Memory.Result);
    }
}
