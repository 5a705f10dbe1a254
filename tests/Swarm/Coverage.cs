using EdgeRelease.Simulation;

namespace EdgeRelease.Tests.Swarm;

/// <summary>How often each fault happened in all schedules together.</summary>
internal sealed class Coverage
{
    private readonly Lock _gate = new();
    private readonly Dictionary<FaultKind, long> _losant = [];
    private readonly ClusterFaultCounts _cluster = new();

    /// <summary>Kinds that should have happened and never did.</summary>
    public IReadOnlyList<string> Missing =>
        [
            .. Losant.Where(each => each.Count == 0).Select(each => each.Kind.ToString()),
            .. Cluster.Where(each => each.Count == 0).Select(each => each.Kind.ToString()),
        ];

    private IEnumerable<(FaultKind Kind, long Count)> Losant =>
        Menu
            .LosantFaults.Concat(Enum.GetValues<FaultKind>().Where(kind => kind >= FaultKind.DeviceAdded))
            .Select(kind => (kind, _losant.GetValueOrDefault(kind)));

    private IEnumerable<(ClusterFaultKind Kind, long Count)> Cluster =>
        Menu.ClusterFaults.Select(kind => (kind, _cluster[kind]));

    public void Add(Outcomes outcome)
    {
        lock (_gate)
        {
            _cluster.Add(outcome.Cluster);
            foreach (var (kind, count) in outcome.Losant)
            {
                _losant[kind] = _losant.GetValueOrDefault(kind) + count;
            }
        }
    }

    public override string ToString() =>
        $"faults: {string.Join(", ", Losant.Select(each => $"{each.Kind} {each.Count}"))}, "
        + string.Join(", ", Cluster.Select(each => $"{each.Kind} {each.Count}"));
}
