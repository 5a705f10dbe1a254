namespace EdgeRelease.Api;

/// <summary>The names by which an API server knows EdgeRelease's objects.</summary>
public static class ApiGroup
{
    /// <summary>The API group. Every other name that carries the group is made from this one.</summary>
    public const string Name = "edgerelease.dev";

    /// <summary>The only served version.</summary>
    public const string Version = "v1alpha1";

    /// <summary>Group and version as an object writes them: <c>edgerelease.dev/v1alpha1</c>.</summary>
    public const string ApiVersion = Name + "/" + Version;

    /// <summary>The finalizer that holds a deleted release until its devices are restored or removed.</summary>
    public const string RestoreFinalizer = Name + "/restore";

    /// <summary>The label of an EdgeReleaseRevision that carries the UID of its release.</summary>
    public const string ReleaseUidLabel = Name + "/release-uid";
}

/// <summary>One kind of object of the group.</summary>
/// <param name="Name">The kind, as <c>EdgeRelease</c>.</param>
/// <param name="Plural">The lower-case plural in the path.</param>
/// <param name="Singular">The lower-case singular for kubectl.</param>
/// <param name="ShortName">The short name for kubectl.</param>
public sealed record ApiKind(string Name, string Plural, string Singular, string ShortName)
{
    /// <summary>Brings one version of one Losant flow to a share of an application's devices, step by step, and takes it
    /// back when it fails.</summary>
    public static readonly ApiKind Release = new("EdgeRelease", "edgereleases", "edgerelease", "er");

    /// <summary>Names a Losant application that releases of the same namespace may use, and how to reach it.</summary>
    public static readonly ApiKind Application = new(
        "LosantApplication",
        "losantapplications",
        "losantapplication",
        "la"
    );

    /// <summary>Keeps what one revision of an EdgeRelease did and what its devices ran before. Written by the operator
    /// only.</summary>
    public static readonly ApiKind Revision = new(
        "EdgeReleaseRevision",
        "edgereleaserevisions",
        "edgereleaserevision",
        "err"
    );
}

/// <summary>The annotations by which people and tools ask something of a release, or mark an application.</summary>
public static class Annotations
{
    /// <summary>Pauses while present; the value is the reason.</summary>
    public const string Paused = ApiGroup.Name + "/paused";

    /// <summary>A token from <c>status.waitingFor</c>: passes that one gate, or resumes after a pause by policy.</summary>
    public const string Approve = ApiGroup.Name + "/approve";

    /// <summary>A revision as <c>r8</c>: skips the soaks and approvals that it still has.</summary>
    public const string Promote = ApiGroup.Name + "/promote";

    /// <summary>A revision as <c>r8</c>: stops it and rolls it back.</summary>
    public const string Abort = ApiGroup.Name + "/abort";

    /// <summary>A revision as <c>r8</c>: starts a new revision of the version that it tried.</summary>
    public const string Retry = ApiGroup.Name + "/retry";

    /// <summary>A time: reconcile now, as Flux does it. Each value is handled once.</summary>
    public const string ReconcileRequestedAt = ApiGroup.Name + "/reconcile-requested-at";

    /// <summary>On a LosantApplication: releases of the namespace that name no application use this one.</summary>
    public const string DefaultApplication = ApiGroup.Name + "/default";
}
