using EdgeRelease.Api;
using EdgeRelease.Observation;
using EdgeRelease.Planning;
using EdgeRelease.Tests.Unit.Planning.Builders;
using Xunit;

namespace EdgeRelease.Tests.Unit.Planning;

public sealed class SummaryCountTests
{
    private static int Sum(DeviceCounts counts) =>
        counts.Updated + counts.Updating + counts.Failed + counts.Lost + counts.Deferred + counts.Waiting;

    [Fact]
    public void Adds_up_to_the_eligible_on_every_pass()
    {
        var world = new World(40) { Wanted = Rows.Release("v2", percentage: 60) };
        world.Wanted = world.Wanted with
        {
            Spec = world.Wanted.Spec with
            {
                FailurePolicy = new FailurePolicySpec { MaxFailures = IntOrPercent.Count(9) },
                Limits = new LimitsSpec { MaxUnavailable = IntOrPercent.Count(5) },
                Exclude = new ExcludeSpec { DeviceIds = [Rows.Id(40).ToString()] },
            },
        };
        world.GoesOffline(7);
        for (var pass = 0; pass < 40; pass++)
        {
            var counts = world.Pass().Devices!;
            Assert.Equal((40, 39, 39), (counts.Matched, counts.Eligible, Sum(counts)));
            Assert.Equal($"{counts.Updated}/39", world.Status!.Progress);
            Assert.Equal(39, world.Status.Versions.Values.Sum());
            world.Obey(failing: [3, 4]);
            world.Wait(TimeSpan.FromMinutes(3));
        }

        Assert.Equal((Phase.AtPercentage, 24), (world.Status!.Phase, world.Status.Devices!.Target));
    }

    [Fact]
    public void Counts_restored_devices_among_the_failed()
    {
        var world = new World(2);
        world.Wanted = world.Wanted with
        {
            Spec = world.Wanted.Spec with
            {
                FailurePolicy = new FailurePolicySpec { MaxFailures = IntOrPercent.Count(2) },
            },
        };
        var counts = world.Settle(failing: [1]).Devices!;

        Assert.Equal((1, 1, 1), (counts.Updated, counts.Failed, counts.Restored));
    }

    [Fact]
    public void Counts_armed_devices_among_the_deferred()
    {
        var world = new World(3);
        world.GoesOffline(3);
        var counts = world.Settle().Devices!;

        Assert.Equal((2, 1, 1), (counts.Updated, counts.Deferred, counts.Armed));
    }

    [Fact]
    public void Counts_devices_that_left_apart()
    {
        var world = new World(3);
        world.Settle();
        world.Wanted = world.Wanted with
        {
            Spec = world.Wanted.Spec with { Exclude = new ExcludeSpec { DeviceIds = [Rows.Id(3).ToString()] } },
        };
        var counts = world.Pass().Devices!;

        Assert.Equal((3, 2, 1), (counts.Matched, counts.Eligible, counts.Left));
    }

    [Fact]
    public void Shows_eight_versions_and_the_rest_as_other()
    {
        var world = new World(110);
        for (var number = 1; number <= 110; number++)
        {
            world.Runs(number, $"old-{(int)Math.Sqrt(number)}");
        }

        world.Runs(1, null);
        world.Runs(2, null);
        var versions = world.Pass().Versions;

        Assert.Equal(9, versions.Count);
        Assert.Equal(110, versions.Values.Sum());
        Assert.Equal(13, versions["old-6"]);
        Assert.Equal(1 + 2 + 5, versions["other"]);
    }

    [Fact]
    public void Shows_devices_without_a_version_as_none()
    {
        var world = new World(3);
        world.Runs(2, null);

        Assert.Equal(new SortedDictionary<string, int> { ["none"] = 1, ["v1"] = 2 }, world.Pass().Versions);
    }

    [Fact]
    public void Has_no_evidence_before_the_first_command()
    {
        var world = new World(2);
        Assert.Null(world.Pass().Evidence);
        var evidence = world.Settle().Evidence!;
        Assert.Equal((2, 0, EvidenceVerdict.Pass), (evidence.Outcomes, evidence.Failures, evidence.Verdict));
    }

    [Fact]
    public void Names_the_observation()
    {
        var world = new World(1);
        var began = world.Now;

        Assert.Equal(
            new ObservationStatus
            {
                At = began,
                Duration = TimeSpan.FromSeconds(1),
                Complete = true,
            },
            world.Pass().Observation
        );
    }

    [Fact]
    public void Counts_steps_from_one_and_names_them()
    {
        var world = new World(10);
        var steps = new RolloutStep[]
        {
            new()
            {
                Name = "canary",
                Count = 2,
                Soak = TimeSpan.FromHours(2),
            },
            new() { Name = "rest", Percentage = 100 },
        };
        world.Wanted = world.Wanted with
        {
            Spec = world.Wanted.Spec with { Rollout = new RolloutSpec { Steps = steps } },
        };
        var first = world.Pass().Step!;
        var last = world.Settle();
        world.Wait(TimeSpan.FromHours(3));
        last = world.Settle();

        Assert.Equal((1, 2, "canary", false), (first.Index, first.Of, first.Name, first.Passed));
        Assert.Equal((2, 2, "rest", true), (last.Step!.Index, last.Step.Of, last.Step.Name, last.Step.Passed));
        Assert.Equal(
            [new PlannedStep { Name = "canary", Devices = 2 }, new PlannedStep { Name = "rest", Devices = 10 }],
            last.Plan!.Steps
        );
    }
}
