using EdgeRelease.Api;
using EdgeRelease.Planning;
using Xunit;
using static EdgeRelease.Tests.Unit.Planning.LostLedger;

namespace EdgeRelease.Tests.Unit.Planning;

/// <summary>F115: a rebuilt ledger has only devices that the logs prove to be moved by this release.</summary>
public sealed class PlannerRebuildOwnerTests
{
    [Fact]
    public void Leaves_alone_who_is_on_the_version_when_nobody_knows_when_the_revision_began()
    {
        var loop = Half(out var world);
        Lose(loop);
        loop.Memory = loop.Memory with { StartedAt = null };
        loop.Wanted = Halved().Aborting("r1");

        loop.Until(Phase.RolledBack);

        Assert.Equal(5, loop.Running("v2"));
        Assert.All(
            world.Gateways.Where(gateway => gateway.Told.Count > 0),
            gateway => Assert.Equal("RestoreUnknown", loop.Of(gateway).Standing.Reason)
        );
    }

    [Theory]
    [InlineData("person")]
    [InlineData("yesterday")]
    public void Takes_nothing_for_ours_without_proof(string whose)
    {
        var loop = Half(out var world);
        var other = world.Gateways.First(gateway => gateway.Told.Count > 0);
        var entry = other.Row!.Value.LastDesired!;
        other.Row = other.Row.Value with
        {
            LastDesired =
                whose == "person" ? entry with { SourceType = "user" } : entry with { At = entry.At.AddDays(-1) },
        };
        Lose(loop);
        loop.Wanted = Halved().Aborting("r1");

        loop.Until(Phase.RolledBack);

        Assert.Equal(["v2"], other.Told);
        Assert.Null(loop.RowOf(other));
    }

    [Fact]
    public void Leaves_alone_whom_a_person_took_away_before_the_ledger_was_lost()
    {
        var loop = Half(out var world);
        var other = world.Gateways.First(gateway => gateway.Told.Count > 0);
        world.Schedule(other, "v3");
        Lose(loop);
        loop.Wanted = A.Release();

        loop.Until(Phase.Paused);
        loop.Wanted = A.Release().Approving(loop.Memory.Pause!.Token!);
        loop.Until(Phase.Complete);

        Assert.Equal(["v2"], other.Told);
        Assert.Equal("v3", other.Wants);
        Assert.Equal("RestoreUnknown", loop.Of(other).Standing.Reason);
        Assert.Equal(9, loop.Running("v2"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Takes_no_device_of_another_release_for_its_own(bool isTheOthersVersionTheSame)
    {
        var world = A.Fleet().Of(10).On("v1").Tagged(..5, "line", "a").Tagged(5..10, "line", "b");
        var other = new Rival("plant-a/other", new Selection(A.Release().For("line", "b").Built.Spec));
        var release = A.Release().For("line", "a").Asking(wanted => wanted with { Rivals = [other] });
        var loop = A.Loop(release, world).Until(Phase.Complete);
        world
            .Gateways[5..]
            .ForEach(gateway => world.Schedule(gateway, isTheOthersVersionTheSame ? "v2" : "v3", source: "apiToken"));
        world.Advance(TimeSpan.FromMinutes(1));
        Lose(loop);
        loop.Wanted = release.Aborting("r1");

        loop.Until(Phase.RolledBack);

        Assert.Equal(5, loop.Running("v1"));
        Assert.DoesNotContain(loop.Memory.Rows.Keys, id => world.Gateways[5..].Exists(gateway => gateway.Id == id));
        Assert.DoesNotContain("not known", loop.Notices.Single(notice => notice.Reason == "LedgerRebuilt").Message);
    }

    [Fact]
    public void Leaves_alone_who_is_on_the_version_and_selected_no_longer()
    {
        var world = A.Fleet().Of(4).On("v1").Tagged(..2, "line", "a");
        var release = A.Release().For("line", "a").OnLeave(LeavePolicy.Restore);
        var loop = A.Loop(release, world).Until(Phase.Complete);
        world.Schedule(world[3], "v2", source: "apiToken");
        world.Advance(TimeSpan.FromMinutes(1));
        Lose(loop);
        loop.Wanted = release.Aborting("r1");

        loop.Until(Phase.RolledBack);

        Assert.Equal("v2", world[3].Runs);
        Assert.Empty(world[3].Told.Skip(1));
    }
}
