using EdgeRelease.Api;
using EdgeRelease.Planning;
using Xunit;

namespace EdgeRelease.Tests.Unit.Planning;

/// <summary>No time that a person may write ends a pass by an overflow.</summary>
public sealed class PlannerExtremesTests(ITestOutputHelper output)
{
    private static readonly int Seeds = int.Parse(Environment.GetEnvironmentVariable("PLANNER_SEEDS") ?? "30");
    private static readonly int First = int.Parse(Environment.GetEnvironmentVariable("PLANNER_FIRST") ?? "1");
    private static readonly TimeSpan While = TimeSpan.FromMinutes(10);

    [Fact]
    public void Plans_with_every_duration_at_its_largest_and_a_beginning_that_never_comes()
    {
        const string longest = "999999.999999h999999.999999h999999.999999h999999.999999h";
        Assert.True(Durations.TryParse(longest, out var largest));
        var told = 0;
        for (var seed = First; seed < First + Seeds; seed++)
        {
            output.WriteLine($"PLANNER_FIRST={seed}");
            var random = new Random(seed);
            var scenario = new PlannerScenario(seed) { HasVisitors = true };
            var loop = scenario.Loop;
            Become(loop, release => release.With(spec => Stretched(spec, own => IsLargest(random) ? largest : own)));
            scenario.Run();
            Become(loop, release => release.With(spec => spec with { Schedule = Never(spec.Schedule) }));
            loop.For(While);
            Become(loop, release => release.Aborting("r1"));
            loop.For(While);
            Become(loop, release => release.Asking(wanted => wanted with { DeletedAt = loop.World.Now }));
            loop.For(While);
            told += loop.World.Gateways.Count(gateway => gateway.Told.Count > 0);
        }

        Assert.True(told > Seeds, $"only {told} devices were told anything");
    }

    private static bool IsLargest(Random random) => random.Next(3) > 0;

    private static void Become(PlannerLoop loop, Func<ReleaseBuilder, ReleaseBuilder> change) =>
        loop.Wanted = change(new ReleaseBuilder { Built = loop.Wanted });

    private static ScheduleSpec Never(ScheduleSpec schedule) => schedule with { NotBefore = DateTimeOffset.MaxValue };

    private static EdgeReleaseSpec Stretched(EdgeReleaseSpec spec, Func<TimeSpan, TimeSpan> with) =>
        spec with
        {
            Health = spec.Health with
            {
                SettleTimeout = with(spec.Health.SettleTimeout),
                Confirm = with(spec.Health.Confirm),
                RetryGrace = with(spec.Health.RetryGrace),
                LostAfter = with(spec.Health.LostAfter),
            },
            FailurePolicy = spec.FailurePolicy with { Watch = with(spec.FailurePolicy.Watch) },
            Policy = spec.Policy with { DeleteDeadline = with(spec.Policy.DeleteDeadline) },
            Rollout = spec.Rollout is not { } rollout
                ? null
                : rollout with
                {
                    Steps = [.. rollout.Steps.Select(step => step with { Soak = with(step.Soak) })],
                    Ramp = rollout.Ramp is { } ramp ? ramp with { Soak = with(ramp.Soak) } : null,
                },
        };
}
