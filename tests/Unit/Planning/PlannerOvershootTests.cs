using EdgeRelease.Api;
using EdgeRelease.Observation;
using Xunit;

namespace EdgeRelease.Tests.Unit.Planning;

/// <summary>How many devices are still sent after Losant's log shows that one failed (R13): the batch that is under way
/// then, and of a step that has not begun nobody.</summary>
public sealed class PlannerOvershootTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(30)]
    public void Sends_the_batch_that_is_under_way_and_no_other_once_a_failing_log_is_visible(int grace)
    {
        for (var number = 2; number <= 9; number++)
        {
            var world = A.Fleet().Of(60).On("v1");
            var release = A.Release()
                .Unavailable(6)
                .Health(health => health with { RetryGrace = TimeSpan.FromSeconds(grace), Confirm = TimeSpan.Zero });
            var loop = A.Loop(release, world);
            var (batches, at) = (0, DateTimeOffset.MaxValue);
            loop.Watch = (plan, _) =>
            {
                // Between the observation that this batch was planned from and its call.
                if (plan.Batches.Count > 0 && ++batches == number)
                {
                    at = world.Now;
                    Fail(world, world.Gateways.First(gateway => gateway.Runs == "v2"));
                }
            };

            loop.Until(Phase.RolledBack);

            var late = world.Tellings.Where(telling => telling.IsForward && telling.At >= at).ToList();
            Assert.Equal(number, Assert.Single(late.Select(telling => telling.Command.Batch).Distinct()));
            Assert.InRange(late.Count, 1, 6);
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(30)]
    public void Sends_nobody_of_a_step_when_a_failing_log_is_visible_before_it_begins(int grace)
    {
        var hour = TimeSpan.FromHours(1);
        for (var early = 1; early <= 40; early += 3)
        {
            var world = A.Fleet().Of(20).On("v1");
            var release = A.Release()
                .In(A.Step("two").Count(2).Soaking(hour), A.Step("all").All())
                .Health(health => health with { RetryGrace = TimeSpan.FromSeconds(grace) });
            var loop = A.Loop(release, world).Until(Phase.Soaking);
            var first = world.Gateways.Where(gateway => gateway.Told.Count > 0).ToList();
            var ends = loop.Plan.Memory.Step.SoakUntil!.Value;
            loop.Until(_ => world.Now + TimeSpan.FromSeconds(60) > ends);
            world.Advance(ends - world.Now - TimeSpan.FromSeconds(early));
            Fail(world, first[0]);

            loop.Until(Phase.RolledBack);

            Assert.Equal(2, first.Count);
            Assert.All(world.Gateways.Except(first), gateway => Assert.Empty(gateway.Told));
        }
    }

    /// <summary>The device reports an error for what it runs.</summary>
    private static void Fail(PlannerWorld world, PlannerGateway gateway)
    {
        var row = gateway.Row!.Value;
        gateway.Row = row with
        {
            Current = null,
            CurrentEtag = null,
            LastCurrent = new CurrentEntry(world.Now, null, "no sensor", "v2", row.DesiredEtag),
            UpdatedAt = world.Now,
        };
    }
}
