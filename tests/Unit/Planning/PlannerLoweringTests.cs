using EdgeRelease.Api;
using EdgeRelease.Planning;
using Xunit;

namespace EdgeRelease.Tests.Unit.Planning;

public sealed class PlannerLoweringTests
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    [Theory]
    [InlineData(10, 2)]
    [InlineData(0, 0)]
    [InlineData(33, 7)]
    public void Leaves_the_lower_share_on_the_version(int percentage, int left)
    {
        var loop = A.Loop(A.Release().At(50).Percent(), A.Fleet().Of(20).On("v1")).Until(Phase.AtPercentage);
        loop.Wanted = A.Release().At(percentage).Percent();

        loop.For(Hour);

        Assert.Equal((Phase.AtPercentage, left), (loop.Phase, loop.Running("v2")));
        Assert.Empty(loop.Memory.KnownBad);
    }

    [Fact]
    public void Gives_back_what_was_moved_last()
    {
        var world = A.Fleet().Of(20).On("v1");
        var loop = A.Loop(A.Release().At(10).Percent(), world).Until(Phase.AtPercentage);
        var early = world.Gateways.Where(gateway => gateway.Runs == "v2").ToList();
        loop.Wanted = A.Release().At(50).Percent();
        loop.Until(plan => plan.Memory.AppliedPercentage == 50).Until(Phase.AtPercentage);
        loop.Wanted = A.Release().At(10).Percent();

        loop.For(Hour);

        Assert.Equal(early, world.Gateways.Where(gateway => gateway.Runs == "v2"));
    }

    [Fact]
    public void Leaves_adopted_devices_alone()
    {
        var world = A.Fleet().Of(5).On("v2").Of(5).On("v1");
        var loop = A.Loop(A.Release(), world).Until(Phase.Complete);
        loop.Wanted = A.Release().At(0).Percent();

        loop.For(Hour);

        Assert.Equal((Phase.AtPercentage, 5), (loop.Phase, loop.Running("v2")));
        Assert.All(world.Gateways.Take(5), gateway => Assert.Empty(gateway.Told));
    }

    [Fact]
    public void Gives_nothing_back_when_the_fleet_shrinks()
    {
        var world = A.Fleet().Of(20).On("v1");
        var loop = A.Loop(A.Release().At(50).Percent(), world).Until(Phase.AtPercentage);
        foreach (var gateway in world.Gateways.Where(gateway => gateway.Runs == "v1").Take(8))
        {
            gateway.IsDeleted = true;
        }

        loop.For(Hour);

        Assert.Equal(10, loop.Running("v2"));
    }

    [Fact]
    public void Moves_returned_devices_anew_when_it_is_raised_again()
    {
        var world = A.Fleet().Of(10).On("v1");
        var loop = A.Loop(A.Release(), world).Until(Phase.Complete);
        loop.Wanted = A.Release().At(0).Percent();
        loop.Until(Phase.AtPercentage).For(Hour);
        loop.Wanted = A.Release();

        loop.Until(Phase.Complete);

        Assert.Equal(10, loop.Running("v2"));
    }

    [Fact]
    public void Skips_no_soak_when_the_ceiling_is_lowered_above_what_was_moved()
    {
        var release = A.Release()
            .In(A.Step().Of(10).Soaking(24 * Hour), A.Step().Of(30).Soaking(24 * Hour), A.Step().Of(100));
        var loop = A.Loop(release, A.Fleet().Of(20).On("v1")).Until(Phase.Soaking);
        loop.Wanted = release.At(80).Percent();

        loop.For(12 * Hour);

        Assert.Equal((Phase.Soaking, 2), (loop.Phase, loop.Running("v2")));
    }

    [Fact]
    public void Ends_at_the_lower_percentage_although_a_device_never_took_its_command()
    {
        var world = A.Fleet().Of(10).On("v1");
        world[0].IsDeafToLosant = true;
        var loop = A.Loop(A.Release(), world).Until(Phase.Complete);
        loop.Wanted = A.Release().At(0).Percent();

        loop.For(Hour);

        Assert.Equal((Phase.AtPercentage, 10), (loop.Phase, loop.Running("v1")));
    }

    [Fact]
    public void Gives_the_rest_back_although_a_command_before_it_never_reached_Losant()
    {
        var world = A.Fleet().Of(3).On("v1");
        var loop = A.Loop(A.Release().Unavailable(1), world).Until(plan => plan.Evidence.Succeeded == 1);
        loop.Loses = _ => true;
        loop.Pass();
        loop.Loses = null;
        loop.Wanted = A.Release().Unavailable(1).At(0).Percent();

        loop.Until(Phase.AtPercentage);

        Assert.Equal(3, loop.Running("v1"));
    }

    [Fact]
    public void Disarms_offline_devices_when_lowered()
    {
        var world = A.Fleet().Of(10).On("v1").Offline(..2);
        var loop = A.Loop(A.Release(), world).Until(Phase.Complete);
        loop.Wanted = A.Release().At(50).Percent();

        loop.Until(Phase.AtPercentage);

        Assert.All(world.Gateways.Take(2), gateway => Assert.Equal("v1", gateway.Wants));
        Assert.Equal(5, loop.Running("v2"));
    }

    [Fact]
    public void Gives_back_within_the_slots()
    {
        var loop = A.Loop(A.Release(), A.Fleet().Of(20).On("v1")).Until(Phase.Complete);
        loop.Wanted = A.Release().At(0).Percent().Unavailable(2);
        loop.Watch = (plan, _) => Assert.InRange(plan.Batches.Sum(batch => batch.Rows.Count), 0, 2);

        loop.For(2 * Hour);

        Assert.Equal(20, loop.Running("v1"));
    }

    [Fact]
    public void Gives_the_rest_back_although_offline_devices_have_not_taken_theirs()
    {
        var world = A.Fleet().Of(6).On("v1");
        var loop = A.Loop(A.Release().Unavailable(2), world).Until(Phase.Complete);
        world.Offline(..3);
        loop.Wanted = A.Release().Unavailable(2).At(0).Percent();

        loop.Until(Phase.AtPercentage);

        Assert.All(world.Gateways, gateway => Assert.Equal("v1", gateway.Wants));
    }

    [Fact]
    public void Names_the_dark_device_that_keeps_the_rest_from_being_given_back()
    {
        var world = A.Fleet().Of(6).On("v1");
        var loop = A.Loop(A.Release().Unavailable(1), world).Until(plan => plan.Evidence.Succeeded == 5);
        var dark = world.Gateways.Single(gateway => loop.RowOf(gateway) is not { Outcome: Outcome.Confirmed });
        dark.DiesOf.Add("v2");
        loop.For(Hour);
        loop.Wanted = A.Release().Unavailable(1).At(0).Percent();

        loop.Until(Phase.Waiting);

        Assert.Equal(WaitingKind.Budget, loop.Plan.Verdict.WaitingFor!.Kind);
        Assert.Equal([dark.Id.ToString()], loop.Plan.Verdict.WaitingFor.Devices!);
    }

    [Fact]
    public void Gives_nothing_back_on_a_view_that_is_not_believed()
    {
        var world = A.Fleet().Of(20).On("v1");
        var loop = A.Loop(A.Release(), world).Until(Phase.Complete);
        loop.Wanted = A.Release().At(50).Percent();
        var seen = world.Seen();
        world.Advance(TimeSpan.FromSeconds(1));

        var plan = loop.Pass(seen with { Devices = [.. seen.Devices.Take(8)], Believed = false });

        Assert.Empty(plan.Batches);
        Assert.Equal(100, plan.Memory.AppliedPercentage);
        loop.For(Hour);
        Assert.Equal(10, loop.Running("v2"));
    }

    [Fact]
    public void Judges_only_new_outcomes_after_accepted_ones_were_given_back()
    {
        var world = A.Fleet().Of(20).On("v1");
        var release = A.Release().Unavailable(1).Policy(policy => policy with { OnBreach = BreachAction.Pause });
        var loop = A.Loop(release, world).Until(plan => plan.Evidence.Succeeded == 10);
        world.Gateways.First(gateway => gateway.Told.Count == 0).Refuses.Add("v2");
        loop.Until(Phase.Paused);
        var resumed = release.With(spec => spec with { Approve = [loop.Memory.Pause!.Token!] });
        loop.Wanted = resumed;
        loop.Until(Phase.Complete);
        loop.Wanted = resumed.At(0).Percent();

        loop.For(2 * Hour);

        Assert.Equal((1, 1), (loop.Memory.Acknowledged.Failures, loop.Memory.Acknowledged.Outcomes));
    }

    [Fact]
    public void Gives_back_only_what_runs_the_new_version()
    {
        var steps = A.Release().In(A.Step().Of(50).Soaking(Hour), A.Step().Of(100));
        var loop = A.Loop(steps, A.Fleet().Of(10).On("v1")).Until(Phase.Soaking);
        loop.Wanted = A.Release().To("v3").At(20).Percent();
        loop.Until(Phase.AtPercentage);
        loop.Wanted = A.Release().To("v3").At(10).Percent();

        loop.For(Hour);

        Assert.Equal((1, 3), (loop.Running("v3"), loop.Running("v2")));
    }
}
