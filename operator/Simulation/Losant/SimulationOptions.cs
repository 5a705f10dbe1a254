namespace EdgeRelease.Simulation;

/// <summary>What a simulated Losant starts with. Equal options and equal calls give an equal record.</summary>
public sealed record SimulationOptions
{
    /// <summary>Where all randomness comes from: ids, latencies, distortions. Default 1.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>The model's clock at the start. Default 2026-01-01T00:00:00Z.</summary>
    public DateTimeOffset StartAt { get; init; } = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>How the questions that Losant's documents leave open are answered.</summary>
    public LosantUnknowns Unknowns { get; init; } = new();

    /// <summary>How far back stale reads can look; older states are forgotten. Default 10 minutes.</summary>
    public TimeSpan StaleHorizon { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>The limit of requests per second and token, with a burst of one second; null for none.</summary>
    public double? RequestsPerSecond { get; init; }

    /// <summary>The most record entries kept, the newest; null keeps all.</summary>
    public int? RecordLimit { get; init; }
}
