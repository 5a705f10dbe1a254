namespace EdgeRelease.Api;

/// <summary>What to run, on which devices, how fast, and what to do when it fails.</summary>
/// <remarks>Properties of this contract are settable because the source-generated reader overwrites the defaults of
/// init-only ones. What stands here as initial value is the default in the CRD.</remarks>
public sealed record EdgeReleaseSpec
{
    /// <summary>Name of the LosantApplication in this namespace. When absent: the only one of the namespace, else the
    /// one annotated <c>edgerelease.dev/default</c>. Immutable.</summary>
    [Schema(MinLength = 1, MaxLength = 253)]
    public string? Application { get; set; }

    /// <summary>The flow to release: its name, or its id of 24 hex digits. Whether it is an edge or an embedded flow
    /// is read from Losant. Immutable.</summary>
    [Schema(Required = true, MinLength = 1, MaxLength = 255)]
    public string Flow { get; set; } = "";

    /// <summary>Name of the flow's version that the devices shall run, 1 to 255 characters; <c>develop</c> and
    /// <c>default</c> are refused. Absent only together with <c>remove: true</c>.</summary>
    [Schema(MinLength = 1, MaxLength = 255)]
    public string? Version { get; set; }

    /// <summary>Takes the flow off the devices instead of releasing a version, through the same steps and limits.</summary>
    public bool Remove { get; set; }

    /// <summary>Selects devices that carry all of these tags, each key with its value. Empty selects nothing.</summary>
    [Schema(MaxProperties = 20, ItemMaxLength = 255)]
    public IReadOnlyDictionary<string, string> DeviceTags { get; set; } = new Dictionary<string, string>();

    /// <summary>Conditions on tags that a device must meet in addition to <c>deviceTags</c>; at most 20.</summary>
    [Schema(MaxItems = 20, ListType = "atomic")]
    public IReadOnlyList<TagExpression> DeviceTagExpressions { get; set; } = [];

    /// <summary>Ids of devices that are selected in addition to those found by tags, 24 hex digits each; at most
    /// 1,000. An id that Losant does not know is named in the status.</summary>
    [Schema(MaxItems = 1000, ListType = "set", ItemPattern = Patterns.ObjectId, ItemMaxLength = 24)]
    public IReadOnlyList<string> DeviceIds { get; set; } = [];

    /// <summary>Selects every device of the application; stands alone, without tags and ids.</summary>
    public bool AllDevices { get; set; }

    /// <summary>Devices that are never moved, whatever selects them.</summary>
    public ExcludeSpec Exclude { get; set; } = new();

    /// <summary>Share of the eligible devices that may run the version, in whole percent of 0 to 100, rounded up to
    /// devices; a ceiling for every step. Lowering it gives the devices moved last back, 0 undoes the release.
    /// Required unless <c>rollout.steps</c> or <c>rollout.ramp</c> is set; 100 then.</summary>
    [Schema(Minimum = 0, Maximum = 100)]
    public int? RolloutPercentage { get; set; }

    /// <summary>The steps in which devices are moved. When absent: one step at <c>rolloutPercentage</c>.</summary>
    public RolloutSpec? Rollout { get; set; }

    /// <summary>Tokens copied from <c>status.waitingFor.token</c>: each passes that one gate, or resumes after a pause
    /// by policy. At most 50.</summary>
    [Schema(MaxItems = 50, ListType = "set", ItemMinLength = 1, ItemMaxLength = 128)]
    public IReadOnlyList<string> Approve { get; set; } = [];

    /// <summary>Stops new commands towards the version. Observing, restoring failed devices and the status go on.</summary>
    public bool Paused { get; set; }

    /// <summary>How many devices may be away at the same time.</summary>
    public LimitsSpec Limits { get; set; } = new();

    /// <summary>When a device counts as updated, failed or lost.</summary>
    public HealthSpec Health { get; set; } = new();

    /// <summary>How many failures are too many, and what follows.</summary>
    public FailurePolicySpec FailurePolicy { get; set; } = new();

    /// <summary>When devices may go forward. When absent: always.</summary>
    public ScheduleSpec Schedule { get; set; } = new();

    /// <summary>What happens to devices when the release is deleted or no longer selects them.</summary>
    public PolicySpec Policy { get; set; } = new();

    /// <summary>What concerns microcontrollers alone: releases of embedded flows.</summary>
    public EmbeddedSpec Embedded { get; set; } = new();

    /// <summary>Number of finished revisions that <c>status.history</c> keeps, 1 to 50.</summary>
    [Schema(Minimum = 1, Maximum = 50)]
    public int HistoryLimit { get; set; } = 10;
}

/// <summary>One condition on a device's tags. A key may stand more than once on a device: In holds when any of its
/// values is listed, NotIn when none is or the key is absent.</summary>
public sealed record TagExpression
{
    /// <summary>The tag's key, compared exactly, 1 to 255 characters.</summary>
    [Schema(Required = true, MinLength = 1, MaxLength = 255)]
    public string Key { get; set; } = "";

    /// <summary>How the tag is compared: In, NotIn, Exists or DoesNotExist.</summary>
    [Schema(Required = true)]
    public TagOperator Operator { get; set; }

