namespace EdgeRelease.Api;

/// <summary>What happens to a device that somebody else commanded after the release did.</summary>
public enum DriftPolicy
{
    /// <summary>It is reported and left alone.</summary>
    Report,

    /// <summary>It is sent to the release's version again.</summary>
    Correct,
}
