using EdgeRelease.Api;
using EdgeRelease.Observation;
using EdgeRelease.Planning;
using Xunit;

namespace EdgeRelease.Tests.Unit.Planning;

/// <summary>limits.perGroup (F019): few devices of one site away at a time, forward and back.</summary>
public sealed class PlannerGroupTests
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    [Fact]
    public void Never_has_two_devices_of_one_site_unavailable()
    {
        var world = Sites.Of(sites: 50, each: 4);
        var loop = A.Loop(A.Release().PerGroup("site", 1), world);
        var most = Sites.MostAway(loop);

        loop.Until(Phase.Complete);

        Assert.Equal(200, loop.Running("v2"));
        Assert.Equal(1, most());
    }

    [Fact]
    public void Sends_one_device_of_every_site_at_the_same_time()
    {
        var world = Sites.Of(sites: 50, each: 4);
        var loop = A.Loop(A.Release().PerGroup("site", 1), world);

        loop.Until(plan => plan.Evidence.Succeeded > 0);

        Assert.InRange(loop.Plan.Batches.Sum(batch => batch.Rows.Count), 48, 50);
    }

    [Fact]
    public void Lets_a_device_without_the_tag_go_as_a_group_of_its_own()
    {
        var world = Sites.Of(sites: 1, each: 3).Of(4).On("v1");
        var loop = A.Loop(A.Release().PerGroup("site", 1), world).Until(plan => plan.Evidence.Succeeded > 0);

        Assert.InRange(world.Gateways.Skip(3).Count(gateway => gateway.Told.Count > 0), 3, 4);
        loop.Until(Phase.Complete);
        Assert.Equal(7, loop.Running("v2"));
    }

    [Fact]
    public void Counts_a_device_with_two_sites_in_both()
    {
        var world = Sites.Of(sites: 2, each: 2).Of(1).On("v1");
        world[4].Tags = new TagSet([new("site", "s0"), new("site", "s1")]);
        var loop = A.Loop(A.Release().PerGroup("site", 1), world);
        var most = Sites.MostAway(loop);

        loop.Until(Phase.Complete);

        Assert.Equal((5, 1), (loop.Running("v2"), most()));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Keeps_to_the_limit_of_each_site_while_everything_goes_back(int limit)
    {
        var world = Sites.Of(sites: 10, each: 4);
        var loop = A.Loop(A.Release().PerGroup("site", limit), world).Until(Phase.Complete);
        var most = Sites.MostAway(loop);
        loop.Wanted = A.Release().PerGroup("site", limit).Unavailable(1).Aborting("r1");

        loop.Until(Phase.RolledBack);

        Assert.Equal((40, limit), (loop.Running("v1"), most()));
    }

    [Fact]
    public void Sends_back_the_device_that_fails_before_the_others_of_its_site()
    {
        var world = Sites.Of(sites: 1, each: 4);
        var loop = A.Loop(A.Release().PerGroup("site", 1), world).Until(plan => plan.Evidence.Succeeded == 3);
        var last = world.Tellings[^1].Gateway;
        last.Refuses.Add("v2");

        loop.Until(Phase.RolledBack);

        Assert.Same(last, world.Tellings.First(telling => !telling.IsForward).Gateway);
        Assert.Equal(4, loop.Running("v1"));
    }

    [Fact]
    public void Names_the_failed_device_that_holds_up_its_site()
    {
        var world = Sites.Of(sites: 2, each: 2);
        world[0].Refuses.Add("v2");
        world[2].Refuses.Add("v2");
        var release = A.Release()
            .PerGroup("site", 1)
            .Tolerating(2)
            .Policy(policy => policy with { RestoreFailed = false });

        var loop = A.Loop(release, world).Until(Phase.Waiting);
        var failed = world.Gateways.Single(gateway => gateway is { Wants: "v2", Runs: "v1" });

        Assert.Equal((Reasons.WaitingForBudget, WaitingKind.Budget), (loop.Plan.Verdict.Reason, Waiting(loop).Kind));
        Assert.Equal([failed.Id.ToString()], Waiting(loop).Devices!);
        Assert.EndsWith(
            $"1 device waiting for site=s0, whose slots are held by {failed.Id}: bring them back or raise "
                + "limits.perGroup.maxUnavailable",
            loop.Message,
            StringComparison.Ordinal
        );
        loop.Wanted = new ReleaseBuilder { Built = loop.Wanted }.PerGroup("site", 2);
        loop.Until(Phase.Complete);
    }

    [Fact]
    public void Names_the_dark_device_that_holds_up_the_way_back_of_its_site()
    {
        var world = Sites.Of(sites: 2, each: 3);
        var loop = A.Loop(A.Release().PerGroup("site", 1), world).Until(Phase.Complete);
        world.Latency = TimeSpan.FromMinutes(1);
        loop.Wanted = A.Release().PerGroup("site", 1).Aborting("r1");
        loop.Pass();
        var dark = world.Tellings[^1].Gateway;
        world.Disconnect(dark);

        loop.For(Hour);

        Assert.Equal((Phase.RollingBack, WaitingKind.Budget), (loop.Phase, Waiting(loop).Kind));
        Assert.Equal([dark.Id.ToString()], Waiting(loop).Devices!);
        Assert.Equal(3, loop.Running("v1"));
        world.Connect(dark);
        loop.Until(Phase.RolledBack);
    }

    [Fact]
    public void Names_the_dark_device_that_holds_up_a_lower_percentage()
    {
        var world = Sites.Of(sites: 1, each: 4);
        var loop = A.Loop(A.Release().PerGroup("site", 1), world).Until(Phase.Complete);
        world.Latency = TimeSpan.FromMinutes(1);
        loop.Wanted = A.Release().PerGroup("site", 1).At(0).Percent();
        loop.Pass();
        var dark = world.Tellings[^1].Gateway;
        world.Disconnect(dark);

        loop.For(Hour);

        Assert.Equal((Phase.Waiting, WaitingKind.Budget), (loop.Phase, Waiting(loop).Kind));
        Assert.Equal([dark.Id.ToString()], Waiting(loop).Devices!);
        world.Connect(dark);
        loop.Until(Phase.AtPercentage);
        Assert.Equal(4, loop.Running("v1"));
    }

    [Fact]
    public void Keeps_to_the_limit_of_each_site_while_a_deletion_takes_devices_back()
    {
        var world = Sites.Of(sites: 3, each: 3);
        var release = A.Release().PerGroup("site", 1).OnDelete(DeletePolicy.Restore);
        var loop = A.Loop(release, world).Until(Phase.Complete);
        var most = Sites.MostAway(loop);
        loop.Wanted = release.Asking(wanted => wanted with { DeletedAt = world.Now });

        loop.Until(plan => plan.MayGo);

        Assert.Equal((0, 1), (loop.Running("v2"), most()));
    }

    private static WaitingFor Waiting(PlannerLoop loop) => loop.Plan.Verdict.WaitingFor!;
}
