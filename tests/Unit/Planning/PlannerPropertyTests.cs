using EdgeRelease.Api;
using EdgeRelease.Observation;
using EdgeRelease.Planning;
using Xunit;

namespace EdgeRelease.Tests.Unit.Planning;

/// <summary>What holds for every fleet, order and time. A failure names its seed.</summary>
public sealed class PlannerPropertyTests
{
    private static readonly int Seeds = int.Parse(Environment.GetEnvironmentVariable("PLANNER_SEEDS") ?? "60");
    private static readonly int First = int.Parse(Environment.GetEnvironmentVariable("PLANNER_FIRST") ?? "1");

    [Fact]
    public void Holds_slots_share_and_selection_whatever_happens() =>
        ForEachSeed(seed =>
        {
            var scenario = new PlannerScenario(seed) { HasVisitors = seed % 2 == 0 };
            scenario.Loop.Watch = (plan, _) => PlannerChecks.Batches(scenario.Loop, plan);
            scenario.Run();
        });

    [Fact]
    public void Comes_to_rest_and_says_the_truth_when_the_trouble_is_over() =>
        ForEachSeed(seed =>
        {
            var scenario = new PlannerScenario(seed) { HasVisitors = seed % 2 == 0 };
            scenario.Run().Settle();
            PlannerChecks.Rest(scenario.Loop);
        });

    [Fact]
    public void Brings_each_device_back_to_its_own_version_after_a_rollback() =>
        ForEachSeed(seed =>
        {
            var scenario = new PlannerScenario(seed);
            scenario.Run();
            // A dark device keeps its group waiting, also on the way back.
            scenario.Loop.Wanted = new ReleaseBuilder { Built = scenario.Loop.Wanted }
                .PerGroup(null)
                .Asking(wanted => wanted with { Rails = new Rails() })
                .Aborting("r1");
            scenario.Settle();

            Assert.Equal(Phase.RolledBack, scenario.Loop.Phase);
            Assert.All(
                scenario.Loop.World.Gateways.Where(gateway => gateway.Told.Count > 0),
                gateway => Assert.Equal(scenario.Original[gateway.Id], gateway.Wants)
            );
        });

    [Fact]
    public void Plans_the_same_whatever_the_order_of_devices_and_rows() =>
        ForEachSeed(seed =>
        {
            var scenario = new PlannerScenario(seed) { HasVisitors = true };
            var random = new Random(seed);
            var loop = scenario.Loop;
            var before = loop.Memory;
            loop.Watch = (plan, seen) =>
            {
                var rows = before.Rows.ToArray();
                var devices = seen.Devices.ToArray();
                random.Shuffle(rows);
                random.Shuffle(devices);
                var shuffled = before with { Rows = new Dictionary<DeviceId, LedgerRow>(rows) };
                var again = Planner.Plan(loop.Wanted, shuffled, seen with { Devices = devices }, loop.World.Now);
                Assert.Equal(PlannerChecks.Text(plan), PlannerChecks.Text(again));
            };
            loop.Sent = memory => before = memory;
            scenario.Run();
        });

    [Fact]
    public void Plans_the_same_at_any_time_before_it_wants_to_wake() =>
        ForEachSeed(seed =>
        {
            var scenario = new PlannerScenario(seed) { HasVisitors = true };
            var random = new Random(seed);
            var loop = scenario.Loop;
            var before = loop.Memory;
            loop.Watch = (plan, seen) =>
            {
                var until = plan.WakeAt ?? seen.BeganAt + TimeSpan.FromDays(30);
                var at = seen.BeganAt + ((until - seen.BeganAt - TimeSpan.FromTicks(1)) * random.NextDouble());
                var now = at > loop.World.Now ? at : loop.World.Now;
                var later = Planner.Plan(loop.Wanted, before, seen with { BeganAt = at, EndedAt = at }, now);
                Assert.Equal(PlannerChecks.Course(plan), PlannerChecks.Course(later));
            };
            loop.Sent = memory => before = memory;
            scenario.Run();
        });

    [Fact]
    public void A_larger_percentage_contains_the_smaller_one() =>
        ForEachSeed(seed =>
        {
            var fleet = Fleet(seed, out var release, out _);
            HashSet<DeviceId> smaller = [];
            for (var percentage = 0; percentage <= 100; percentage += 7)
            {
                var wanted = release with { Spec = release.Spec with { RolloutPercentage = percentage } };
                var share = Share.Of(fleet, wanted, [new RolloutStep { Percentage = 100 }], 0);
                var ids = share.Devices.Select(device => device.Id).ToHashSet();
                Assert.Superset(smaller, ids);
                smaller = ids;
            }
        });

    [Fact]
    public void A_joiner_changes_nobody_elses_rank() =>
        ForEachSeed(seed =>
        {
            var before = Fleet(seed, out var release, out var world);
            world.Join("v1").Tags = world[0].Tags;
            var after = EdgeRelease.Planning.Fleet.Of(release, new Memory { Revision = 1 }, world.Seen());

            var ranks = after.Devices.ToDictionary(device => device.Id, device => device.Rank);
            Assert.All(before.Devices, device => Assert.Equal(device.Rank, ranks[device.Id]));
        });

    private static Fleet Fleet(int seed, out Release release, out PlannerWorld world)
    {
        var loop = new PlannerScenario(seed).Loop;
        (release, world) = (loop.Wanted, loop.World);
        return EdgeRelease.Planning.Fleet.Of(release, new Memory { Revision = 1 }, world.Seen());
    }

    private static void ForEachSeed(Action<int> check)
    {
        for (var seed = First; seed < First + Seeds; seed++)
        {
            try
            {
                check(seed);
            }
            catch (Exception failed)
            {
                throw new InvalidOperationException($"seed {seed}: {failed.Message}", failed);
            }
        }
    }
}
