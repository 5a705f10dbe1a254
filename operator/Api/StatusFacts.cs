namespace EdgeRelease.Api;

/// <summary>The identity of the version that a revision brings.</summary>
public sealed record VersionStatus
{
    /// <summary>The version's name; null when the flow is removed.</summary>
    public string? Name { get; set; }

    /// <summary>The content tag that Losant gave it, pinned once seen; null until a deployment row showed it.</summary>
    public string? Etag { get; set; }

    /// <summary>The version's id, 24 hex digits.</summary>
    public string? FlowVersionId { get; set; }

    /// <summary>The class of its flow: <c>edge</c> or <c>embedded</c>.</summary>
    public string? FlowClass { get; set; }

    /// <summary>Whether other content was published under this name during the revision. It stays until a retry or
    /// another version; meanwhile nothing moves forward.</summary>
    public bool Republished { get; set; }

    /// <summary>Whether the revision brings content that was published anew under the name of an earlier one: devices
    /// that have the earlier content are moved again.</summary>
    public bool Renewed { get; set; }

    /// <summary>Content tags that earlier revisions had under this name and that no longer count, oldest first, at most
    /// 10.</summary>
    public IReadOnlyList<string> ReplacedEtags { get; set; } = [];
}

/// <summary>The application that a release is pinned to.</summary>
public sealed record PinnedApplication
{
    /// <summary>Name of the LosantApplication object.</summary>
    public string? Name { get; set; }

    /// <summary>The application's id in Losant, 24 hex digits.</summary>
    public string? Id { get; set; }
}

/// <summary>The flow that a release is pinned to.</summary>
public sealed record PinnedFlow
{
    /// <summary>The flow's id, 24 hex digits.</summary>
    public string? Id { get; set; }

    /// <summary>The flow's name when it was pinned.</summary>
    public string? Name { get; set; }

    /// <summary>The flow's class: <c>edge</c> or <c>embedded</c>.</summary>
    public string? Class { get; set; }
}

/// <summary>The step that is under way or was last.</summary>
public sealed record StepStatus
{
    /// <summary>Number of the step, from 1; it never falls within a revision.</summary>
    public int Index { get; set; }

    /// <summary>Number of steps.</summary>
    public int Of { get; set; }

    /// <summary>Name of the step; null when the release has no steps.</summary>
    public string? Name { get; set; }

    /// <summary>When the step began, by Losant's clock.</summary>
    public DateTimeOffset? StartedAt { get; set; }

    /// <summary>When its soak began, by Losant's clock; null before its devices have settled.</summary>
    public DateTimeOffset? SoakingSince { get; set; }

    /// <summary>When its soak ends, by Losant's clock; null before its devices have settled.</summary>
    public DateTimeOffset? SoakUntil { get; set; }

    /// <summary>The revision that the step belongs to; a step of another one says nothing.</summary>
    public int Revision { get; set; }

    /// <summary>The operator's memory: whether all steps have passed.</summary>
    public bool Passed { get; set; }

    /// <summary>The operator's memory: number of devices in the target when a step last passed.</summary>
    public int Reached { get; set; }

    /// <summary>The operator's memory: hash of the steps that <c>index</c> counts in; null before the first.</summary>
    public string? StepsHash { get; set; }

    /// <summary>The operator's memory: the token that a person was asked for last in this step; null when none was.</summary>
    public string? Asked { get; set; }
}

/// <summary>What a release waits for.</summary>
public sealed record WaitingFor
{
    /// <summary>The kind of gate.</summary>
    public WaitingKind Kind { get; set; }

    /// <summary>What to put into <c>spec.approve</c> or the annotation <c>edgerelease.dev/approve</c>; null when no
    /// person is asked.</summary>
    public string? Token { get; set; }

    /// <summary>Since when, by Losant's clock.</summary>
    public DateTimeOffset? Since { get; set; }

    /// <summary>When the wait ends by itself, by Losant's clock; null when that is not known.</summary>
    public DateTimeOffset? Until { get; set; }

    /// <summary>Ids of the devices that stand in the way; at most 10, null where the kind names none.</summary>
    public IReadOnlyList<string>? Devices { get; set; }
}

/// <summary>How many devices are in which state. Eligible is the sum of updated, updating, failed, lost, deferred and
/// waiting.</summary>
public sealed record DeviceCounts
{
    /// <summary>Devices that the selectors match.</summary>
    public int Matched { get; set; }

