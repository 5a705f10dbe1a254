using EdgeRelease.Api;
using EdgeRelease.Planning;
using Xunit;

namespace EdgeRelease.Tests.Unit.Planning;

/// <summary>F089: devices that somebody else commanded in the revision before.</summary>
public sealed class PlannerCarriedDriftTests
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    [Fact]
    public void Takes_a_fought_over_device_back_in_the_retry_that_it_advises()
    {
        var loop = Complete(Correcting(), out var world);
        Fight(loop, world[0]);

        loop.Wanted = Correcting().Retrying("r1");
        loop.For(Hour);

        Assert.Equal((2, "v2", 4), (loop.Memory.Revision, world[0].Runs, loop.Running("v2")));
        Assert.Equal((1, "v1"), (loop.RowOf(world[0])!.Attempts, loop.RowOf(world[0])!.Previous));
        loop.Wanted = Correcting().Aborting("r2");
        loop.Until(Phase.RolledBack);
        Assert.Equal(4, loop.Running("v1"));
    }

    [Fact]
    public void Counts_what_a_later_revision_takes_back_as_one_of_two_corrections_within_an_hour()
    {
        var loop = Complete(Correcting(), out var world);
        Fight(loop, world[0]);
        var told = world[0].Told.Count;
        loop.Wanted = Correcting().Retrying("r1");
        loop.Until(_ => world[0].Told.Count > told, "the first").For(TimeSpan.FromMinutes(10));

        Fight(loop, world[0]);

        Assert.Equal(told + 2, world[0].Told.Count);
        Assert.True(Drift.IsContested(loop.RowOf(world[0])!));
    }

    [Theory]
    [InlineData(DriftPolicy.Correct, "v3")]
    [InlineData(DriftPolicy.Report, "v9")]
    public void Takes_along_what_was_taken_away_in_the_revision_before_only_when_asked_to(
        DriftPolicy policy,
        string runs
    )
    {
        var world = A.Fleet().Of(4).On("v1");
        var loop = A.Loop(A.Release(), world);
        loop.Until(_ => world.Gateways.Exists(gateway => gateway.Wants == "v2"), "the first command");
        var taken = world.Gateways.Single(gateway => gateway.Wants == "v2");
        world.Schedule(taken, "v9");
        loop.Wanted = A.Release().To("v3").With(spec => spec with { Policy = spec.Policy with { Drift = policy } });

        loop.Until(Phase.Complete);
        loop.For(Hour);

        Assert.Equal((runs, "v1"), (taken.Runs, loop.RowOf(taken)!.Previous));
        Assert.Equal(policy == DriftPolicy.Report, loop.Of(taken).Standing.State == DeviceState.Drifted);
    }

    [Fact]
    public void Takes_along_what_was_taken_away_after_the_revision_before_had_gone_back()
    {
        var world = A.Fleet().Of(4).On("v1");
        var loop = A.Loop(Correcting(), world).Until(Phase.Complete);
        loop.Wanted = Correcting().Aborting("r1");
        loop.Until(Phase.RolledBack);
        world.Schedule(world[0], "v9");
        loop.For(Hour);
        loop.Wanted = Correcting().To("v3");

        loop.Until(Phase.Complete);

        Assert.Equal((4, "v9"), (loop.Running("v3"), loop.RowOf(world[0])!.Previous));
    }

    [Fact]
    public void Takes_no_device_along_that_cannot_run_the_version()
    {
        var world = A.Fleet().Of(4).On("v1");
        var loop = A.Loop(A.Release(), world);
        loop.Until(_ => world.Gateways.Exists(gateway => gateway.Wants == "v2"), "the first command");
        var taken = world.Gateways.Single(gateway => gateway.Wants == "v2");
        world.Schedule(taken, "v9");
        taken.Agent = "1.0.0";
        loop.Wanted = Correcting().To("v3").Asking(release => release with { MinimumAgentVersion = "1.2.0" });

        loop.For(Hour);

        Assert.Equal(("v9", DeviceState.Drifted), (taken.Runs, loop.Of(taken).Standing.State));
    }

    [Fact]
    public void Leaves_alone_what_a_person_put_on_the_new_version_already()
    {
        var loop = ConfirmedAlone(out var world, out var taken);
        world.Schedule(taken, "v3");
        world.Advance(TimeSpan.FromMinutes(1));
        foreach (var other in world.Gateways.Where(gateway => gateway != taken))
        {
            other.Refuses.Add("v3");
        }

        loop.Wanted = Correcting().To("v3");
        loop.For(Hour);

        Assert.DoesNotContain("v3", taken.Told);
        Assert.Single(world.Tellings, telling => telling.Command.Version == "v3");
        Assert.Equal(("v3", 0), (taken.Runs, loop.RowOf(taken)!.Attempts));
        Assert.Equal(Phase.RolledBack, loop.Phase);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Counts_what_a_person_put_on_the_new_version_as_adopted_until_somebody_takes_it_away(bool isSlow)
    {
        var loop = ConfirmedAlone(out var world, out var taken);
        taken.Ignores.UnionWith(isSlow ? ["v3"] : []);
        world.Schedule(taken, "v3");
        world.Advance(TimeSpan.FromMinutes(1));
        loop.Wanted = Correcting().To("v3");

        loop.Until(Phase.Complete);

        Assert.Equal(isSlow ? "PendingByOthers" : "Adopted", loop.Of(taken).Standing.Reason);
        Assert.Equal("v2", Assert.Single(taken.Told));
        Assert.Null(loop.RowOf(taken)!.Stable);
        taken.Ignores.Clear();
        world.Schedule(taken, "v9");
        loop.For(Hour);
        Assert.Equal(("v3", 10), (taken.Runs, loop.Running("v3")));
    }

    /// <summary>Ten devices, of which the first revision has brought one to v2 and goes on.</summary>
    private static PlannerLoop ConfirmedAlone(out PlannerWorld world, out PlannerGateway taken)
    {
        var first = world = A.Fleet().Of(10).On("v1");
        var loop = A.Loop(A.Release().In(A.Step().Count(1).Soaking(Hour), A.Step().Of(100)), world);
        loop.Until(
            _ => first.Gateways.Exists(gateway => loop.RowOf(gateway)?.Outcome == Outcome.Confirmed),
            "the first"
        );
        taken = world.Gateways.Single(gateway => gateway.Told.Count > 0);
        return loop;
    }

    private static void Fight(PlannerLoop loop, PlannerGateway gateway)
    {
        for (var i = 0; i < 3; i++)
        {
            loop.World.Schedule(gateway, "v9");
            loop.For(TimeSpan.FromMinutes(10));
        }
    }

    private static PlannerLoop Complete(Release release, out PlannerWorld world)
    {
        world = A.Fleet().Of(4).On("v1");
        return A.Loop(release, world).Until(Phase.Complete);
    }

    private static ReleaseBuilder Correcting() => A.Release().CorrectingDrift();
}
