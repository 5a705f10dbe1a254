using System.Text.Json;
using EdgeRelease.Api;
using EdgeRelease.Observation;
using EdgeRelease.Planning;
using EdgeRelease.Tests.Unit.Planning.Builders;
using Xunit;

namespace EdgeRelease.Tests.Unit.Planning;

public sealed class SummarySizeTests
{
    private const int Limit = 32 * 1024;

    private static readonly string LongName = new('漢', 255);

    private static readonly string[] OldVersions =
    [
        .. Enumerable.Range(0, 40).Select(number => $"{LongName[..250]}{number}"),
    ];

    private static int Bytes(EdgeReleaseStatus status) =>
        JsonSerializer.SerializeToUtf8Bytes(status, ApiJson.Default.EdgeReleaseStatus).Length;

    /// <summary>A fleet of which every device has failed with an error of its own, long and hard to write in JSON.</summary>
    private static (Release Wanted, Memory Memory, Snapshot Seen) AllFailed(int devices)
    {
        var at = new DateTimeOffset(2026, 11, 22, 9, 0, 0, TimeSpan.Zero);
        var wanted = Rows.Release("v2");
        wanted = wanted with
        {
            Spec = wanted.Spec with
            {
                FailurePolicy = new FailurePolicySpec
                {
                    MaxFailures = IntOrPercent.Count(devices),
                    RestoreFailed = false,
                },
            },
        };
        var command = new Command
        {
            Kind = CommandKind.Forward,
            Version = "v2",
            Batch = 1,
            At = at,
            Seen = true,
        };
        var ids = Enumerable.Range(1, devices).Select(Rows.Id).ToList();
        var memory = new Memory
        {
            Revision = 1,
            Version = new VersionStatus
            {
                Name = "v2",
                FlowVersionId = wanted.FlowVersionId,
                FlowClass = "edge",
            },
            AppliedPercentage = 100,
            Batch = 1,
            Rows = ids.ToDictionary(
                id => id,
                id => new LedgerRow
                {
                    Device = id,
                    Revision = 1,
                    Previous = "v1",
                    Attempts = 1,
                    Last = command,
                }
            ),
        };
        var seen = new Snapshot
        {
            BeganAt = at.AddHours(1),
            EndedAt = at.AddHours(1),
            Devices = [.. Enumerable.Range(1, devices).Select(Rows.Device)],
            Deployments = ids.ToDictionary(id => id, id => Failed(id, at)),
        };
        return (wanted, memory, seen);
    }

    private static DeploymentRow Failed(DeviceId id, DateTimeOffset at) =>
        new()
        {
            Device = id,
            Current = OldVersions[(int)(id.Value % 40)],
            Desired = "v2",
            LastDesired = new DesiredEntry(at, "v2", "apiToken", null),
            LastCurrent = new CurrentEntry(at.AddMinutes(1), null, $"\u0001🙂{id} {LongName}", "v2", null),
        };

    private static EdgeReleaseStatus Summed((Release Wanted, Memory Memory, Snapshot Seen) world, Func<Plan, Plan> edit)
    {
        var plan = Planner.Plan(world.Wanted, world.Memory, world.Seen, world.Seen.EndedAt);
        return Summary.Of(
            new SummaryInput
            {
                Before = null,
                Generation = 1,
                Wanted = world.Wanted,
                Plan = edit(plan),
                WallNow = world.Seen.EndedAt,
            }
        );
    }

    [Fact]
    public void Stays_below_32_KiB_when_100_000_devices_fail()
    {
        var status = Summed(AllFailed(100_000), plan => plan);

        Assert.Equal(100_000, status.Devices!.Failed);
        Assert.Equal((10, 9), (status.Failing.Count, status.Versions.Count));
        Assert.InRange(Bytes(status), 1, Limit);
    }

