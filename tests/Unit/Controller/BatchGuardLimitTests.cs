using EdgeRelease.Api;
using EdgeRelease.Observation;
using EdgeRelease.Planning;
using Xunit;
using static EdgeRelease.Tests.Unit.Controller.BatchScene;

namespace EdgeRelease.Tests.Unit.Controller;

/// <summary>I1: the guard lets no batch exceed a limit of the release or of its application.</summary>
public sealed class BatchGuardLimitTests
{
    [Fact]
    public void I1_refuses_more_than_may_be_unavailable()
    {
        var one = ToV2 with
        {
            Spec = ToV2.Spec with { Limits = new LimitsSpec { MaxUnavailable = new IntOrPercent(1, false) } },
        };

        Assert.Null(Forward(one, Begun, First));
        Assert.StartsWith("I1", Forward(one, Begun, First, Second), StringComparison.Ordinal);
    }

    [Fact]
    public void I1_refuses_more_than_may_be_told_within_a_minute()
    {
        var one = ToV2 with { Spec = ToV2.Spec with { Limits = ToV2.Spec.Limits with { PerMinute = 1 } } };
        var justTold = Begun with { Rows = new Dictionary<DeviceId, LedgerRow> { [Second] = Told(Second) } };
        var toldLongAgo = Told(Second) with { Last = Told(Second).Last! with { At = At.AddMinutes(-1) } };
        var longAgo = Begun with { Rows = new Dictionary<DeviceId, LedgerRow> { [Second] = toldLongAgo } };

        Assert.Null(Forward(one, Begun, First));
        Assert.StartsWith("I1", Forward(one, Begun, First, Second), StringComparison.Ordinal);
        Assert.StartsWith("I1", Forward(one, justTold, First), StringComparison.Ordinal);
        Assert.Null(Forward(one, longAgo, First));
    }

    [Theory]
    [InlineData(BackCause.Lowered, 0, true)]
    [InlineData(BackCause.Lowered, 60, false)]
    [InlineData(BackCause.Left, 0, true)]
    [InlineData(BackCause.Deletion, 0, true)]
    [InlineData(BackCause.Failure, 0, false)]
    [InlineData(BackCause.Rollback, 0, false)]
    public void I1_counts_devices_told_back_within_the_minute_where_that_keeps_the_limit(
        BackCause cause,
        int seconds,
        bool isRefused
    )
    {
        var one = ToV2 with { Spec = ToV2.Spec with { Limits = ToV2.Spec.Limits with { PerMinute = 1 } } };
        var back = Told(Second).Last! with { Kind = CommandKind.Back, Cause = cause, At = At.AddSeconds(-seconds) };
        var row = Told(Second) with { Last = back, Closed = LedgerRow.HasReturned };
        var memory = Begun with { Rows = new Dictionary<DeviceId, LedgerRow> { [Second] = row } };

        Assert.Equal(isRefused, Forward(one, memory, First)?.StartsWith("I1", StringComparison.Ordinal) ?? false);
    }

    [Fact]
    public void I1_refuses_a_second_device_of_a_group_on_either_way()
    {
        var perSite = ToV2 with
        {
            Spec = ToV2.Spec with { Limits = ToV2.Spec.Limits with { PerGroup = new GroupLimitSpec { Tag = "site" } } },
        };

        Assert.Null(Forward(perSite, Begun, First));
        Assert.StartsWith("I1", Forward(perSite, Begun, First, Second), StringComparison.Ordinal);
        Assert.Null(Forward(perSite with { Spec = ToV2.Spec }, Begun, First, Second));
        var justSent = Told(Second) with { Last = Told(Second).Last! with { At = At.AddSeconds(1) } };
        Assert.Null(Back(perSite, Told(First), "v1"));
        Assert.StartsWith("I1", Back(perSite, Told(First), "v1", "v2", justSent), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public void I1_refuses_a_second_device_of_a_group_of_the_applications_limit_on_either_way(int own)
    {
        var limits = ToV2.Spec.Limits with
        {
            PerGroup = own == 0 ? null : new GroupLimitSpec { Tag = "site", MaxUnavailable = own },
        };
        var perSite = Railed(
            new Rails { Guard = new GuardSpec { PerGroup = new GroupLimitSpec { Tag = "site" } } }
        ) with
        {
            Spec = ToV2.Spec with { Limits = limits },
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
}
