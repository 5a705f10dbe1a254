using System.Text.RegularExpressions;

namespace EdgeRelease.Simulation;

/// <summary>Which requests meet which fault. Kinds from <see cref="FaultKind.DeviceAdded"/> on are not for rules:
/// the model counts them when they are done.</summary>
/// <param name="Kind">What goes wrong.</param>
public sealed record FaultRule(FaultKind Kind)
{
    /// <summary>Only this action, in Losant's words: <c>edgeDeployments.get</c>. Null for any.</summary>
    public string? Route { get; init; }

    /// <summary>Only this verb. Null for any.</summary>
    public string? Method { get; init; }

    /// <summary>Only paths that this finds a match in. Null for any.</summary>
    public Regex? Path { get; init; }

    /// <summary>How many matching requests pass unharmed first. Default 0.</summary>
    public int Skip { get; init; }

    /// <summary>How often the fault takes effect; null for no limit.</summary>
    public int? Count { get; init; }

    /// <summary>The chance of each matching request, 0 to 1. Default 1.</summary>
    public double Probability { get; init; } = 1;

    /// <summary>Only before this time of the model; null for always.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>How long, for the kinds that name a delay; null takes the kind's default.</summary>
    public TimeSpan? Delay { get; init; }
}
