using EdgeRelease.Api;
using EdgeRelease.Planning;
using Xunit;
using static EdgeRelease.Tests.Unit.Controller.BatchScene;

namespace EdgeRelease.Tests.Unit.Controller;

/// <summary>I8: the guard lets a device go back only to what it ran before, and only from what we sent.</summary>
public sealed class BatchGuardRestoreTests
{
    [Fact]
    public void I8_refuses_to_send_a_device_anywhere_but_to_its_own_previous_version()
    {
        Assert.StartsWith("I8", Back(ToV2, Told(First), "v0"), StringComparison.Ordinal);
        Assert.StartsWith("I8", Back(ToV2, Told(First), null), StringComparison.Ordinal);
    }

    [Fact]
    public void I8_lets_a_deletion_remove_the_flow_only_when_the_policy_says_so()
    {
        var deleted = ToV2 with { DeletedAt = At };
        var removing = deleted with
        {
            Spec = ToV2.Spec with { Policy = new PolicySpec { OnDelete = DeletePolicy.Remove } },
        };

        Assert.StartsWith("I8", Back(deleted, Told(First), null), StringComparison.Ordinal);
        Assert.Null(Back(removing, Told(First), null));
    }

    [Fact]
    public void I8_refuses_to_write_back_what_does_not_stand_on_our_command()
    {
        Assert.StartsWith("I8", Back(ToV2, Told(First) with { Closed = "left" }, "v1"), StringComparison.Ordinal);
        Assert.StartsWith("I8", Back(ToV2, Told(First), "v1", desired: "v9"), StringComparison.Ordinal);
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

    [Theory]
    [InlineData("hamburg")]
    [InlineData("kassel")]
    public void I8_lets_a_deletion_remove_the_flow_only_from_devices_with_the_tags_of_the_guard(string site)
    {
        var removing = Tagged(site) with
        {
            DeletedAt = At,
            Spec = ToV2.Spec with { Policy = new PolicySpec { OnDelete = DeletePolicy.Remove } },
        };
        var adopted = Told(First) with { Closed = "left" };

        Assert.Equal(site == "hamburg", Back(removing, adopted, null) is null);
    }

    /// <summary>Every device of these tests stands in Hamburg.</summary>
    private static Release Tagged(string site) =>
        Railed(new Rails { Guard = new GuardSpec { DeviceTags = new Dictionary<string, string> { ["site"] = site } } });
}