    /// <summary>The values for In and NotIn, at least one and at most 100; none for Exists and DoesNotExist.</summary>
    [Schema(MaxItems = 100, ListType = "atomic", ItemMaxLength = 255)]
    public IReadOnlyList<string> Values { get; set; } = [];
}

/// <summary>How a tag expression compares.</summary>
public enum TagOperator
{
    /// <summary>Any value of the key is among the values.</summary>
    In,

    /// <summary>No value of the key is among the values; an absent key matches.</summary>
    NotIn,

    /// <summary>The key is present.</summary>
    Exists,

    /// <summary>The key is absent.</summary>
    DoesNotExist,
}

/// <summary>Devices that stay out of a release.</summary>
public sealed record ExcludeSpec
{
    /// <summary>Leaves out devices that carry all of these tags, each key with its value. Empty leaves out nothing.</summary>
    [Schema(MaxProperties = 20, ItemMaxLength = 255)]
    public IReadOnlyDictionary<string, string> DeviceTags { get; set; } = new Dictionary<string, string>();

    /// <summary>Ids of devices to leave out, 24 hex digits each; at most 1,000.</summary>
    [Schema(MaxItems = 1000, ListType = "set", ItemPattern = Patterns.ObjectId, ItemMaxLength = 24)]
    public IReadOnlyList<string> DeviceIds { get; set; } = [];
}

/// <summary>The steps of a release.</summary>
public sealed record RolloutSpec
{
    /// <summary>The steps in their order, cumulative: first those with <c>deviceTags</c>, then counts, then
    /// percentages, which rise. At most 30.</summary>
    [Schema(MaxItems = 30, ListType = "atomic")]
    public IReadOnlyList<RolloutStep> Steps { get; set; } = [];

    /// <summary>Steps that grow by a factor, instead of <c>steps</c>.</summary>
    public RampSpec? Ramp { get; set; }

    /// <summary>Keys of tags whose values each step covers first: it takes one device of each combination of values, then
    /// a second one, and so on. The word <c>agentVersion</c> means the version of the device's agent. At most 4 keys of
    /// 1 to 255 characters; none means by rank alone.</summary>
    [Schema(MaxItems = 4, ListType = "set", ItemMinLength = 1, ItemMaxLength = 255)]
    public IReadOnlyList<string> SpreadBy { get; set; } = [];
}

/// <summary>One step of a release: exactly one of count, percentage and all.</summary>
public sealed record RolloutStep
{
    /// <summary>What the step is called in status, Events and logs; unique within the release, 1 to 63 characters of
    /// lower-case letters, digits and dashes.</summary>
    [Schema(Required = true, Pattern = Patterns.Label, MinLength = 1, MaxLength = 63)]
    public string Name { get; set; } = "";

    /// <summary>Number of devices that run the version after this step, at least 1.</summary>
    [Schema(Minimum = 1, Maximum = 1_000_000)]
    public int? Count { get; set; }

    /// <summary>Share of the eligible devices that run the version after this step, in whole percent of 1 to 100,
    /// rounded up to devices.</summary>
    [Schema(Minimum = 1, Maximum = 100)]
    public int? Percentage { get; set; }

    /// <summary>Takes all eligible devices, or all with <c>deviceTags</c>. Only <c>true</c> says something.</summary>
    public bool? All { get; set; }

    /// <summary>Makes the step a ring: it takes only devices that carry all of these tags, at least one. When absent
    /// the step takes devices of no ring.</summary>
    [Schema(MinProperties = 1, MaxProperties = 20, ItemMaxLength = 255)]
    public IReadOnlyDictionary<string, string>? DeviceTags { get; set; }

    /// <summary>How long the step is held after its devices have settled, as a duration such as <c>2h</c>; failures
    /// within it count.</summary>
    public TimeSpan Soak { get; set; }

    /// <summary>Waits for a person after the soak, before the next step: <c>status.waitingFor.token</c> says what to
    /// approve. On the last step it says nothing, which the plan warns of.</summary>
    public bool Approval { get; set; }
}

/// <summary>Limits on how many devices are away at the same time, and how fast they are told.</summary>
public sealed record LimitsSpec
{
    /// <summary>Devices that may be between command and success (or restoration) at the same time: a number of at
    /// least 1, or a percentage of the eligible devices such as <c>10%</c>, rounded down, at least 1 device.</summary>
    [Schema(Minimum = 1, Pattern = Patterns.PositivePercent)]
    public IntOrPercent MaxUnavailable { get; set; } = IntOrPercent.Percent(10);

    /// <summary>Devices that may be told to run the version within any 60 seconds of Losant's clock, 1 to 100,000. It
    /// also holds for devices that go back because they left, the percentage was lowered or the release is deleted; not
    /// for a rollback or the restore of a failed device. No limit when absent.</summary>
    [Schema(Minimum = 1, Maximum = 100_000)]
    public int? PerMinute { get; set; }

    /// <summary>Devices of one site, line or other group that may be away at the same time. No limit when absent.</summary>
    public GroupLimitSpec? PerGroup { get; set; }
}
