using System.Diagnostics.CodeAnalysis;

namespace EdgeRelease.Simulation;

/// <summary>The faults that are put into answers, and how often each one really happened.</summary>
[SuppressMessage("Security", "CA5394:Do not use insecure randomness", Justification = "A simulation must repeat.")]
public sealed class Faults
{
    private static readonly int Kinds = Enum.GetValues<FaultKind>().Length;
    private readonly List<ActiveRule> rules = [];
    private readonly long[] counts = new long[Kinds];

    internal Faults(Random random) => Random = random;

    /// <summary>How often each kind happened. What is done to the model counts from the first request on.</summary>
    public IReadOnlyDictionary<FaultKind, long> Counts =>
        Enum.GetValues<FaultKind>().ToDictionary(kind => kind, kind => counts[(int)kind]);

    internal Random Random { get; }

    /// <summary>Whether a request has come; before that the model is only being set up.</summary>
    internal bool Started { get; set; }

    /// <summary>Adds a rule behind the others.</summary>
    /// <param name="rule">The rule.</param>
    /// <exception cref="ArgumentException">The kind is not for rules.</exception>
    public void Add(FaultRule rule)
    {
        if (rule.Kind >= FaultKind.DeviceAdded)
        {
            throw new ArgumentException($"{rule.Kind} is done to the model, not by a rule", nameof(rule));
        }

        rules.Add(new ActiveRule(rule));
    }

    /// <summary>Ends all rules. Counts stay.</summary>
    public void Clear() => rules.Clear();

    internal void Happened(FaultKind kind)
    {
        if (Started)
        {
            counts[(int)kind]++;
        }
    }

    /// <summary>The faults that a request meets.</summary>
    internal Strike Draw(Route? route, SimulatedRequest request, DateTimeOffset now)
    {
        Started = true;
        if (rules.Count == 0)
        {
            return new Strike(this);
        }

        var strike = new Strike(this);
        foreach (var active in rules)
        {
            if (Fits(active.Rule, route, request, now) && active.Fires(Random))
            {
                strike.Add(active);
            }
        }

        rules.RemoveAll(active => active.Spent || now >= active.Rule.Until);
        return strike;
    }

    private static bool Fits(FaultRule rule, Route? route, SimulatedRequest request, DateTimeOffset now) =>
        (rule.Route is null || rule.Route == route?.Name)
        && (rule.Method is null || rule.Method == request.Method)
        && (rule.Until is null || now < rule.Until)
        && rule.Path?.IsMatch(request.Path) != false
        && Fits(rule.Kind, route);

    private static bool Fits(FaultKind kind, Route? route) =>
        kind switch
        {
            FaultKind.DuplicateRows or FaultKind.MissingRows or FaultKind.PageShift => route is { IsList: true },
            FaultKind.StaleRead => route is { ShowsStates: true },
            FaultKind.PartialApply or FaultKind.DelayedApply or FaultKind.RowInvisible => route is { IsWrite: true },
            >= FaultKind.Status408AfterApply and <= FaultKind.Status504AfterApply => route is { IsWrite: true },
            _ => true,
        };
}
