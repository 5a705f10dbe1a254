namespace EdgeRelease.Simulation;

/// <summary>Real time plus what was added by hand. Its timers run on real time.</summary>
internal sealed class SimulationClock(TimeProvider real) : TimeProvider
{
    private TimeSpan added;

    /// <summary>Moves the clock forward.</summary>
    public void Advance(TimeSpan by) => added += by;

    public override DateTimeOffset GetUtcNow() => real.GetUtcNow() + added;
}
