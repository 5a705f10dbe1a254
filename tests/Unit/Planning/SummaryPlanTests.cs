using EdgeRelease.Api;
using EdgeRelease.Planning;
using EdgeRelease.Tests.Unit.Planning.Builders;
using Xunit;

namespace EdgeRelease.Tests.Unit.Planning;

public sealed class SummaryPlanTests
{
    private static World With(World world, Func<EdgeReleaseSpec, EdgeReleaseSpec> edit)
    {
        world.Wanted = world.Wanted with { Spec = edit(world.Wanted.Spec) };
        return world;
    }

    [Fact]
    public void Names_ten_first_devices_that_are_the_ones_moved_first()
    {
        var world = With(new World(40), spec => spec with { RolloutPercentage = 50 });
        var named = world.Pass().Plan!.FirstDevices;
        world.Settle();
        var moved = world.Ledger.Keys.Select(id => id.ToString()).ToHashSet();

        Assert.Equal(10, named.Count);
        Assert.Equal(named, named.Where(moved.Contains));
    }

    [Fact]
    public void Names_no_adopted_device_as_one_to_move()
    {
        var world = new World(4);
        world.Runs(2, "v2");

        Assert.Equal(3, world.Pass().Plan!.FirstDevices.Count);
        Assert.DoesNotContain(Rows.Id(2).ToString(), world.Status!.Plan!.FirstDevices);
    }

    [Fact]
    public void Warns_of_ids_that_losant_does_not_list()
    {
        var world = With(new World(2), spec => spec with { DeviceIds = ["5f0000000000000000000009"] });

        Assert.Equal(
            ["Losant does not list 1 of spec.deviceIds: 5f0000000000000000000009"],
            world.Pass().Plan!.Warnings
        );
    }

