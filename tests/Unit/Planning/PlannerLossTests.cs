using EdgeRelease.Api;
using EdgeRelease.Planning;
using Xunit;

namespace EdgeRelease.Tests.Unit.Planning;

/// <summary>Rule 7: what goes dark on the version is judged by what goes dark without it.</summary>
public sealed class PlannerLossTests
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    private static ReleaseBuilder Halves =>
        A.Release().In(A.Step().Of(50).Soaking(TimeSpan.FromHours(4)), A.Step().Of(100));

    [Fact]
    public void Rolls_back_when_only_devices_on_the_version_go_dark()
    {
        var loop = Soaking(Halves, 40);
        Cut(loop, moved: 7, others: 0);

        loop.Until(Phase.RollingBack);

        Assert.Contains(
            "7 of 20 devices went dark on the version, 0 of 20 others did",
            loop.Memory.Latch!.Reason,
            StringComparison.Ordinal
        );
        Assert.Equal(0, loop.Plan.Evidence.Failed);
    }

    [Fact]
    public void Only_holds_the_slots_while_so_many_could_go_dark_by_accident()
    {
        var loop = Soaking(Halves, 40);
        Cut(loop, moved: 6, others: 0);

        loop.For(2 * Hour);

        Assert.Equal((null, null), (loop.Memory.Latch, loop.Memory.Pause));
        Assert.Equal(6, loop.Plan.Fleet!.Devices.Count(device => device.Standing.State == DeviceState.Lost));
    }

    [Fact]
    public void Does_not_blame_the_version_for_an_outage_of_the_fleet()
    {
        var loop = Soaking(Halves, 40);
        Cut(loop, moved: 20, others: 10);

        loop.For(2 * Hour);

        Assert.Equal((null, null), (loop.Memory.Latch, loop.Memory.Pause));
        Assert.Equal(new Losses(0, 0, 0, 0, 20), LossesOf(loop));
    }

    [Fact]
    public void Does_not_blame_the_version_for_an_outage_of_a_site()
    {
        var loop = Soaking(Halves.PerGroup("site", 40), 80);
        Cut(loop, site: "0");

        loop.For(2 * Hour);

        Assert.Equal((null, null), (loop.Memory.Latch, loop.Memory.Pause));
        Assert.True(LossesOf(loop).Unattributed > 0);
        Assert.Equal(0, LossesOf(loop).Lost);
    }

    [Fact]
    public void Blames_the_version_for_the_other_sites_during_an_outage_of_one()
    {
        var loop = Soaking(Halves.PerGroup("site", 40), 80);
        Cut(loop, site: "0");
        Cut(loop, moved: 12, others: 0, butSite: "0");

        loop.Until(Phase.RollingBack);

        Assert.Contains("12 of", loop.Memory.Latch!.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Pauses_when_there_is_too_little_to_compare_with()
    {
        var loop = Soaking(Halves, 16);
        Cut(loop, moved: 1, others: 0);

        loop.Until(Phase.Paused);

        Assert.Contains(
            "1 of 8 devices went dark on the version, and only 8 others can be compared with",
            loop.Message,
            StringComparison.Ordinal
        );
        Assert.Equal(WaitingKind.Resume, loop.Plan.Verdict.WaitingFor!.Kind);
    }

    [Fact]
    public void Compares_with_no_device_that_is_excluded()
    {
        var release = Halves.With(spec =>
            spec with
            {
                Exclude = new ExcludeSpec { DeviceTags = new Dictionary<string, string> { ["site"] = "3" } },
            }
        );
        var loop = Soaking(release, 20);
        Cut(loop, moved: 2, others: 0);

        loop.Until(Phase.Paused);

        Assert.Contains("only 7 others can be compared with", loop.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Goes_on_once_a_person_has_accepted_the_loss_and_pauses_for_the_next_one()
    {
        var loop = Soaking(Halves, 16);
        Cut(loop, moved: 1, others: 0);
        loop.Until(Phase.Paused);
        loop.Wanted = loop.Wanted with { Requests = new Requests { Approve = loop.Memory.Pause!.Token } };
        loop.For(Hour);
        Assert.Null(loop.Memory.Pause);

        Cut(loop, moved: 1, others: 0);

        loop.Until(Phase.Paused);
    }

    [Fact]
    public void Blames_nothing_on_the_version_when_all_come_back_after_an_outage()
    {
        var loop = Soaking(Halves, 40);
        Cut(loop, moved: 20, others: 20);
        loop.For(2 * Hour);
        foreach (var gateway in loop.World.Gateways.Where(gateway => gateway.Wants == "v1" && gateway.Told.Count == 0))
        {
            loop.World.Connect(gateway);
        }

        loop.For(TimeSpan.FromMinutes(4));
        foreach (var gateway in loop.World.Gateways.Where(gateway => !gateway.Connected))
        {
            loop.World.Connect(gateway);
        }

        loop.For(Hour);

        Assert.Equal((null, null), (loop.Memory.Latch, loop.Memory.Pause));
        Assert.Equal(new Losses(0, 0, 0, 0, 0), LossesOf(loop));
    }

    [Fact]
    public void Counts_no_lost_device_again_that_came_back_and_goes_offline_later()
    {
        var loop = Soaking(Halves, 40);
        Cut(loop, moved: 6, others: 0);
        loop.For(Hour);
        Assert.Equal(6, LossesOf(loop).Lost);
        var lost = loop.World.Gateways.Where(gateway => !gateway.Connected).ToList();
        lost.ForEach(loop.World.Connect);
        loop.For(Hour / 2);

        lost.ForEach(loop.World.Disconnect);
        loop.For(Hour / 2);

        Assert.Equal(0, LossesOf(loop).Lost);
        Assert.Equal((null, null), (loop.Memory.Latch, loop.Memory.Pause));
    }

    [Fact]
    public void Judges_a_loss_by_the_others_of_its_time()
    {
        var world = A.Fleet().Of(20).On("v1");
        var loop = A.Loop(A.Release(), world);
        loop.Pass();
        world.Disconnect(world.Gateways.Single(gateway => gateway.Told.Count > 0));

        loop.Until(Phase.Complete);

        Assert.Equal(19, LossesOf(loop).Others);
    }

    [Fact]
    public void Neither_pauses_nor_rolls_back_after_the_end_for_a_loss_without_others()
    {
        var release = A.Release()
            .With(spec => spec with { FailurePolicy = spec.FailurePolicy with { Watch = 9 * Hour } });
        var loop = A.Loop(release, A.Fleet().Of(4).On("v1")).Until(Phase.Complete);
        loop.World.Join("v1").DiesOf.Add("v2");

        loop.For(2 * Hour);

        Assert.Equal(DeviceState.Lost, loop.Of(loop.World[4]).Standing.State);
        Assert.Equal((null, null), (loop.Memory.Latch, loop.Memory.Pause));
    }

    private static Losses LossesOf(PlannerLoop loop) =>
        Losses.Of(loop.Memory, loop.Plan.Fleet!, Groups.Of(loop.Wanted), loop.Wanted.Spec.Health.LostAfter);

    private static PlannerLoop Soaking(ReleaseBuilder release, int devices)
    {
        var world = A.Fleet().Of(devices).On("v1");
        for (var i = 0; i < devices; i++)
        {
            world.Tagged(i..(i + 1), "site", $"{i % 4}");
        }

        return A.Loop(release, world).Until(Phase.Soaking);
    }

    private static void Cut(PlannerLoop loop, int moved, int others, string? butSite = null)
    {
        var world = loop.World;
        var there = world
            .Gateways.Where(gateway => gateway.Connected && !gateway.Tags.Has("site", butSite ?? ""))
            .ToList();
        foreach (
            var gateway in there
                .Where(each => each.Runs == "v2")
                .Take(moved)
                .Concat(there.Where(each => each.Runs != "v2").Take(others))
        )
        {
            world.Disconnect(gateway);
        }
    }

    private static void Cut(PlannerLoop loop, string site)
    {
        foreach (var gateway in loop.World.Gateways.Where(gateway => gateway.Tags.Has("site", site)))
        {
            loop.World.Disconnect(gateway);
        }
    }
}
