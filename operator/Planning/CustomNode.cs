namespace EdgeRelease.Planning;

/// <summary>A custom node that a version brings along to the devices (F122).</summary>
/// <param name="Name">What people call it; its id when Losant has it no longer.</param>
/// <param name="Version">The name of its version.</param>
/// <param name="MinimumAgentVersion">The oldest agent that can run it, <c>x.y.z</c>; null when any can, or when Losant has
/// the version no longer.</param>
public sealed record CustomNode(string Name, string Version, string? MinimumAgentVersion);
