namespace EdgeRelease.Api;

/// <summary>Stops the line: while it is there, releases of the application send nothing.</summary>
public sealed record FreezeSpec
{
    /// <summary>What is stopped. Forward: commands towards a version, and what a deletion or onLeave would send; failed
    /// devices and rollbacks still go back. Everything: going back as well, also of failed devices, as for a plant that is
    /// shut down.</summary>
    public FreezeScope Scope { get; set; } = FreezeScope.Forward;

    /// <summary>Why, in a few words that status and Events repeat, 1 to 256 characters.</summary>
    [Schema(Required = true, MinLength = 1, MaxLength = 256)]
    public string Reason { get; set; } = "";
}

/// <summary>What a freeze stops.</summary>
public enum FreezeScope
{
    /// <summary>Commands towards a version; who fails still goes back.</summary>
    Forward,

    /// <summary>Every command.</summary>
    Everything,
}
