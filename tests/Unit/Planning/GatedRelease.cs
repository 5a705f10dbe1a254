using EdgeRelease.Api;
using EdgeRelease.Planning;

namespace EdgeRelease.Tests.Unit.Planning;

/// <summary>A release of three steps, two of them with an approval, and what it waits for.</summary>
internal static class GatedRelease
{
    public static readonly ReleaseBuilder Gated = A.Release()
        .In(
            A.Step("tenth").Of(10).Soaking(TimeSpan.FromHours(1)).Gated(),
            A.Step("half").Of(50).Gated(),
            A.Step("rest").Of(100)
        );

    public static bool Waits(Plan plan) => plan.Verdict.WaitingFor?.Kind == WaitingKind.Approval;

    public static string Token(PlannerLoop loop) => loop.Plan.Verdict.WaitingFor!.Token!;
}
