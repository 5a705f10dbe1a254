using EdgeRelease.Simulation;

namespace EdgeRelease.Tests.Swarm;

/// <summary>The random choices of faults.</summary>
internal sealed class FaultMenu(Random random)
{
    /// <summary>Faults after which the client knows what it must know: a refusal that was applied all the same is a
    /// lie that no client can survive.</summary>
    public static readonly IReadOnlyList<FaultKind> LosantFaults =
    [
        .. Enum.GetValues<FaultKind>()
            .Where(kind => kind < FaultKind.DeviceAdded && kind != FaultKind.Status429AfterApply),
    ];

    public static readonly IReadOnlyList<ClusterFaultKind> ClusterFaults =
    [
        .. Enum.GetValues<ClusterFaultKind>()
            .Where(kind => kind is not (ClusterFaultKind.CrashBefore or ClusterFaultKind.CrashAfter)),
    ];

    public FaultRule LosantFault(DateTimeOffset now)
    {
        // Few lists have a second page: without more of them no schedule would show what its shift does.
        var kind = random.Next(16) == 0 ? FaultKind.PageShift : LosantFaults[random.Next(LosantFaults.Count)];
        return new FaultRule(kind)
        {
            Probability =
                IsRare(kind) || kind == FaultKind.PageShift
                    ? 0.5 + (0.5 * random.NextDouble())
                    : random.NextDouble() * random.NextDouble(),
            Until =
                now
                + TimeSpan.FromSeconds(
                    IsRare(kind) || kind == FaultKind.PageShift ? random.Next(60, 3600) : random.Next(5, 600)
                ),
            Delay = kind switch
            {
                FaultKind.DelayedApply => TimeSpan.FromSeconds(random.Next(1, 50)),
                FaultKind.RowInvisible or FaultKind.StaleRead => TimeSpan.FromSeconds(random.Next(1, 30)),
                _ => null,
            },
        };
    }

    /// <summary>Whether it befalls release calls only, of which a schedule has few.</summary>
    private static bool IsRare(FaultKind kind) =>
        kind
            is (>= FaultKind.Status408AfterApply and <= FaultKind.Status504AfterApply)
                or FaultKind.PartialApply
                or FaultKind.DelayedApply
                or FaultKind.RowInvisible;

    /// <summary>A fault that can befall a call.</summary>
    public ClusterFault ClusterFault(ClusterCall call)
    {
        var able = ClusterFaults.Where(kind => new ClusterFault(kind).Befalls(call)).ToList();
        return new ClusterFault(able[random.Next(able.Count)], TimeSpan.FromSeconds(random.Next(1, 20)));
    }
}
