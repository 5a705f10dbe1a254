using System.Text.Json;
using EdgeRelease.Kubernetes;

namespace EdgeRelease.Simulation;

/// <summary>One committed write; a write without effect (no-op, refused, lost) is none.</summary>
public sealed record ClusterWrite
{
    /// <summary>The resourceVersion it made; each write makes the next.</summary>
    public required long Sequence { get; init; }

    /// <summary>The true instant of the commit.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>What was asked.</summary>
    public required ClusterVerb Verb { get; init; }

    /// <summary>What a watch says of it; a deletion that finalizers hold up is a modification.</summary>
    public required WatchEventKind Event { get; init; }

    /// <summary>The object's kind.</summary>
    public required ResourceKind Kind { get; init; }

    /// <summary>The object.</summary>
    public required ResourceKey Key { get; init; }

    /// <summary>As <c>status</c>; null for the object itself.</summary>
    public string? Subresource { get; init; }

    /// <summary>The client's name; <c>user</c> for a test's own writes, <c>garbage-collector</c> for owned
    /// objects.</summary>
    public required string Who { get; init; }

    /// <summary>The object before; null for a creation.</summary>
    public JsonElement? Before { get; init; }

    /// <summary>The object after; for a deletion the last one, under the resourceVersion of the deletion.</summary>
    public required JsonElement After { get; init; }
}
