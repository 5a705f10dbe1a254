using EdgeRelease.Simulation;

namespace EdgeRelease.Tests.Swarm;

/// <summary>How often each fault happened in all schedules together, and how often Losant was not as assumed.</summary>
internal sealed class Coverage
{
    private readonly Lock _gate = new();
    private readonly Dictionary<FaultKind, long> _losant = [];
    private readonly ClusterFaultCounts _cluster = new();
    private readonly Dictionary<string, long> _unknowns = [];
    private readonly Dictionary<int, long> _applications = [];
    private readonly Dictionary<Deed, long> _deeds = [];

    /// <summary>Kinds that should have happened and never did.</summary>
    public IReadOnlyList<string> Missing =>
        [
            .. Losant.Where(each => each.Count == 0).Select(each => each.Kind.ToString()),
            .. Cluster.Where(each => each.Count == 0).Select(each => each.Kind.ToString()),
            .. Unknowns.Where(each => each.Count == 0).Select(each => each.Name),
            .. Enumerable
                .Range(1, 3)
                .Where(many => !_applications.ContainsKey(many))
                .Select(many => $"{many} applications"),
            .. Deeds.Where(each => each.Count == 0).Select(each => each.Deed.ToString()),
        ];

    private IEnumerable<(FaultKind Kind, long Count)> Losant =>
        FaultMenu
            .LosantFaults.Concat(Enum.GetValues<FaultKind>().Where(kind => kind >= FaultKind.DeviceAdded))
            .Select(kind => (kind, _losant.GetValueOrDefault(kind)));

    private IEnumerable<(ClusterFaultKind Kind, long Count)> Cluster =>
        FaultMenu.ClusterFaults.Select(kind => (kind, _cluster[kind]));

    private IEnumerable<(Deed Deed, long Count)> Deeds =>
        Enum.GetValues<Deed>().Select(deed => (deed, _deeds.GetValueOrDefault(deed)));

    private IEnumerable<(string Name, long Count)> Unknowns =>
        UnknownsMenu.Names.Select(name => (name, _unknowns.GetValueOrDefault(name)));

    public void Add(Outcomes outcome)
    {
        lock (_gate)
        {
            _cluster.Add(outcome.Cluster);
            _applications[outcome.Applications] = _applications.GetValueOrDefault(outcome.Applications) + 1;
            Add(_losant, outcome.Losant);
            Add(_deeds, outcome.Deeds);

            foreach (var name in outcome.Unknowns)
            {
                _unknowns[name] = _unknowns.GetValueOrDefault(name) + 1;
            }
        }
    }

    public override string ToString() =>
        $"faults: {string.Join(", ", Losant.Select(each => $"{each.Kind} {each.Count}"))}, "
        + string.Join(", ", Cluster.Select(each => $"{each.Kind} {each.Count}"))
        + $"\napplications: {string.Join(", ", _applications.OrderBy(each => each.Key).Select(each => $"{each.Value} with {each.Key}"))}"
        + $"\ndeeds: {string.Join(", ", Deeds.Select(each => $"{each.Deed} {each.Count}"))}"
        + $"\nnot as assumed: {string.Join(", ", Unknowns.Select(each => $"{each.Name} {each.Count}"))}";

    private static void Add<TKind>(Dictionary<TKind, long> sums, IReadOnlyDictionary<TKind, long> counts)
        where TKind : struct, Enum
    {
        foreach (var (kind, count) in counts)
        {
            sums[kind] = sums.GetValueOrDefault(kind) + count;
        }
    }
}
