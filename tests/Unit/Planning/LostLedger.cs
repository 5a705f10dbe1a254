using EdgeRelease.Api;
using EdgeRelease.Observation;
using EdgeRelease.Planning;

namespace EdgeRelease.Tests.Unit.Planning;

/// <summary>A rollout to half of ten gateways on v1, and the loss of its ledger.</summary>
internal static class LostLedger
{
    public static ReleaseBuilder Halved() => A.Release().At(50).Percent();

    public static PlannerLoop Half(out PlannerWorld world)
    {
        world = A.Fleet().Of(10).On("v1");
        return A.Loop(Halved(), world).Until(Phase.AtPercentage);
    }

    public static void Lose(PlannerLoop loop) =>
        loop.Memory = loop.Memory with { Rows = new Dictionary<DeviceId, LedgerRow>(), IsLedgerLost = true };
}
