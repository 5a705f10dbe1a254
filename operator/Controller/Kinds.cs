using EdgeRelease.Api;
using EdgeRelease.Kubernetes;

namespace EdgeRelease.Controller;

/// <summary>The kinds that the controller reads and writes.</summary>
public static class Kinds
{
    /// <summary>EdgeRelease.</summary>
    public static readonly ResourceKind Release = Of(ApiKind.Release);

    /// <summary>LosantApplication.</summary>
    public static readonly ResourceKind Application = Of(ApiKind.Application);

    /// <summary>EdgeReleaseRevision.</summary>
    public static readonly ResourceKind Revision = Of(ApiKind.Revision);

    private static ResourceKind Of(ApiKind kind) => new(ApiGroup.Name, ApiGroup.Version, kind.Plural, kind.Name);
}
