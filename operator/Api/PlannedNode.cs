namespace EdgeRelease.Api;

/// <summary>A custom node that a version brings along.</summary>
public sealed record PlannedNode
{
    /// <summary>Its name at Losant; its id when Losant has it no longer.</summary>
    public string? Name { get; set; }

    /// <summary>The name of its version.</summary>
    public string? Version { get; set; }

    /// <summary>The oldest agent that can run it, as <c>1.41.0</c>; null when any can.</summary>
    public string? MinimumAgentVersion { get; set; }
}
