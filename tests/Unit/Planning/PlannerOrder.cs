using EdgeRelease.Api;
using EdgeRelease.Planning;

namespace EdgeRelease.Tests.Unit.Planning;

/// <summary>A random order of a release.</summary>
internal sealed class PlannerOrder(Random random)
{
    public Release Make() =>
        A.Release()
            .For("line", "a")
            .In(Steps())
            .SpreadBy(random.OneOf<string[]>([], [], ["ring"], ["agentVersion", "ring"]))
            .Asking(release =>
                release with
                {
                    MinimumAgentVersion = "1.20.0",
                    Rails = new Rails { Guard = new GuardSpec { PerGroup = PerRing(0.2) } },
                }
            )
            .With(spec =>
                spec with
                {
                    RolloutPercentage = random.OneOf(100, 100, 50, 20),
                    Limits = new LimitsSpec
                    {
                        MaxUnavailable = random.OneOf(
                            IntOrPercent.Count(1),
                            IntOrPercent.Count(3),
                            IntOrPercent.Percent(30)
                        ),
                        PerMinute = random.OneOf<int?>(null, null, 1, 3),
                        PerGroup = PerRing(0.3),
                    },
                }
            )
            .OnLeave(random.OneOf(LeavePolicy.Keep, LeavePolicy.Restore))
            .Health(health =>
                health with
                {
                    Retries = random.OneOf(0, 0, 1, 2),
                    Offline = random.OneOf(OfflinePolicy.Defer, OfflinePolicy.ArmWhenProven, OfflinePolicy.Arm),
                    LostAfter = TimeSpan.FromMinutes(random.OneOf(0, 30)),
                }
            )
            .Policy(policy =>
                policy with
                {
                    MaxFailures = random.OneOf(IntOrPercent.Count(0), IntOrPercent.Count(3), IntOrPercent.Percent(30)),
                    OnBreach = random.OneOf(BreachAction.Rollback, BreachAction.Rollback, BreachAction.Pause),
                    RestoreFailed = random.Maybe(0.8),
                }
            );

    private GroupLimitSpec? PerRing(double chance) =>
        random.Maybe(chance) ? new GroupLimitSpec { Tag = "ring", MaxUnavailable = random.OneOf(1, 2) } : null;

    public ReleaseStep[] Steps()
    {
        var soak = TimeSpan.FromMinutes(random.OneOf(0, 10, 60));
        var gated = A.Step("b").Of(60).Soaking(soak).Gated();
        return random.Next(4) switch
        {
            0 => [],
            1 =>
            [
                A.Step("a").Of(20).Soaking(soak),
                random.Maybe(0.5) ? gated : A.Step("b").Of(60),
                A.Step("c").Of(100),
            ],
            2 => [A.Step().Ring("ring", "lab").All().Soaking(soak), A.Step().Count(3), A.Step().Of(100).Soaking(soak)],
            _ => [A.Step().Of(50).Soaking(soak)],
        };
    }
}