    [Fact]
    public void Warns_when_offline_devices_are_armed()
    {
        var world = With(new World(2), spec => spec with { Health = new HealthSpec { Offline = OfflinePolicy.Arm } });
        Assert.StartsWith("health.offline: Arm", Assert.Single(world.Pass().Plan!.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void Says_how_many_values_the_step_covers()
    {
        var rollout = new RolloutSpec
        {
            SpreadBy = ["agentVersion", "model"],
            Steps = [new RolloutStep { Name = "canary", Count = 2 }, new RolloutStep { Name = "rest", All = true }],
        };
        var world = With(new World(6), spec => spec with { Rollout = rollout });
        for (var number = 1; number <= 6; number++)
        {
            world.Put(Rows.Device(number) with { Tags = new Observation.TagSet([new("model", $"m{number % 3}")]) });
        }

        Assert.Equal("agentVersion 1/1, model 2/3", world.Pass().Plan!.Coverage);
        world.Settle();
        Assert.Equal("agentVersion 1/1, model 3/3", world.Status!.Plan!.Coverage);
        Assert.Null(With(world, spec => spec with { Rollout = null }).Pass().Plan!.Coverage);
    }

    [Fact]
    public void Bounds_the_words_on_what_the_step_covers()
    {
        var keys = Enumerable.Range(0, 4).Select(key => new string((char)('a' + key), 255)).ToList();
        var world = With(new World(2), spec => spec with { Rollout = new RolloutSpec { SpreadBy = keys } });

        Assert.Equal(256, world.Pass().Plan!.Coverage!.Length);
    }

    [Fact]
    public void Shows_the_steps_of_a_ramp()
    {
        var ramp = new RolloutSpec
        {
            Ramp = new RampSpec { Start = 1, Factor = 3 },
        };

        var steps = With(new World(200), spec => spec with { Rollout = ramp }).Pass().Plan!.Steps;

        Assert.Equal(
            "ramp-1 2, ramp-3 6, ramp-9 18, ramp-27 54, ramp-81 162, ramp-100 200",
            string.Join(", ", steps.Select(step => $"{step.Name} {step.Devices}"))
        );
    }

    [Theory]
    [InlineData(1, null)]
    [InlineData(2, "in 1 group, first site=b with 2 devices")]
    [InlineData(9, "in 2 groups, first site=a with 3 devices")]
    public void Warns_of_a_budget_that_is_as_large_as_a_group_of_several_devices(int budget, string? warning)
    {
        var world = With(
            new World(6),
            spec =>
                spec with
                {
                    Limits = new LimitsSpec
                    {
                        PerGroup = new GroupLimitSpec { Tag = "site", MaxUnavailable = budget },
                    },
                }
        );
        for (var number = 1; number <= 6; number++)
        {
            var site =
                number <= 3 ? "a"
                : number <= 5 ? "b"
                : "alone";
            world.Put(Rows.Device(number) with { Tags = new Observation.TagSet([new("site", site)]) });
        }

        var warnings = world.Pass().Plan!.Warnings;

        Assert.Equal(warning is null ? 0 : 1, warnings.Count);
        Assert.EndsWith(warning ?? "", warnings.SingleOrDefault() ?? "", StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(9, "spec.guard.perGroup.maxUnavailable of LosantApplication plant-a 9 lets every device")]
    [InlineData(1, null)]
    public void Warns_of_an_applications_budget_that_is_as_large_as_a_group_unless_the_release_is_stricter(
        int own,
        string? warning
    )
    {
        var perSite = new GroupLimitSpec { Tag = "site", MaxUnavailable = 9 };
        var world = With(
            new World(4),
            spec =>
                spec with
                {
                    Limits = new LimitsSpec { PerGroup = own < 9 ? perSite with { MaxUnavailable = own } : null },
                }
        );
        world.Wanted = world.Wanted with
        {
            Rails = new Rails
            {
                Application = "plant-a",
                Guard = new GuardSpec { PerGroup = perSite },
            },
        };
        for (var number = 1; number <= 4; number++)
        {
            world.Put(Rows.Device(number) with { Tags = new Observation.TagSet([new("site", "a")]) });
        }

        var warnings = world.Pass().Plan!.Warnings;

        Assert.Equal(warning is null ? 0 : 1, warnings.Count);
        Assert.StartsWith(warning ?? "", warnings.SingleOrDefault() ?? "", StringComparison.Ordinal);
    }

    [Fact]
    public void Names_the_group_of_a_failing_device()
    {
        var world = With(
            new World(1),
            spec => spec with { Limits = new LimitsSpec { PerGroup = new GroupLimitSpec { Tag = "site" } } }
        );
        world.Put(Rows.Device(1) with { Tags = new Observation.TagSet([new("site", "hamburg")]) });

        Assert.Equal("site=hamburg", world.Settle(1).Failing.Single().Group);
    }

    [Fact]
    public void Warns_of_agents_that_never_reported_when_there_is_a_minimum()
    {
        var world = new World(3);
        world.Wanted = world.Wanted with { MinimumAgentVersion = "1.41.0" };
        world.Put(Rows.Device(1) with { AgentVersion = null });
        world.Put(Rows.Device(2) with { AgentVersion = "1.38.0" });
        var plan = world.Pass().Plan!;

        Assert.Equal(new SortedDictionary<string, int> { ["AgentTooOld"] = 1, ["AgentUnknown"] = 1 }, plan.Excluded);
        Assert.Equal(
            "1 device left out because the agent never reported its version and v2 needs 1.41.0 or newer",
            Assert.Single(plan.Warnings)
        );
    }

    [Fact]
    public void Keeps_the_hash_while_the_plan_stays_and_changes_it_when_the_plan_does()
    {
        var world = new World(30);
        var first = world.Pass().Plan!.Hash;
        var again = world.Pass().Plan!.Hash;
        With(world, spec => spec with { RolloutPercentage = 40 });

        Assert.Equal(8, first!.Length);
        Assert.Equal(first, again);
        Assert.NotEqual(first, world.Pass().Plan!.Hash);
    }

    [Fact]
    public void Pins_what_was_resolved_and_keeps_it_when_nothing_is_said()
    {
        var world = new World(1);
        world.Pass();
        var flow = new PinnedFlow
        {
            Id = "575ed18f7ae143cd83dc4aa6",
            Name = "line-monitor",
            Class = "edge",
        };
        var application = new PinnedApplication { Name = "plant-a", Id = "575ec8687ae143cd83dc4a97" };
        var pinned = Summary.Of(world.Input(world.Plan!) with { Flow = flow, Application = application });
        var kept = Summary.Of(world.Input(world.Plan!) with { Before = pinned });

        Assert.Equal((flow, application), (kept.Flow, kept.Application));
    }
}
