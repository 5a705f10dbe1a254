using EdgeRelease.Kubernetes;

namespace EdgeRelease.Simulation;

/// <summary>What is asked of the API server, or comes from it.</summary>
public enum ClusterVerb
{
    /// <summary>One page of a list.</summary>
    List,

    /// <summary>The opening of a watch.</summary>
    Watch,

    /// <summary>One event on its way to an open watch.</summary>
    WatchEvent,

    /// <summary>One object is read.</summary>
    Get,

    /// <summary>An object is created (POST).</summary>
    Create,

    /// <summary>An object or its subresource is replaced (PUT).</summary>
    Replace,

    /// <summary>An object is deleted.</summary>
    Delete,
}

/// <summary>One call, or one watch event, before its fate is decided.</summary>
/// <param name="Number">Counts the calls and watch events of the cluster, from 1.</param>
/// <param name="Client">The client's name.</param>
/// <param name="Verb">What it does.</param>
/// <param name="Kind">What it concerns.</param>
public readonly record struct ClusterCall(long Number, string Client, ClusterVerb Verb, ResourceKind Kind)
{
    /// <summary>The object; null for a list and for the opening of a watch.</summary>
    public ResourceKey? Key { get; init; }

    /// <summary>As <c>status</c>; null for the object itself.</summary>
    public string? Subresource { get; init; }

    /// <summary>A list that goes on with a token.</summary>
    public bool IsContinued { get; init; }

    /// <summary>Whether it writes.</summary>
    public bool IsWrite => Verb is ClusterVerb.Create or ClusterVerb.Replace or ClusterVerb.Delete;
}
