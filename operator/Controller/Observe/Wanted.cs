using EdgeRelease.Api;
using EdgeRelease.Losant;
using EdgeRelease.Planning;

namespace EdgeRelease.Controller;

/// <summary>A release resolved against Kubernetes and Losant: ready to observe, or the reason why not.</summary>
/// <param name="Release">What is wanted; null when there is an obstacle.</param>
/// <param name="Losant">The connection; null when there is an obstacle.</param>
/// <param name="Obstacle">What the user must do first; null when there is nothing.</param>
public sealed record Wanted(Release? Release, ILosant? Losant, Obstacle? Obstacle)
{
    /// <summary>The application that the release is pinned to; null before it was found.</summary>
    public PinnedApplication? Application { get; init; }

    /// <summary>The flow that the release is pinned to; null before it was found.</summary>
    public PinnedFlow? Flow { get; init; }

    /// <summary>The poller of the connection; null when there is an obstacle.</summary>
    public Poller? Poller { get; init; }

    /// <summary>The LosantApplication; null before it was found.</summary>
    public ApplicationObject? Account { get; init; }

    /// <summary>Whether what is missing (application, Secret) was taken away, so that a deletion ends without it.</summary>
    public bool IsCutOff { get; init; }

    /// <summary>A release that cannot be observed.</summary>
    /// <param name="reason">The condition's reason.</param>
    /// <param name="message">One sentence that says what to do.</param>
    public static Wanted Blocked(string reason, string message) => Blocked(new Obstacle(reason, message));

    /// <summary>A release that cannot be observed.</summary>
    /// <param name="obstacle">What the user must do first.</param>
    public static Wanted Blocked(Obstacle obstacle) => new(null, null, obstacle);
}