    [Fact]
    public void Stays_below_8_KiB_when_the_texts_are_ordinary()
    {
        var world = new World(300);
        var policy = new FailurePolicySpec { MaxFailures = IntOrPercent.Count(300) };
        for (var revision = 2; revision <= 14; revision++)
        {
            world.Wanted = Rows.Release($"v1.{revision}.0", percentage: 90);
            world.Wanted = world.Wanted with { Spec = world.Wanted.Spec with { FailurePolicy = policy } };
            world.Settle(failing: [.. Enumerable.Range(1, 200)]);
        }

        Assert.Equal((10, 10), (world.Status!.Failing.Count, world.Status.History.Count));
        Assert.InRange(Bytes(world.Status), 1, 8 * 1024);
    }

    [Fact]
    public void Stays_below_32_KiB_and_forgets_nothing_when_every_list_is_full()
    {
        var bad = Enumerable
            .Range(0, 10)
            .Select(number => new KnownBadVersion
            {
                Version = $"{LongName[..250]}{number}",
                FlowVersionId = "65a000000000000000000001",
                Reason = "3 failed, more than maxFailures 0",
                At = DateTimeOffset.UnixEpoch,
            });
        var approvals = Enumerable
            .Range(0, 10)
            .Select(number => new Approval
            {
                Token = $"r8-s{number}-7f3a9c",
                Eligible = 9,
                By = "annotation",
            });
        var history = Enumerable
            .Range(0, 50)
            .Select(number => new HistoryEntry { Revision = 60 - number, Version = LongName });
        var status = Summed(
            AllFailed(2000),
            plan =>
                plan with
                {
                    Verdict = plan.Verdict with { Message = new string('漢', 9999) },
                    Memory = plan.Memory with
                    {
                        KnownBad = [.. bad],
                        Approvals = [.. approvals],
                        History = [.. history],
                    },
                }
        );

        Assert.InRange(Bytes(status), 1, Limit);
        Assert.Equal((10, 10), (status.KnownBad.Count, status.Approvals.Count));
        Assert.Equal($"{LongName[..250]}9", status.KnownBad[9].Version);
        Assert.Equal(60, status.History[0].Revision);
        Assert.Equal(2000, status.Versions.Values.Sum());
    }

    [Fact]
    public void Cuts_what_people_asked_of_past_revisions_before_it_forgets_one()
    {
        string[] acts = [.. Enumerable.Repeat(new string('x', 160), 10)];
        var history = Enumerable
            .Range(0, 50)
            .Select(number => new HistoryEntry
            {
                Revision = 50 - number,
                Version = "v1",
                Acts = acts,
            });
        var status = Summed(
            AllFailed(2),
            plan => plan with { Memory = plan.Memory with { Revision = 50, History = [.. history] } }
        );

        Assert.InRange(Bytes(status), 1, Limit);
        Assert.Equal((50, 10), (status.History.Count, status.History[0].Acts.Count));
    }

    [Fact]
    public void Cuts_nothing_while_there_is_room()
    {
        var history = Enumerable.Range(1, 50).Select(number => new HistoryEntry { Revision = number, Version = "v1" });
        var status = Summed(AllFailed(2), plan => plan with { Memory = plan.Memory with { History = [.. history] } });

        Assert.Equal((50, 2), (status.History.Count, status.Versions.Count));
        Assert.Equal(256, status.Failing[0].Error!.Length);
    }

    [Fact]
    public void Bounds_texts_and_keeps_whole_characters()
    {
        var message = new string('x', 1022) + "🙂 and more";
        var status = Summed(AllFailed(1), plan => plan with { Verdict = plan.Verdict with { Message = message } });

        Assert.Equal(new string('x', 1022) + "…", status.Message);
        Assert.StartsWith($"🙂{Rows.Id(1)} 漢", status.Failing[0].Error, StringComparison.Ordinal);
        Assert.EndsWith("…", status.Failing[0].Error, StringComparison.Ordinal);
        Assert.All(status.Conditions, condition => Assert.InRange(condition.Message.Length, 0, 1024));
    }
}
