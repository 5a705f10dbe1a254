using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace EdgeRelease.Simulation;

/// <summary>How a simulated device behaves from now on.</summary>
public sealed record DeviceBehaviour
{
    /// <summary>How long it takes from the schedule to the report. Default 0.2 s to 1.5 s.</summary>
    public Spread ApplyLatency { get; init; } = new(TimeSpan.FromSeconds(0.2), TimeSpan.FromSeconds(1.5));

    /// <summary>Of which length of time by the clock each report comes at a multiple; null for any moment, the default.
    /// </summary>
    public TimeSpan? ReportsEvery { get; init; }

    /// <summary>What happens when it applies a version; versions not named work.</summary>
    public ImmutableDictionary<OutcomeKey, Outcome> Outcomes { get; init; } =
        ImmutableDictionary<OutcomeKey, Outcome>.Empty;

    /// <summary>How it comes and goes; null keeps the connection as it is, the default.</summary>
    public ReconnectPattern? Reconnects { get; init; }

    /// <summary>How long it takes from now to the report.</summary>
    internal TimeSpan DrawDelay(Random random, DateTimeOffset now)
    {
        var latency = ApplyLatency.Draw(random);
        return ReportsEvery is { } every && ((now + latency).Ticks % every.Ticks) is > 0 and var late
            ? latency + every - TimeSpan.FromTicks(late)
            : latency;
    }

    /// <summary>What happens when it applies this version.</summary>
    internal Outcome OutcomeOf(string flowId, string? version) =>
        Outcomes.TryGetValue(new OutcomeKey(flowId, version), out var exact) ? exact
        : Outcomes.TryGetValue(new OutcomeKey(null, version), out var anyFlow) ? anyFlow
        : Outcome.Works;
}

/// <summary>A duration between two bounds, both possible.</summary>
/// <param name="Least">The shortest.</param>
/// <param name="Most">The longest; not less than <paramref name="Least"/>.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct Spread(TimeSpan Least, TimeSpan Most)
{
    internal TimeSpan Draw(Random random) =>
        Least >= Most ? Least : Least + TimeSpan.FromTicks(random.NextInt64((Most - Least).Ticks + 1));
}

/// <summary>Connected for a while, then away for a while, again and again, beginning connected.</summary>
/// <param name="Up">How long it stays connected; above zero.</param>
/// <param name="Down">How long it stays away; above zero.</param>
public sealed record ReconnectPattern(TimeSpan Up, TimeSpan Down);

/// <summary>Which apply an outcome belongs to.</summary>
/// <param name="FlowId">The flow; null for any.</param>
/// <param name="Version">The version's name; null for a removal.</param>
public readonly record struct OutcomeKey(string? FlowId, string? Version);

/// <summary>What happens when a device applies a version.</summary>
public sealed record Outcome
{
    private Outcome(OutcomeKind kind, string? error = null, int failures = 0, TimeSpan after = default)
    {
        Kind = kind;
        Error = error;
        Failures = failures;
        After = after;
    }

    /// <summary>It runs and is reported.</summary>
    public static Outcome Works { get; } = new(OutcomeKind.Works);

    /// <summary>Nothing is ever reported.</summary>
    public static Outcome NeverAnswers { get; } = new(OutcomeKind.NeverAnswers);

    /// <summary>It runs and is reported, and then the device is away for good.</summary>
    public static Outcome BricksConnection { get; } = new(OutcomeKind.BricksConnection);

    /// <summary>Which of them.</summary>
    public OutcomeKind Kind { get; }

    /// <summary>The text of the failure; null for outcomes without one.</summary>
    public string? Error { get; }

    /// <summary>How many attempts fail before it works; 0 for other outcomes.</summary>
    public int Failures { get; }

    /// <summary>For how long it runs before it fails; zero for other outcomes.</summary>
    public TimeSpan After { get; }

    /// <summary>Every attempt fails; the old version keeps running.</summary>
    /// <param name="error">The text that the device reports.</param>
    public static Outcome Fails(string error) => new(OutcomeKind.Fails, error);

    /// <summary>The first attempts fail, later ones work.</summary>
    /// <param name="failures">How many fail, per device and version.</param>
    /// <param name="error">The text that the device reports.</param>
    public static Outcome FailsThenWorks(int failures, string error) =>
        new(OutcomeKind.FailsThenWorks, error, failures);

    /// <summary>It runs and is reported; a while later it fails, and what ran before runs again. A microcontroller goes
    /// on running it.</summary>
    /// <param name="after">How much later; above zero. A device that is away then, or was told anything since, does not
    /// fail.</param>
    /// <param name="error">The text that the device reports.</param>
    public static Outcome WorksThenFails(TimeSpan after, string error) =>
        new(OutcomeKind.WorksThenFails, error, after: after);
}

/// <summary>The kinds of <see cref="Outcome"/>.</summary>
public enum OutcomeKind
{
    /// <summary>See <see cref="Outcome.Works"/>.</summary>
    Works,

    /// <summary>See <see cref="Outcome.Fails"/>.</summary>
    Fails,

    /// <summary>See <see cref="Outcome.FailsThenWorks"/>.</summary>
    FailsThenWorks,

    /// <summary>See <see cref="Outcome.NeverAnswers"/>.</summary>
    NeverAnswers,

    /// <summary>See <see cref="Outcome.BricksConnection"/>.</summary>
    BricksConnection,

    /// <summary>See <see cref="Outcome.WorksThenFails"/>.</summary>
    WorksThenFails,
}
