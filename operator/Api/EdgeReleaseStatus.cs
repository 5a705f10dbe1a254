namespace EdgeRelease.Api;

/// <summary>What the operator last saw and decided, and the little that it must remember.</summary>
public sealed record EdgeReleaseStatus
{
    /// <summary>Generation of the spec that this status speaks of; -1 before the first.</summary>
    public long ObservedGeneration { get; set; } = -1;

    /// <summary>Where the release stands, in one word; null before the first pass.</summary>
    public Phase? Phase { get; set; }

    /// <summary>Where the release stands, in one sentence with numbers.</summary>
    public string? Message { get; set; }

    /// <summary>Number of the current attempt to bring a version to its devices, from 1; 0 before the first.</summary>
    public int Revision { get; set; }

    /// <summary>The version that the current revision brings; without a name when it removes the flow. Null before the
    /// first.</summary>
    public VersionStatus? Version { get; set; }

    /// <summary>The Losant application that the release is pinned to; null until it was found.</summary>
    public PinnedApplication? Application { get; set; }

    /// <summary>The flow that the release is pinned to; null until it was found.</summary>
    public PinnedFlow? Flow { get; set; }

    /// <summary>The step that is under way or was last; null before the first.</summary>
    public StepStatus? Step { get; set; }

    /// <summary>What the release waits for; null when it waits for nothing.</summary>
    public WaitingFor? WaitingFor { get; set; }

    /// <summary>How many devices are in which state; null before the first observation.</summary>
    public DeviceCounts? Devices { get; set; }

    /// <summary>Updated devices of eligible ones, as <c>12/30</c>; null before the first observation.</summary>
    public string? Progress { get; set; }

    /// <summary>How many devices run which version: the eight most frequent, and <c>other</c>.</summary>
    public IReadOnlyDictionary<string, int> Versions { get; set; } = new Dictionary<string, int>();

    /// <summary>What is going to happen; null before the first plan.</summary>
    public PlanStatus? Plan { get; set; }

    /// <summary>What the failure policy is judged on; null before the first command.</summary>
    public EvidenceStatus? Evidence { get; set; }

    /// <summary>Devices that fail now; at most 10.</summary>
    public IReadOnlyList<FailingDevice> Failing { get; set; } = [];

    /// <summary>Most frequent kinds of error; at most 5.</summary>
    public IReadOnlyList<ErrorClass> Errors { get; set; } = [];

    /// <summary>How far going back is; null while nothing goes back.</summary>
    public RollbackStatus? Rollback { get; set; }

    /// <summary>The operator's memory: versions that were rolled back and are refused until their content changes or
    /// a retry asks for them; at most 10.</summary>
    public IReadOnlyList<KnownBadVersion> KnownBad { get; set; } = [];

    /// <summary>JSON merge patch of the spec that would make Git agree with what the devices run after a rollback;
    /// null when there is nothing to suggest.</summary>
    public string? SuggestedPatch { get; set; }

    /// <summary>The observation that this status was made from; null before the first.</summary>
    public ObservationStatus? Observation { get; set; }

    /// <summary>The bundle that was asked for last; null when none was.</summary>
    public ExportStatus? Export { get; set; }

    /// <summary>The operator's memory: share of the eligible devices that was last applied, in percent. Only a lower
    /// <c>spec.rolloutPercentage</c> gives devices back. Null before the first command.</summary>
    public int? AppliedPercentage { get; set; }

    /// <summary>The operator's memory: the batch that is being sent; null when none is.</summary>
    public InFlightBatch? InFlight { get; set; }

    /// <summary>The operator's memory: gates that were approved.</summary>
    public IReadOnlyList<Approval> Approvals { get; set; } = [];

    /// <summary>The operator's memory: the last request of each annotation that was handled; null before the first.</summary>
    public HandledRequests? LastHandled { get; set; }

    /// <summary>Finished revisions, newest first; at most <c>spec.historyLimit</c>.</summary>
    public IReadOnlyList<HistoryEntry> History { get; set; } = [];

    /// <summary>The operator's memory: what people asked of the current revision by annotation, oldest first, at most
    /// 10.</summary>
    public IReadOnlyList<string> Acts { get; set; } = [];

    /// <summary>The operator's memory: why the current revision goes back; null while it does not.</summary>
    public RollbackLatch? Latch { get; set; }

    /// <summary>The operator's memory: how the current revision ended; null while it is under way.</summary>
    public RevisionResult? Result { get; set; }

    /// <summary>The operator's memory: number of the last batch that was committed, from 1; 0 before the first.</summary>
    public long Batch { get; set; }

    /// <summary>The operator's memory: EdgeReleaseRevision objects that hold the ledger of the current revision. Where there
    /// are fewer, somebody deleted one, and the ledger is rebuilt. Null before the first.</summary>
    public int? LedgerObjects { get; set; }

    /// <summary>The operator's memory: true from the moment in which objects of the ledger were missed until what was rebuilt
    /// is stored; null else.</summary>
    public bool? LedgerLost { get; set; }

    /// <summary>The operator's memory: the pause by policy that holds the release; null when none does.</summary>
    public PolicyPause? Pause { get; set; }

    /// <summary>The operator's memory: failures that a person has accepted by resuming; null when none.</summary>
    public AcknowledgedFailures? Acknowledged { get; set; }

    /// <summary>The operator's memory: the current revision brings most devices back to what they ran before, so it
    /// skips steps and soaks.</summary>
    public bool FastLane { get; set; }

    /// <summary>The operator's memory: when the current revision began, by Losant's clock; null before the first.</summary>
    public DateTimeOffset? StartedAt { get; set; }

    /// <summary>Ready, Reconciling and Stalled as kstatus reads them; Planned, Healthy, Paused, Conflicted,
    /// DriftDetected and RolledBack.</summary>
    [Schema(ListType = "map", MapKey = "type")]
    public IReadOnlyList<Condition> Conditions { get; set; } = [];
}

/// <summary>One aspect of an object's state, as metav1.Condition has it.</summary>
public sealed record Condition
{
    /// <summary>What the condition is about, as <c>Ready</c>.</summary>
    [Schema(Required = true, MinLength = 1, MaxLength = 316)]
    public string Type { get; set; } = "";

    /// <summary>Whether it holds: True, False or Unknown.</summary>
    [Schema(Required = true)]
    public ConditionStatus Status { get; set; }

    /// <summary>Generation of the spec that the condition speaks of.</summary>
    [Schema(Minimum = 0)]
    public long? ObservedGeneration { get; set; }

    /// <summary>When <c>status</c> last changed, in whole seconds.</summary>
    [Schema(Required = true)]
    [System.Text.Json.Serialization.JsonConverter(typeof(SecondsConverter))]
    public DateTimeOffset LastTransitionTime { get; set; }

    /// <summary>Why, in one word of the documented list.</summary>
    [Schema(Required = true, MinLength = 1, MaxLength = 1024)]
    public string Reason { get; set; } = "";

    /// <summary>Why, in one sentence with numbers, and what happens next; may be empty.</summary>
    [Schema(Required = true, MaxLength = 32768)]
    public string Message { get; set; } = "";
}

/// <summary>Whether a condition holds.</summary>
public enum ConditionStatus
{
    /// <summary>Not known.</summary>
    Unknown,

    /// <summary>It holds.</summary>
    True,

    /// <summary>It does not hold.</summary>
    False,
}
