using EdgeRelease.Api;
using EdgeRelease.Planning;
using EdgeRelease.Tests.Unit.Planning.Builders;
using Xunit;

namespace EdgeRelease.Tests.Unit.Planning;

/// <summary>What must be written, and when.</summary>
public sealed class SummaryChangeTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Says_the_same_in_100_unchanged_passes(int failing)
    {
        var world = new World(8);
        world.GoesOffline(8);
        var first = world.Settle(failing: [.. Enumerable.Range(1, failing)]);
        for (var pass = 0; pass < 100; pass++)
        {
            world.Wait(TimeSpan.FromMinutes(5));
            Assert.True(Summary.IsSame(first, world.Pass()), $"pass {pass}");
        }
    }

    [Fact]
    public void Says_the_same_in_unchanged_passes_of_a_wait()
    {
        var world = new World(4);
        for (var number = 1; number <= 4; number++)
        {
            world.GoesOffline(number);
        }

        world.Wanted = world.Wanted with { Spec = world.Wanted.Spec with { DeviceIds = ["5f0000000000000000000009"] } };
        world.Pass();
        var first = world.Pass();
        world.Wait(TimeSpan.FromHours(2));

        Assert.Equal(WaitingKind.Reachable, first.WaitingFor!.Kind);
        Assert.True(Summary.IsSame(first, world.Pass()));
    }

    [Fact]
    public void Says_the_same_whatever_the_order_of_keys()
    {
        var status = new World(2).Pass();
        var one = status with
        {
            Versions = new Dictionary<string, int> { ["v1"] = 1, ["v2"] = 2 },
        };
        var other = status with
        {
            Versions = new Dictionary<string, int> { ["v2"] = 2, ["v1"] = 1 },
        };

        Assert.True(Summary.IsSame(one, other));
    }

    [Fact]
    public void Says_something_else_when_a_count_changes()
    {
        var status = new World(2).Pass();
        Assert.False(Summary.IsSame(status, status with { Progress = "1/2" }));
    }

    [Fact]
    public void Says_something_else_than_nothing()
    {
        var status = new World(2).Pass();
        Assert.False(Summary.IsSame(null, status));
        Assert.True(Summary.IsUrgent(null, status));
    }

    [Fact]
    public void Is_not_urgent_when_only_numbers_change()
    {
        var world = new World(50);
        var spec = world.Wanted.Spec with { Health = new HealthSpec { Offline = OfflinePolicy.Defer } };
        world.Wanted = world.Wanted with { Spec = spec };
        world.Settle();
        world.Put(Rows.Device(51) with { Connected = false });
        var before = world.Status;
        var after = world.Pass();

        Assert.False(Summary.IsSame(before, after));
        Assert.NotEqual(before!.Message, after.Message);
        Assert.False(Summary.IsUrgent(before, after));
    }

    public static TheoryData<string> Urgent => [.. Changes.Keys];

    private static readonly Dictionary<string, Func<EdgeReleaseStatus, EdgeReleaseStatus>> Changes = new()
    {
        ["observedGeneration"] = status => status with { ObservedGeneration = 9 },
        ["phase"] = status => status with { Phase = Phase.Paused },
        ["revision"] = status => status with { Revision = 9 },
        ["version"] = status => status with { Version = new VersionStatus { Name = "v9" } },
        ["application"] = status => status with { Application = new PinnedApplication { Name = "other" } },
        ["flow"] = status => status with { Flow = new PinnedFlow { Name = "other" } },
        ["step"] = status => status with { Step = status.Step! with { SoakUntil = DateTimeOffset.UnixEpoch } },
        ["waitingFor"] = status => status with { WaitingFor = new WaitingFor { Kind = WaitingKind.Approval } },
        ["knownBad"] = status => status with { KnownBad = [new KnownBadVersion { Version = "v9" }] },
        ["suggestedPatch"] = status => status with { SuggestedPatch = "{}" },
        ["appliedPercentage"] = status => status with { AppliedPercentage = 9 },
        ["inFlight"] = status => status with { InFlight = new InFlightBatch { Batch = 9 } },
        ["approvals"] = status => status with { Approvals = [new Approval { Token = "t" }] },
        ["lastHandled"] = status => status with { LastHandled = new HandledRequests { Abort = "r9" } },
        ["history"] = status => status with { History = [new HistoryEntry { Revision = 9 }] },
        ["latch"] = status => status with { Latch = new RollbackLatch() },
        ["result"] = status => status with { Result = RevisionResult.RolledBack },
        ["batch"] = status => status with { Batch = 9 },
        ["pause"] = status => status with { Pause = new PolicyPause() },
        ["acknowledged"] = status => status with { Acknowledged = new AcknowledgedFailures { Failures = 9 } },
        ["fastLane"] = status => status with { FastLane = true },
        ["startedAt"] = status => status with { StartedAt = DateTimeOffset.UnixEpoch },
        ["condition status"] = status =>
            status with
            {
                Conditions = [status.Conditions[0] with { Status = ConditionStatus.True }],
            },
        ["condition reason"] = status => status with { Conditions = [status.Conditions[0] with { Reason = "Other" }] },
        ["condition gone"] = status => status with { Conditions = [] },
    };

    [Theory]
    [MemberData(nameof(Urgent))]
    public void Is_urgent_when_more_than_numbers_changes(string what)
    {
        var status = new World(2).Pass();
        Assert.True(Summary.IsUrgent(status, Changes[what](status)));
    }
}
