namespace EdgeRelease.Api;

/// <summary>How many devices of one group, such as one site, may be away at the same time.</summary>
public sealed record GroupLimitSpec
{
    /// <summary>Key of the tag whose values are the groups, compared exactly, 1 to 255 characters. A device with
    /// several values counts in each of them; one without the tag is a group of its own.</summary>
    [Schema(Required = true, MinLength = 1, MaxLength = 255)]
    public string Tag { get; set; } = "";

    /// <summary>Devices of one group that may be between command and success (or restoration) at the same time, at
    /// least 1. A rollback keeps it too.</summary>
    [Schema(Minimum = 1, Maximum = 1_000_000)]
    public int MaxUnavailable { get; set; } = 1;
}
