namespace EdgeRelease.Api;

/// <summary>Rails that every release of an application stays within. A release can be stricter, never looser.</summary>
public sealed record GuardSpec
{
    /// <summary>Only devices that carry all of these tags, each key with its value, are touched, forward or back. Empty
    /// leaves out none.</summary>
    [Schema(MaxProperties = 20, ItemMaxLength = 255)]
    public IReadOnlyDictionary<string, string> DeviceTags { get; set; } = new Dictionary<string, string>();

    /// <summary>Names of the flows that may be released, where <c>*</c> stands for any characters; at most 100. Empty
    /// allows all.</summary>
    [Schema(MaxItems = 100, ListType = "set", ItemMinLength = 1, ItemMaxLength = 255)]
    public IReadOnlyList<string> Flows { get; set; } = [];

    /// <summary>Devices of one release that may be away at the same time: a number of at least 1, or a percentage of its
    /// eligible devices such as <c>10%</c>, rounded down, at least 1 device. When absent: what the release says.</summary>
    [Schema(Minimum = 1, Pattern = Patterns.PositivePercent)]
    public IntOrPercent? MaxUnavailable { get; set; }

    /// <summary>Devices of one release that may be away at the same time in one site, line or other group, forward and back;
    /// a release's own limit per group, of this tag or another, holds as well. No limit when absent.</summary>
    public GroupLimitSpec? PerGroup { get; set; }

    /// <summary>Number of devices that a revision may move before a person is asked, at least 1. When absent: no
    /// limit.</summary>
    [Schema(Minimum = 1, Maximum = 1_000_000)]
    public int? ApprovalAbove { get; set; }
}
