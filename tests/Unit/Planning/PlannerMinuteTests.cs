using EdgeRelease.Api;
using EdgeRelease.Planning;
using Xunit;

namespace EdgeRelease.Tests.Unit.Planning;

/// <summary>limits.perMinute (F017): never more devices told within any 60 s of Losant's clock.</summary>
public sealed class PlannerMinuteTests
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(100)]
    public void Tells_no_more_devices_within_any_minute_than_the_limit(int most)
    {
        var world = A.Fleet().Of(30).On("v1");

        A.Loop(A.Release().PerMinute(most), world).Until(Phase.Complete);

        Assert.Equal(30, world.Tellings.Count);
        Assert.InRange(Busiest(world), 1, most);
    }

    [Fact]
    public void Tells_as_many_as_the_limit_in_each_minute_when_it_looks_when_it_wants_to()
    {
        var world = A.Fleet().Of(30).On("v1");
        var loop = A.Loop(A.Release().PerMinute(5).Health(health => health with { Confirm = TimeSpan.Zero }), world);
        var begin = world.Now;

        Woken(loop, Phase.Complete);

        Assert.Equal(5, Busiest(world));
        Assert.InRange(world.Now - begin, 5 * Minute, 7 * Minute);
    }

    [Fact]
    public void Says_when_the_next_device_is_told()
    {
        var world = A.Fleet().Of(3).On("v1");
        var loop = A.Loop(A.Release().PerMinute(1), world);
        loop.Pass();
        world.Advance(TimeSpan.FromSeconds(15));

        loop.Pass();

        Assert.Equal(Phase.Progressing, loop.Phase);
        Assert.EndsWith(
            "; limits.perMinute 1 is used up, the next device is told after 2026-11-20T09:01:01Z",
            loop.Message,
            StringComparison.Ordinal
        );
        Assert.Equal(PlannerWorld.Begin.AddSeconds(61), loop.Plan.WakeAt);
    }

    [Fact]
    public void Waits_longer_for_a_command_that_the_log_does_not_show()
    {
        var world = A.Fleet().Of(3).On("v1");
        world.KeepsLogs = false;
        var loop = A.Loop(A.Release().PerMinute(1), world);

        loop.Until(Phase.Complete);

        var times = world.Tellings.Select(telling => telling.At).ToList();
        Assert.All(
            times.Zip(times.Skip(1)),
            pair => Assert.True(pair.Second - pair.First >= TimeSpan.FromSeconds(100))
        );
    }

    [Fact]
    public void Counts_a_repeat_and_a_retry_like_any_other_device()
    {
        var world = A.Fleet().Of(6).On("v1").Refusing("v2", ..2);
        world[2].IsDeafToLosant = true;
        var release = A.Release()
            .PerMinute(2)
            .Tolerating(5)
            .Health(health => health with { Retries = 2, RetryGrace = TimeSpan.Zero });

        A.Loop(release, world).Until(Phase.Complete);

        Assert.True(world.Tellings.Count(telling => telling is { IsForward: true, Command.Repeats: 1 }) == 1);
        Assert.Equal(3, world.Tellings.Count(telling => telling.IsForward && telling.Gateway == world[0]));
        Assert.InRange(Busiest(world), 1, 2);
    }

    [Fact]
    public void Counts_a_device_that_was_given_back_and_is_wanted_again_within_the_minute()
    {
        var world = A.Fleet().Of(1).On("v1");
        var quick = A.Release().PerMinute(2).Health(health => health with { Confirm = TimeSpan.Zero });
        var loop = A.Loop(quick, world).Until(Phase.Complete);
        loop.Wanted = quick.At(0).Percent();
        loop.Until(plan => plan.Fleet!.Eligible.Any(device => device.Standing.IsRestored) && world[0].Runs == "v1");
        Assert.True(world.Now - world.Tellings[0].At < Minute, "the limit holds nobody");
        loop.Wanted = quick;

        loop.For(10 * Minute);

        Assert.Equal("v2", world[0].Runs);
        var forward = world.Tellings.Where(telling => telling.IsForward).Select(telling => telling.At).ToList();
        Assert.True(forward[1] - forward[0] >= Minute);
    }

    [Fact]
    public void Rolls_back_everything_at_once_whatever_the_limit()
    {
        var world = A.Fleet().Of(20).On("v1");
        var loop = A.Loop(A.Release().PerMinute(4), world).Until(Phase.Complete);
        loop.Wanted = A.Release().PerMinute(1).Aborting("r1");

        Assert.Equal(20, loop.Pass().Batches.Sum(batch => batch.Rows.Count));
    }

    [Fact]
    public void Keeps_the_limit_while_a_deletion_takes_devices_back()
    {
        var world = A.Fleet().Of(8).On("v1");
        var release = A.Release().PerMinute(4).OnDelete(DeletePolicy.Restore);
        var loop = A.Loop(release, world).Until(Phase.Complete);
        world.Tellings.Clear();
        loop.Wanted = release.PerMinute(2).Asking(wanted => wanted with { DeletedAt = world.Now });

        loop.Until(plan => plan.MayGo);

        Assert.Equal(0, loop.Running("v2"));
        Assert.InRange(Busiest(world), 1, 2);
    }

    [Fact]
    public void Keeps_the_limit_for_devices_that_left_and_for_those_given_back()
    {
        var world = A.Fleet().Of(8).On("v1").Tagged(..8, "line", "a");
        var release = A.Release().For("line", "a").OnLeave(LeavePolicy.Restore);
        var loop = A.Loop(release, world).Until(Phase.Complete);
        world.Tellings.Clear();
        world.Tagged(..0, "line", "a");
        world.Gateways.Take(4).ToList().ForEach(gateway => gateway.Tags = Observation.TagSet.Empty);
        loop.Wanted = release.PerMinute(2).At(50).Percent();

        loop.For(10 * Minute);

        Assert.Equal(2, loop.Running("v2"));
        Assert.InRange(Busiest(world), 1, 2);
    }

    [Fact]
    public void Arms_offline_devices_within_the_limit_before_it_is_complete()
    {
        var world = A.Fleet().Of(9).On("v1").Offline(..5);

        A.Loop(A.Release().PerMinute(2), world).Until(Phase.Complete);

        Assert.Equal(9, world.Gateways.Count(gateway => gateway.Wants == "v2"));
        Assert.InRange(Busiest(world), 1, 2);
    }

    [Fact]
    public void Applies_a_lower_limit_at_once()
    {
        var world = A.Fleet().Of(30).On("v1");
        var loop = A.Loop(A.Release().PerMinute(20), world);
        loop.Until(_ => world.Tellings.Count > 10);
        var told = world.Tellings.Count;
        loop.Wanted = A.Release().PerMinute(1);

        loop.For(Minute);

        Assert.Equal(told, world.Tellings.Count);
        loop.Until(Phase.Complete);
    }

    /// <summary>Passes only when the plan wants to be woken, or a device did something.</summary>
    private static void Woken(PlannerLoop loop, Phase phase)
    {
        while (loop.Pass().Verdict.Phase != phase)
        {
            var wake = loop.Plan.WakeAt ?? loop.World.Now + loop.World.Latency;
            var device = loop.World.Gateways.Min(gateway => gateway.AppliesAt) ?? wake;
            var until = device < wake ? device : wake;
            loop.World.Advance(until > loop.World.Now ? until - loop.World.Now : TimeSpan.FromSeconds(1));
        }
    }

    /// <summary>The most commands within any minute.</summary>
    internal static int Busiest(PlannerWorld world)
    {
        var times = world.Tellings.Where(telling => telling.IsForward || Counts(telling)).Select(telling => telling.At);
        var all = times.ToList();
        return all.Max(from => all.Count(at => at >= from && at < from + Minute));
    }

    private static bool Counts(PlannerTelling telling) =>
        telling.Command.Cause is BackCause.Deletion or BackCause.Left or BackCause.Lowered;
}