    /// <summary>Matched devices that may be moved.</summary>
    public int Eligible { get; set; }

    /// <summary>Devices that should run the version at the current step.</summary>
    public int Target { get; set; }

    /// <summary>Devices confirmed on the version.</summary>
    public int Updated { get; set; }

    /// <summary>Devices commanded and without an outcome yet.</summary>
    public int Updating { get; set; }

    /// <summary>Devices that a later step moves.</summary>
    public int Waiting { get; set; }

    /// <summary>Waiting devices whose bundle something else is changing: another release, a person, the globals.</summary>
    public int Busy { get; set; }

    /// <summary>Devices offline and not yet confirmed on the version.</summary>
    public int Deferred { get; set; }

    /// <summary>Devices that failed.</summary>
    public int Failed { get; set; }

    /// <summary>Devices that went dark after the command and stayed so.</summary>
    public int Lost { get; set; }

    /// <summary>Failed devices that run again what they ran before.</summary>
    public int Restored { get; set; }

    /// <summary>Devices that another release owns.</summary>
    public int Conflicted { get; set; }

    /// <summary>Devices that someone else commanded after this release.</summary>
    public int Drifted { get; set; }

    /// <summary>Devices whose state cannot be read.</summary>
    public int Unknown { get; set; }

    /// <summary>Deferred devices that apply the version when they return.</summary>
    public int Armed { get; set; }

    /// <summary>Moved devices that are no longer selected.</summary>
    public int Left { get; set; }
}

/// <summary>A device that fails.</summary>
public sealed record FailingDevice
{
    /// <summary>Its id, 24 hex digits.</summary>
    public string? Device { get; set; }

    /// <summary>The group whose budget it uses; null when there are no groups.</summary>
    public string? Group { get; set; }

    /// <summary>What it reported, cleaned, at most 256 characters.</summary>
    public string? Error { get; set; }

    /// <summary>Since when, by Losant's clock.</summary>
    public DateTimeOffset? Since { get; set; }
}

/// <summary>A kind of error and how often it occurs.</summary>
public sealed record ErrorClass
{
    /// <summary>What the errors have in common, cleaned, at most 256 characters.</summary>
    public string? Class { get; set; }

    /// <summary>Number of devices that report it.</summary>
    public int Devices { get; set; }
}

/// <summary>The observation that a status was made from.</summary>
public sealed record ObservationStatus
{
    /// <summary>When it began, by Losant's clock.</summary>
    public DateTimeOffset At { get; set; }

    /// <summary>How long it took, as a duration.</summary>
    public TimeSpan Duration { get; set; }

    /// <summary>Whether it found everything; false when absent rows may only have been missed.</summary>
    public bool Complete { get; set; }
}

/// <summary>What is going to happen.</summary>
public sealed record PlanStatus
{
    /// <summary>Changes when the plan does; six or more hex digits.</summary>
    public string? Hash { get; set; }

    /// <summary>How many matched devices are left out, by reason, as <c>AgentTooOld: 31</c>.</summary>
    public IReadOnlyDictionary<string, int> Excluded { get; set; } = new Dictionary<string, int>();

    /// <summary>What may go wrong, one sentence each.</summary>
    public IReadOnlyList<string> Warnings { get; set; } = [];

    /// <summary>The steps and how many devices each has, counted from the first.</summary>
    public IReadOnlyList<PlannedStep> Steps { get; set; } = [];

    /// <summary>How many values of each key of <c>rollout.spreadBy</c> are among the devices of the step under way, of
    /// those among all that may be moved, as <c>agentVersion 4/4, model 6/7</c>, at most 256 characters; null without
    /// keys.</summary>
    public string? Coverage { get; set; }

    /// <summary>The custom nodes that the version brings along to the devices, those that they run themselves too; at most
    /// 20.</summary>
    public IReadOnlyList<PlannedNode> CustomNodes { get; set; } = [];

    /// <summary>Ids of the first devices to move; at most 10.</summary>
    public IReadOnlyList<string> FirstDevices { get; set; } = [];
}

/// <summary>One step of a plan.</summary>
public sealed record PlannedStep
{
    /// <summary>Name of the step.</summary>
    public string? Name { get; set; }

    /// <summary>Number of devices that run the version after it.</summary>
    public int Devices { get; set; }
}
