using EdgeRelease.Api;
using EdgeRelease.Observation;
using EdgeRelease.Planning;
using Xunit;

namespace EdgeRelease.Tests.Unit.Planning;

/// <summary>guard.perGroup (F093): a release can be stricter about a site than its application, never looser.</summary>
public sealed class PlannerGuardGroupTests
{
    private static readonly GroupLimitSpec OnePerSite = new() { Tag = "site" };

    private static ReleaseBuilder Within(GroupLimitSpec rail, ReleaseBuilder? release = null) =>
        (release ?? A.Release()).Asking(wanted =>
            wanted with
            {
                Rails = new Rails
                {
                    Application = "plant-a",
                    Guard = new GuardSpec { PerGroup = rail },
                },
            }
        );

    [Theory]
    [InlineData(0, 1, 1)]
    [InlineData(3, 1, 1)]
    [InlineData(1, 3, 1)]
    [InlineData(3, 2, 2)]
    public void Takes_the_lower_limit_of_each_site_forward_and_back(int own, int rail, int most)
    {
        var release = own == 0 ? A.Release() : A.Release().PerGroup("site", own);
        release = Within(OnePerSite with { MaxUnavailable = rail }, release);
        var loop = A.Loop(release, Sites.Of(sites: 5, each: 4));
        var away = Sites.MostAway(loop);

        loop.Until(Phase.Complete);

        Assert.Equal((20, most), (loop.Running("v2"), away()));
        away = Sites.MostAway(loop);
        loop.Wanted = release.Unavailable(1).Aborting("r1");
        loop.Until(Phase.RolledBack);
        Assert.Equal((20, most), (loop.Running("v1"), away()));
    }

    [Fact]
    public void Keeps_the_limits_of_two_tags_at_the_same_time()
    {
        var world = Sites.Of(sites: 3, each: 4);
        for (var i = 0; i < 12; i++)
        {
            world[i].Tags = new TagSet([new("site", $"s{i % 3}"), new("ring", $"r{i / 3}")]);
        }

        var release = Within(OnePerSite, A.Release().PerGroup("ring", 1));
        var loop = A.Loop(release, world);
        var away = Sites.MostAway(loop);
        loop.Until(Phase.Complete);
        loop.Wanted = release.Aborting("r1");
        loop.Until(Phase.RolledBack);

        Assert.Equal((12, 1), (loop.Running("v1"), away()));
    }

    [Theory]
    [InlineData(5, 1, "raise spec.guard.perGroup.maxUnavailable of LosantApplication plant-a")]
    [InlineData(1, 5, "raise limits.perGroup.maxUnavailable")]
    [InlineData(
        1,
        1,
        "raise limits.perGroup.maxUnavailable and spec.guard.perGroup.maxUnavailable of LosantApplication plant-a"
    )]
    public void Names_the_limit_that_has_to_be_raised_for_a_site_to_go_on(int own, int rail, string end)
    {
        var world = Sites.Of(sites: 2, each: 2);
        world[0].Refuses.Add("v2");
        world[2].Refuses.Add("v2");
        var release = Within(OnePerSite with { MaxUnavailable = rail }, A.Release().PerGroup("site", own))
            .Tolerating(2)
            .Policy(policy => policy with { RestoreFailed = false });

        var loop = A.Loop(release, world).Until(Phase.Waiting);

        Assert.Equal(WaitingKind.Budget, loop.Plan.Verdict.WaitingFor!.Kind);
        Assert.EndsWith(end, loop.Message, StringComparison.Ordinal);
        var waiting = loop.Plan.Fleet!.Devices.Single(device => device.IsCandidate);
        var why = loop.Plan.Why(waiting.Id);
        Assert.Equal("Group", why.Rule);
        Assert.EndsWith(end.Replace("raise", "see", StringComparison.Ordinal), why.Sentence, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(5, 1, "raise spec.guard.maxUnavailable of LosantApplication plant-a")]
    [InlineData(1, 5, "raise limits.maxUnavailable")]
    [InlineData(1, 1, "raise limits.maxUnavailable and spec.guard.maxUnavailable of LosantApplication plant-a")]
    public void Names_the_limit_that_has_to_be_raised_for_the_release_to_go_on(int own, int rail, string end)
    {
        var world = A.Fleet().Of(4).On("v1");
        foreach (var gateway in world.Gateways)
        {
            gateway.Refuses.Add("v2");
        }

        var guard = new GuardSpec { MaxUnavailable = IntOrPercent.Count(rail) };
        var release = A.Release()
            .Unavailable(own)
            .Tolerating(4)
            .Policy(policy => policy with { RestoreFailed = false })
            .Asking(wanted =>
                wanted with
                {
                    Rails = new Rails { Application = "plant-a", Guard = guard },
                }
            );

        var loop = A.Loop(release, world).Until(Phase.Waiting);

        Assert.EndsWith(end, loop.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Judges_a_dark_site_by_the_guards_groups_where_the_release_has_none()
    {
        var (site, ring) = (new GroupLimitSpec { Tag = "site" }, new GroupLimitSpec { Tag = "ring" });
        var device = new DeviceRow(
            new(1),
            DeviceClass.EdgeCompute,
            null,
            new([new("site", "a"), new("ring", "b")]),
            true,
            null
        );

        Assert.Equal(["site=a"], Groups.Of(Within(site))!.Of(device));
        Assert.Equal(["ring=b"], Groups.Of(Within(site, A.Release().PerGroup(ring)))!.Of(device));
        Assert.Null(Groups.Of(A.Release()));
    }
}
