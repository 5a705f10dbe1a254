using EdgeRelease.Api;
using EdgeRelease.Observation;
using EdgeRelease.Planning;
using Xunit;

namespace EdgeRelease.Tests.Unit.Planning;

/// <summary>Rule 28: of several releases over one device exactly one commands it.</summary>
public sealed class PlannerClaimTests
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    [Theory]
    [InlineData(1, 0, 0, 1, "a", "b", true)]
    [InlineData(0, 1, 1, 0, "a", "b", false)]
    [InlineData(0, 0, 0, 1, "b", "a", true)]
    [InlineData(0, 0, 1, 0, "a", "b", false)]
    [InlineData(0, 0, 0, 0, "a", "b", true)]
    [InlineData(0, 0, 0, 0, "b", "a", false)]
    public void The_higher_priority_wins_then_the_older_then_the_lower_uid(
        int mine,
        int theirs,
        int myAge,
        int theirAge,
        string uid,
        string otherUid,
        bool wins
    )
    {
        var other = ClaimOf("other", otherUid) with { Priority = theirs, CreatedAt = At(theirAge) };

        var rival = Assert.Single(
            (ClaimOf("me", uid) with { Priority = mine, CreatedAt = At(myAge) }).Against([other])
        );

        Assert.Equal(wins, rival.IsWeaker);
    }

    [Fact]
    public void What_claims_nothing_is_nobodys_rival_and_yields_to_all()
    {
        var strong = ClaimOf("strong", "a") with { Priority = 9, IsMade = false };
        var weak = ClaimOf("weak", "b");

        Assert.Empty(weak.Against([strong]));
        Assert.False(Assert.Single(strong.Against([weak])).IsWeaker);
    }

    [Fact]
    public void A_claim_holds_devices_far_above_the_percentage_too()
    {
        var world = A.Fleet().Of(10).On("v1");
        var strong = new Rival("plant-a/strong", new Selection(A.Release().At(10).Percent().Built.Spec));

        var loop = A.Loop(A.Release().Asking(release => release with { Rivals = [strong] }), world).For(Hour);

        Assert.Equal(10, loop.Plan.Fleet!.Devices.Count(device => device.Standing.State == DeviceState.Conflicted));
        Assert.All(world.Gateways, gateway => Assert.Empty(gateway.Told));
    }

    [Fact]
    public void A_takeover_remembers_what_the_device_runs_and_the_return_makes_it_a_joiner()
    {
        var world = A.Fleet().Of(2).On("v1");
        var loser = A.Loop(A.Release(), world).Until(Phase.Complete);
        var winner = A.Loop(A.Release().To("v3").Asking(release => release with { Uid = "uid-2" }), world);
        loser.Wanted = Against("plant-a/winner");
        loser.Pass();
        winner.Until(Phase.Complete);

        Assert.All(world.Gateways, gateway => Assert.Equal("takenBy plant-a/winner", loser.RowOf(gateway)!.Closed));
        Assert.All(world.Gateways, gateway => Assert.Equal("v2", winner.RowOf(gateway)!.Previous));
        loser.Wanted = A.Release();
        loser.Until(
            plan => plan.Fleet!.Eligible.All(device => device.Standing.State == DeviceState.Updated),
            "taken back"
        );

        Assert.All(world.Gateways, gateway => Assert.Equal(["v2", "v3", "v2"], gateway.Told));
        Assert.All(world.Gateways, gateway => Assert.Equal("v3", loser.RowOf(gateway)!.Previous));
    }

    [Fact]
    public void A_leaver_that_another_release_claims_is_not_restored_by_the_one_that_it_left()
    {
        var world = A.Fleet().Of(3).On("v1").Tagged(..3, "line", "a");
        var release = A.Release().For("line", "a").OnLeave(LeavePolicy.Restore);
        var loop = A.Loop(release, world).Until(Phase.Complete);
        var other = new Rival("plant-a/other", new Selection(A.Release().For("line", "b").Built.Spec))
        {
            IsWeaker = true,
        };
        loop.Wanted = release.Asking(wanted => wanted with { Rivals = [other] });
        world[0].Tags = new TagSet([new("line", "b")]);

        loop.For(Hour);

        Assert.Equal(["v2"], world[0].Told);
        Assert.Equal("takenBy plant-a/other", loop.RowOf(world[0])!.Closed);
    }

    [Fact]
    public void A_release_that_is_being_deleted_leaves_its_devices_to_the_next()
    {
        var world = A.Fleet().Of(3).On("v1");
        var loop = A.Loop(A.Release().OnDelete(DeletePolicy.Restore), world).Until(Phase.Complete);
        loop.Wanted = A.Release()
            .OnDelete(DeletePolicy.Restore)
            .Asking(release => release with { DeletedAt = world.Now, Rivals = Against("plant-a/next").Rivals });

        loop.Until(plan => plan.MayGo, "the end");

        Assert.All(world.Gateways, gateway => Assert.Equal(["v2"], gateway.Told));
    }

    /// <summary>A release that another one over all devices beats.</summary>
    private static Release Against(string name) =>
        A.Release().Built with
        {
            Rivals = [new Rival(name, new Selection(A.Release().Built.Spec))],
        };

    private static Claim ClaimOf(string name, string uid) =>
        new()
        {
            Name = name,
            Uid = uid,
            Priority = 0,
            IsMade = true,
            Selection = new Selection(A.Release().Built.Spec),
        };

    private static DateTimeOffset At(int minute) => PlannerWorld.Begin.AddMinutes(minute);
}
