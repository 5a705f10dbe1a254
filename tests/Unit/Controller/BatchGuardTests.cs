using EdgeRelease.Api;
using EdgeRelease.Controller;
using EdgeRelease.Observation;
using EdgeRelease.Planning;
using Xunit;

namespace EdgeRelease.Tests.Unit.Controller;

/// <summary>Each production guard fires, and none does in a rollout that keeps the rules.</summary>
public sealed class BatchGuardTests
{
    private static readonly DateTimeOffset At = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly DeviceId First = new(1);
    private static readonly DeviceId Second = new(2);

    private static readonly Release Wanted = new()
    {
        Uid = "uid",
        FlowId = "575ed18f7ae143cd83dc4aa6",
        Spec = new EdgeReleaseSpec
        {
            Flow = "line-monitor",
            Version = "v2",
            AllDevices = true,
            RolloutPercentage = 100,
            Limits = new LimitsSpec { MaxUnavailable = IntOrPercent.Percent(100) },
        },
    };

    private static readonly TagSet Site = new([new("site", "hamburg")]);

    private static readonly Memory Begun = new() { Revision = 1, Step = new StepMark() };

    [Fact]
    public void Lets_a_batch_pass_that_keeps_the_rules()
    {
        Assert.Null(Forward(Wanted, Begun));
        Assert.Null(Back(Wanted, Told(First), "v1"));
    }

    [Fact]
    public void I1_refuses_more_than_may_be_unavailable()
    {
        var one = Wanted with
        {
            Spec = Wanted.Spec with { Limits = new LimitsSpec { MaxUnavailable = new IntOrPercent(1, false) } },
        };

        Assert.Null(Forward(one, Begun, First));
        Assert.StartsWith("I1", Forward(one, Begun, First, Second), StringComparison.Ordinal);
    }

    [Fact]
    public void I1_refuses_more_than_may_be_told_within_a_minute()
    {
        var one = Wanted with { Spec = Wanted.Spec with { Limits = Wanted.Spec.Limits with { PerMinute = 1 } } };
        var justTold = Begun with { Rows = new Dictionary<DeviceId, LedgerRow> { [Second] = Told(Second) } };
        var toldLongAgo = Told(Second) with { Last = Told(Second).Last! with { At = At.AddMinutes(-1) } };
        var longAgo = Begun with { Rows = new Dictionary<DeviceId, LedgerRow> { [Second] = toldLongAgo } };

        Assert.Null(Forward(one, Begun, First));
        Assert.StartsWith("I1", Forward(one, Begun, First, Second), StringComparison.Ordinal);
        Assert.StartsWith("I1", Forward(one, justTold, First), StringComparison.Ordinal);
        Assert.Null(Forward(one, longAgo, First));
    }

