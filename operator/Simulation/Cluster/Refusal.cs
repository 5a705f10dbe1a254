using EdgeRelease.Kubernetes;

namespace EdgeRelease.Simulation;

/// <summary>The answers of an API server that are not what was asked for.</summary>
internal static class Refusal
{
    /// <summary>400.</summary>
    /// <param name="cause">Why.</param>
    public static ClusterException Invalid(string cause) => new(400, cause);

    /// <summary>404.</summary>
    /// <param name="what">What is not there.</param>
    public static ClusterException NotFound(string what) => new(404, $"{what} not found");

    /// <summary>409.</summary>
    /// <param name="cause">Why.</param>
    public static ClusterException Conflict(string cause) => new(409, cause);

    /// <summary>410.</summary>
    /// <param name="version">The version that is too old.</param>
    public static ClusterException Gone(string version) => new(410, $"too old resource version: {version}");

    /// <summary>422.</summary>
    /// <param name="cause">Why.</param>
    public static ClusterException Unprocessable(string cause) => new(422, cause);
}
