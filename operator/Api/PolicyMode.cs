namespace EdgeRelease.Api;

/// <summary>Whether a release commands its devices.</summary>
public enum PolicyMode
{
    /// <summary>It does.</summary>
    Manage,

    /// <summary>It plans and counts, and sends nothing.</summary>
    Observe,
}
