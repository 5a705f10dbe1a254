using EdgeRelease.Api;
using EdgeRelease.Observation;
using EdgeRelease.Planning;
using Xunit;

namespace EdgeRelease.Tests.Unit.Planning;

/// <summary>rollout.spreadBy (F022): each step covers every combination of values as evenly as it can.</summary>
public sealed class PlannerSpreadTests
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    [Fact]
    public void Gives_each_of_three_strata_one_of_three_canaries()
    {
        var world = Models("a", "a", "a", "a", "a", "a", "a", "a", "a", "b", "b", "c");
        var release = A.Release().In(A.Step("canary").Count(3).Soaking(Hour), A.Step("rest").All()).SpreadBy("model");

        A.Loop(release, world).Until(Phase.Soaking);

        Assert.Equal(["a", "b", "c"], Told(world).Order());
    }

    [Fact]
    public void Goes_round_again_when_every_stratum_has_one_and_takes_the_rest_where_strata_are_used_up()
    {
        var world = Models("a", "a", "a", "a", "a", "a", "a", "a", "a", "b", "b", "c");
        var release = A.Release()
            .In(A.Step("five").Count(5).Soaking(Hour), A.Step("eight").Count(8).Soaking(Hour), A.Step("rest").All())
            .SpreadBy("model");

        var loop = A.Loop(release, world).Until(Phase.Soaking);
        Assert.Equal("a a b b c", string.Join(' ', Told(world).Order()));
        loop.Until(plan => plan.Memory.Step.Index == 1).Until(Phase.Soaking);

        Assert.Equal("a a a a a b b c", string.Join(' ', Told(world).Order()));
    }

    [Fact]
    public void Takes_the_lowest_rank_of_each_stratum()
    {
        var world = Models("a", "a", "a", "a", "b", "b", "b", "b");
        var release = A.Release().In(A.Step("canary").Count(2).Soaking(Hour), A.Step("rest").All()).SpreadBy("model");

        var loop = A.Loop(release, world).Until(Phase.Soaking);

        var first = loop
            .Plan.Fleet!.Devices.GroupBy(device => device.Seen.Tags.First("model"))
            .Select(model => model.First().Id);
        Assert.Equal(first.Order(), world.Tellings.Select(telling => telling.Gateway.Id).Order());
    }

    [Fact]
    public void Spreads_over_combinations_and_over_the_version_of_the_agent()
    {
        var world = Models("a", "a", "a", "a", "a", "a", "b", "b");
        world[5].Agent = "1.44.0";
        world[7].Agent = "1.44.0";
        var release = A.Release()
            .In(A.Step("canary").Count(4).Soaking(Hour), A.Step("rest").All())
            .SpreadBy("model", "agentVersion");

        A.Loop(release, world).Until(Phase.Soaking);

        Assert.Equal(
            ["a 1.40.0", "a 1.44.0", "b 1.40.0", "b 1.44.0"],
            world.Tellings.Select(telling => $"{Model(telling.Gateway)} {telling.Gateway.Agent}").Order()
        );
    }

    [Fact]
    public void Counts_devices_without_the_tag_as_a_stratum()
    {
        var world = Models("a", "a", "a", "a").Of(1).On("v1");
        var release = A.Release().In(A.Step("canary").Count(2).Soaking(Hour), A.Step("rest").All()).SpreadBy("model");

        A.Loop(release, world).Until(Phase.Soaking);

        Assert.Contains(world[4], world.Tellings.Select(telling => telling.Gateway));
    }

    [Fact]
    public void Lets_what_was_adopted_count_for_its_stratum()
    {
        var world = A.Fleet().Of(2).On("v2").Of(6).On("v1");
        for (var i = 0; i < 8; i++)
        {
            world[i].Tags = new TagSet([new("model", i < 4 ? "a" : "b")]);
        }

        var release = A.Release().In(A.Step("canary").Count(4).Soaking(Hour), A.Step("rest").All()).SpreadBy("model");

        A.Loop(release, world).Until(Phase.Soaking);

        Assert.Equal(["b", "b"], Told(world));
    }

    [Fact]
    public void Spreads_within_a_ring()
    {
        var world = Models("a", "a", "a", "b", "a", "b").Tagged(..4, "ring", "lab");
        var release = A.Release()
            .In(A.Step("lab").Ring("ring", "lab").Count(2).Soaking(Hour), A.Step("rest").All())
            .SpreadBy("model");

        A.Loop(release, world).Until(Phase.Soaking);

        Assert.Equal(["a", "b"], Told(world).Order());
        Assert.All(world.Tellings, telling => Assert.True(telling.Gateway.Tags.Has("ring", "lab")));
    }

    [Fact]
    public void Keeps_whom_it_told_when_strata_change_and_devices_join()
    {
        var world = Models("a", "a", "a", "a", "b", "b");
        var release = A.Release().In(A.Step("canary").Count(2).Soaking(Hour), A.Step("rest").All()).SpreadBy("model");
        var loop = A.Loop(release, world).Until(Phase.Soaking);
        var told = world.Tellings.Count;
        world.Join("v1").Tags = new TagSet([new("model", "c")]);
        world[5].Tags = new TagSet([new("model", "d")]);

        loop.For(TimeSpan.FromMinutes(30));

        Assert.Equal((told, Phase.Soaking), (world.Tellings.Count, loop.Phase));
    }

    private static string Model(PlannerGateway gateway) => gateway.Tags.First("model")!;

    private static List<string> Told(PlannerWorld world) =>
        [.. world.Tellings.Select(telling => Model(telling.Gateway))];

    /// <summary>Devices of these models, on v1.</summary>
    private static PlannerWorld Models(params string[] models)
    {
        var world = A.Fleet().Of(models.Length).On("v1");
        for (var i = 0; i < models.Length; i++)
        {
            world[i].Tags = new TagSet([new("model", models[i])]);
        }

        return world;
    }
}
