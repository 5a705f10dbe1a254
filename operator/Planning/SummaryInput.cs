using EdgeRelease.Api;

namespace EdgeRelease.Planning;

/// <summary>What a status is made from.</summary>
public sealed record SummaryInput
{
    /// <summary>The status as it was stored last; null before the first.</summary>
    public required EdgeReleaseStatus? Before { get; init; }

    /// <summary>The generation of the spec that the plan was made from.</summary>
    public required long Generation { get; init; }

    /// <summary>What the plan was made for.</summary>
    public required Release Wanted { get; init; }

    /// <summary>The plan. Its fleet is never null here: without one <see cref="Summary.ForObstacle"/> speaks.</summary>
    public required Plan Plan { get; init; }

    /// <summary>The operator's own clock, for the transition times of conditions and nothing else.</summary>
    public required DateTimeOffset WallNow { get; init; }

    /// <summary>The application that the release is pinned to; null keeps the one stored before.</summary>
    public PinnedApplication? Application { get; init; }

    /// <summary>The flow that the release is pinned to; null keeps the one stored before.</summary>
    public PinnedFlow? Flow { get; init; }
}

/// <summary>Why no plan could be made.</summary>
public enum ObstacleKind
{
    /// <summary>The user must act.</summary>
    Stalled,

    /// <summary>Losant cannot be read now; it is tried again.</summary>
    Unreachable,

    /// <summary>Either of both while the object is being deleted.</summary>
    Deleting,
}