    [Fact]
    public void I1_refuses_a_second_device_of_a_group_on_either_way()
    {
        var perSite = Wanted with
        {
            Spec = Wanted.Spec with
            {
                Limits = Wanted.Spec.Limits with { PerGroup = new GroupLimitSpec { Tag = "site" } },
            },
        };

        Assert.Null(Forward(perSite, Begun, First));
        Assert.StartsWith("I1", Forward(perSite, Begun, First, Second), StringComparison.Ordinal);
        Assert.Null(Forward(perSite with { Spec = Wanted.Spec }, Begun, First, Second));
        var justSent = Told(Second) with { Last = Told(Second).Last! with { At = At.AddSeconds(1) } };
        Assert.Null(Back(perSite, Told(First), "v1"));
        Assert.StartsWith("I1", Back(perSite, Told(First), "v1", "v2", justSent), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public void I1_refuses_a_second_device_of_a_group_of_the_applications_limit_on_either_way(int own)
    {
        var limits = Wanted.Spec.Limits with
        {
            PerGroup = own == 0 ? null : new GroupLimitSpec { Tag = "site", MaxUnavailable = own },
        };
        var perSite = Railed(
            new Rails { Guard = new GuardSpec { PerGroup = new GroupLimitSpec { Tag = "site" } } }
        ) with
        {
            Spec = Wanted.Spec with { Limits = limits },
        };

        Assert.Null(Forward(perSite, Begun, First));
        Assert.StartsWith("I1", Forward(perSite, Begun, First, Second), StringComparison.Ordinal);
        Assert.Null(Forward(perSite with { Rails = new Rails() }, Begun, First, Second));
        var justSent = Told(Second) with { Last = Told(Second).Last! with { At = At.AddSeconds(1) } };
        Assert.Null(Back(perSite, Told(First), "v1"));
        Assert.StartsWith("I1", Back(perSite, Told(First), "v1", "v2", justSent), StringComparison.Ordinal);
    }

    [Fact]
    public void I1_refuses_more_than_the_application_lets_be_unavailable()
    {
        var one = Railed(new Rails { Guard = new GuardSpec { MaxUnavailable = IntOrPercent.Count(1) } });

        Assert.Null(Forward(one, Begun, First));
        Assert.StartsWith("I1", Forward(one, Begun, First, Second), StringComparison.Ordinal);
    }

    [Fact]
    public void I1_refuses_more_than_the_application_lets_move_unasked()
    {
        var one = Railed(new Rails { Guard = new GuardSpec { ApprovalAbove = 1 } });
        var asked = Begun with { Approvals = [new Approval { Token = "r1-a1-abcdef" }] };

        Assert.Null(Forward(one, Begun, First));
        Assert.StartsWith("I1", Forward(one, Begun, First, Second), StringComparison.Ordinal);
        Assert.Null(Forward(one, asked, First, Second));
    }

    [Fact]
    public void I7_refuses_the_way_forward_outside_the_windows()
    {
        var (early, late) = (Window("00:00", "01:00"), Window("01:00", "02:00"));

        Assert.Null(Forward(Railed(new Rails { Windows = [early] }), Begun));
        Assert.StartsWith("I7", Forward(Railed(new Rails { Windows = [late] }), Begun), StringComparison.Ordinal);
        Assert.Null(Forward(Railed(new Rails { Windows = [late] }), Begun with { FastLane = true }));
    }

    [Theory]
    [InlineData(FreezeScope.Forward)]
    [InlineData(FreezeScope.Everything)]
    public void I7_refuses_what_is_frozen(FreezeScope scope)
    {
        var frozen = Railed(
            new Rails
            {
                Frozen = new FreezeSpec { Scope = scope, Reason = "inventory week" },
            }
        );

        Assert.StartsWith("I7", Forward(frozen, Begun), StringComparison.Ordinal);
        Assert.Equal(scope == FreezeScope.Everything, Back(frozen, Told(First), "v1") is not null);
    }

    private static Release Railed(Rails rails) => Wanted with { Rails = rails };

    private static WindowSpec Window(string from, string to) =>
        new()
        {
            From = from,
            To = to,
            TimeZone = "UTC",
        };

    [Fact]
    public void I2_refuses_devices_outside_the_share_of_the_step()
    {
        var tenth = new RolloutStep { Percentage = 50 };
        var stepped = Wanted with
        {
            Spec = Wanted.Spec with
            {
                Rollout = new RolloutSpec { Steps = [tenth, new RolloutStep { Percentage = 100 }] },
            },
        };

        Assert.Null(Forward(stepped, Begun, First));
        Assert.StartsWith("I2", Forward(stepped, Begun, Second), StringComparison.Ordinal);
        Assert.Null(Forward(stepped, Begun with { Step = new StepMark { Index = 1 } }, Second));
    }

    [Fact]
    public void I2_refuses_another_version_than_that_of_the_spec() =>
        Assert.StartsWith(
            "I2",
            Forward(Wanted with { Spec = Wanted.Spec with { Version = "v3" } }, Begun),
            StringComparison.Ordinal
        );

    [Fact]
    public void I2_refuses_an_empty_batch() =>
        Assert.StartsWith(
            "I2",
            Guard(Wanted, Begun).Violation(Begun, Batch(CommandKind.Forward, "v2")),
            StringComparison.Ordinal
        );

    [Fact]
    public void I7_refuses_to_go_forward_once_anything_stops_it()
    {
        var paused = Wanted with { Spec = Wanted.Spec with { Paused = true } };
        Assert.StartsWith("I7", Forward(paused, Begun), StringComparison.Ordinal);
        Assert.StartsWith("I7", Forward(Wanted with { PausedBecause = "lunch" }, Begun), StringComparison.Ordinal);
        Assert.StartsWith("I7", Forward(Wanted with { DeletedAt = At }, Begun), StringComparison.Ordinal);
        Assert.StartsWith(
            "I7",
            Forward(Wanted with { Problem = new Obstacle("X", "x") }, Begun),
            StringComparison.Ordinal
        );
        Assert.StartsWith("I7", Forward(Wanted, Begun with { Latch = new RollbackLatch() }), StringComparison.Ordinal);
        Assert.StartsWith("I7", Forward(Wanted, Begun with { Pause = new PolicyPause() }), StringComparison.Ordinal);
        var doubted = new BatchGuard(PassOf(Wanted, Begun, isBelieved: false));
        Assert.StartsWith(
            "I7",
            doubted.Violation(Begun, Batch(CommandKind.Forward, "v2", Row(First))),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void I8_refuses_to_send_a_device_anywhere_but_to_its_own_previous_version()
    {
        Assert.StartsWith("I8", Back(Wanted, Told(First), "v0"), StringComparison.Ordinal);
        Assert.StartsWith("I8", Back(Wanted, Told(First), null), StringComparison.Ordinal);
    }

    [Fact]
    public void I8_lets_a_deletion_remove_the_flow_only_when_the_policy_says_so()
    {
        var deleted = Wanted with { DeletedAt = At };
        var removing = deleted with
        {
            Spec = Wanted.Spec with { Policy = new PolicySpec { OnDelete = DeletePolicy.Remove } },
        };

        Assert.StartsWith("I8", Back(deleted, Told(First), null), StringComparison.Ordinal);
        Assert.Null(Back(removing, Told(First), null));
    }

    [Fact]
    public void I8_refuses_to_write_back_what_does_not_stand_on_our_command()
    {
        Assert.StartsWith("I8", Back(Wanted, Told(First) with { Closed = "left" }, "v1"), StringComparison.Ordinal);
        Assert.StartsWith("I8", Back(Wanted, Told(First), "v1", desired: "v9"), StringComparison.Ordinal);
    }

    [Fact]
    public void I2_and_I8_refuse_a_device_without_the_tags_of_the_applications_guard_on_either_way()
    {
        var (inside, outside) = (Tagged("hamburg"), Tagged("kassel"));

        Assert.Null(Forward(inside, Begun));
        Assert.StartsWith("I2", Forward(outside, Begun), StringComparison.Ordinal);
        Assert.Null(Back(inside, Told(First), "v1"));
        Assert.StartsWith("I8", Back(outside, Told(First), "v1"), StringComparison.Ordinal);
    }

    /// <summary>Every device of these tests stands in Hamburg.</summary>
    private static Release Tagged(string site) =>
        Railed(new Rails { Guard = new GuardSpec { DeviceTags = new Dictionary<string, string> { ["site"] = site } } });

    [Theory]
    [InlineData("hamburg")]
    [InlineData("kassel")]
    public void I8_lets_a_deletion_remove_the_flow_only_from_devices_with_the_tags_of_the_guard(string site)
    {
        var removing = Tagged(site) with
        {
            DeletedAt = At,
            Spec = Wanted.Spec with { Policy = new PolicySpec { OnDelete = DeletePolicy.Remove } },
        };
        var adopted = Told(First) with { Closed = "left" };

        Assert.Equal(site == "hamburg", Back(removing, adopted, null) is null);
    }

    [Fact]
    public void I5_refuses_a_call_whose_intent_and_rows_are_not_stored()
    {
        var batch = Batch(CommandKind.Forward, "v2", Row(First));

        Assert.StartsWith("I5", BatchGuard.Unstored(new Session("uid-1"), batch), StringComparison.Ordinal);
        Assert.StartsWith(
            "I5",
            Guard(Wanted, Begun).Violation(Begun, batch with { Version = "v3" }),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Refuses_nothing_from_the_first_command_to_the_last_restore()
    {
        using var bench = new Bench();
        bench.Add(8);
        bench.Add(2, null);
        bench.Application.Devices[3].Disconnect();
        bench.Application.Devices[5].SetOutcome("v3", EdgeRelease.Simulation.Outcome.Fails("no sensor"));
        bench.Apply(
            "{'version': 'v2', 'rolloutPercentage': 100, 'policy': {'onDelete': 'Restore'}, 'rollout': {'steps': [{'name': 'two', 'count': 2}, {'name': 'all', 'percentage': 100}]}}"
        );
        bench.Start();
        bench.Until(Phase.Complete);
        bench.EditSpec(spec => spec["rolloutPercentage"] = 50);
        bench.Until(Phase.AtPercentage);
        bench.EditSpec(spec => (spec["rolloutPercentage"], spec["version"]) = (100, "v3"));
        bench.Until(Phase.RolledBack);
        bench.EditSpec(spec => spec["version"] = "v4");
        bench.Until(Phase.Complete);
        bench.Delete();
        bench.Until(() => bench.Release is null);

        Assert.DoesNotContain(
            bench.Log.Lines,
            line => line.Contains(Reasons.InvariantRefused, StringComparison.Ordinal)
        );
        Assert.DoesNotMatch(": I[0-9]+: ", string.Join('\n', bench.Log.Lines));
        Assert.Equal(0, bench.Desired("v4"));
    }

    private static string? Forward(Release wanted, Memory memory, params DeviceId[] devices)
    {
        var ids = devices.Length == 0 ? [First] : devices;
        return Guard(wanted, memory).Violation(memory, Batch(CommandKind.Forward, "v2", [.. ids.Select(Row)]));
    }

    private static string? Back(
        Release wanted,
        LedgerRow row,
        string? to,
        string desired = "v2",
        params LedgerRow[] others
    )
    {
        var command = Told(First).Last! with { Kind = CommandKind.Back, Version = to, Batch = 2 };
        var memory = Begun with { Rows = others.Append(row).ToDictionary(row => row.Device) };
        return new BatchGuard(PassOf(wanted, memory, isBelieved: true, desired)).Violation(
            memory,
            Batch(CommandKind.Back, to, row with { Next = command })
        );
    }

    private static BatchGuard Guard(Release wanted, Memory memory) => new(PassOf(wanted, memory, isBelieved: true));

    private static Pass PassOf(Release wanted, Memory memory, bool isBelieved, string? desired = null)
    {
        var seen = new Snapshot
        {
            BeganAt = At,
            EndedAt = At,
            Devices = [],
            Deployments = new Dictionary<DeviceId, DeploymentRow>(),
            Believed = isBelieved,
        };
        List<Device> devices = [.. new[] { First, Second }.Select(id => Seen(id, memory, desired))];
        var fleet = new Fleet
        {
            Devices = devices,
            Eligible = devices,
            Matched = 2,
            Excluded = new Dictionary<string, int>(),
            UnknownIds = [],
            Versions = new Dictionary<string, int>(),
            Seen = seen,
        };
        var plan = new Plan
        {
            Batches = [],
            Verdict = new Verdict(Phase.Progressing, Reasons.Progressing, "as planned"),
            Memory = memory,
            Notices = [],
            Fleet = fleet,
            Now = At,
        };
        return new Pass(null!, new Wanted(wanted, null, null), plan, memory) { Before = null };
    }

    private static Device Seen(DeviceId id, Memory memory, string? desired) =>
        new()
        {
            Seen = new DeviceRow(id, DeviceClass.EdgeCompute, null, Site, Connected: true, null),
            Deployment = desired is null
                ? null
                : new DeploymentRow
                {
                    Device = id,
                    Desired = desired,
                    Current = desired,
                },
            Row = memory.Rows.GetValueOrDefault(id) is { Closed: null } row ? row : null,
            Rank = id.Value,
            Standing = new Standing { State = DeviceState.Waiting, Reason = "Waiting" },
        };

    private static Batch Batch(CommandKind kind, string? version, params LedgerRow[] rows) =>
        new()
        {
            Number = 1,
            Kind = kind,
            Version = version,
            Rows = rows,
            Because = "a test",
        };

    private static LedgerRow Row(DeviceId id) => Told(id) with { Last = null, Next = Told(id).Last };

    /// <summary>A row of a device that was sent v2 and ran v1 before.</summary>
    private static LedgerRow Told(DeviceId id) =>
        new()
        {
            Device = id,
            Revision = 1,
            Previous = "v1",
            Attempts = 1,
            Last = new Command
            {
                Kind = CommandKind.Forward,
                Version = "v2",
                Batch = 1,
                At = At,
                WasConnected = true,
            },
        };
}
