namespace EdgeRelease.Simulation;

/// <summary>The faults that one request meets, and those of them that took effect.</summary>
internal sealed class Strike(Faults faults)
{
    private List<ActiveRule>? drawn;
    private List<FaultKind>? acted;

    public Random Random => faults.Random;

    /// <summary>The faults that took effect, joined by commas; null when none did.</summary>
    public string? Acted => acted is null ? null : string.Join(',', acted);

    public void Add(ActiveRule rule) => (drawn ??= []).Add(rule);

    /// <summary>Whether a kind was drawn; if so it counts as having happened.</summary>
    public bool Takes(FaultKind kind)
    {
        if (!Has(kind))
        {
            return false;
        }

        Happened(kind);
        return true;
    }

    /// <summary>Whether a kind was drawn, without counting it.</summary>
    public bool Has(FaultKind kind) => drawn is not null && drawn.Exists(active => active.Rule.Kind == kind);

    /// <summary>Counts a kind that took effect.</summary>
    public void Happened(FaultKind kind)
    {
        faults.Happened(kind);
        drawn?.Find(active => active.Rule.Kind == kind)?.Spend();
        (acted ??= []).Add(kind);
    }

    /// <summary>The delay of a kind that was drawn.</summary>
    public TimeSpan DelayOf(FaultKind kind) =>
        drawn?.Find(active => active.Rule.Kind == kind)?.Rule.Delay
        ?? kind switch
        {
            FaultKind.StaleRead => TimeSpan.FromSeconds(10),
            FaultKind.DelayedApply => TimeSpan.FromMinutes(3),
            _ => TimeSpan.FromSeconds(20),
        };

    /// <summary>The first kind drawn between two, both included; null when there is none.</summary>
    public FaultKind? First(FaultKind from, FaultKind to) =>
        drawn?.Find(active => active.Rule.Kind >= from && active.Rule.Kind <= to)?.Rule.Kind;
}
