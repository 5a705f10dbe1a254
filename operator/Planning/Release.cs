using EdgeRelease.Api;
using EdgeRelease.Observation;

namespace EdgeRelease.Planning;

/// <summary>What is wanted: the spec with its defaults, resolved against Losant.</summary>
public sealed record Release
{
    private static readonly IReadOnlyList<RolloutStep> OneStep = [new RolloutStep { Percentage = 100 }];

    /// <summary>The object's uid; all memory belongs to it.</summary>
    public required string Uid { get; init; }

    /// <summary>The spec as the user wrote it, defaults filled in.</summary>
    public required EdgeReleaseSpec Spec { get; init; }

    /// <summary>The flow's id, 24 hex digits.</summary>
    public required string FlowId { get; init; }

    /// <summary>The class of the devices that its flow runs on: the flow's class decides. Default edgeCompute.</summary>
    public DeviceClass Class { get; init; } = DeviceClass.EdgeCompute;

    /// <summary>Microcontrollers whose bundle releases of other flows are changing, and which (F124). Empty for
    /// gateways.</summary>
    public BundleHolds Held { get; init; } = BundleHolds.None;

    /// <summary>The version's id; null for a removal, or when the version is not there (<see cref="Problem"/>).</summary>
    public string? FlowVersionId { get; init; }

    /// <summary>The oldest agent that can run the version, <c>x.y.z</c>; null when any can.</summary>
    public string? MinimumAgentVersion { get; init; }

    /// <summary>The custom nodes that the version brings along.</summary>
    public IReadOnlyList<CustomNode> CustomNodes { get; init; } = [];

    /// <summary>Why a person paused it by annotation, at most <see cref="Requests.Longest"/> characters; null when
    /// not.</summary>
    public string? PausedBecause
    {
        get;
        init => field = Requests.Bounded(value);
    }

    /// <summary>When deletion was asked for, by the API server's clock; null while it was not.</summary>
    public DateTimeOffset? DeletedAt { get; init; }

    /// <summary>Whether the deletion has taken <c>policy.deleteDeadline</c>, by the clock of who asks:
    /// <see cref="DeletedAt"/> and Losant's time are of two servers, and their difference is no time that has passed
    /// (I15).</summary>
    public bool IsOverdue { get; init; }

    /// <summary>The requests on the object.</summary>
    public Requests Requests { get; init; } = new();

    /// <summary>Other releases that claim devices of the same flow, strongest first (rule 28).</summary>
    public IReadOnlyList<Rival> Rivals { get; init; } = [];

    /// <summary>What the LosantApplication asks of all its releases.</summary>
    public Rails Rails { get; init; } = new();

    /// <summary>What forbids moving forward although the fleet can be seen; null when nothing does.</summary>
    public Obstacle? Problem { get; init; }

    /// <summary>The version's name; null removes the flow.</summary>
    public string? Version => Spec.Remove ? null : Spec.Version;

    /// <summary>The word that ranks devices and names known-bad versions: the version, or <c>remove</c>.</summary>
    public string VersionWord => Version ?? "remove";

    /// <summary>Losant's word for the flow's class.</summary>
    public string FlowClass => Class == DeviceClass.Embedded ? "embedded" : "edge";

    /// <summary>Whether something forbids moving forward that people, or Losant, have said.</summary>
    public bool IsHeld =>
        Problem is not null
        || Spec.Paused
        || PausedBecause is not null
        || Rails.Frozen is not null
        || DeletedAt is not null
        || Spec.Policy.Mode == PolicyMode.Observe;

    /// <summary>The ceiling of every step, 0 to 100.</summary>
    public int Percentage => Spec.RolloutPercentage ?? 100;

    /// <summary>The steps; without any, one that takes everything below the ceiling.</summary>
    public IReadOnlyList<RolloutStep> Steps => Ramp.StepsOf(Spec.Rollout) is { Count: > 0 } steps ? steps : OneStep;
}

/// <summary>A reason from the documented list, and a sentence that says what to do.</summary>
/// <param name="Reason">The condition's reason.</param>
/// <param name="Message">One line.</param>
public sealed record Obstacle(string Reason, string Message);

/// <summary>The requests on the object; each names the revision or the token it means.</summary>
public sealed record Requests
{
    /// <summary>Characters of an annotation that the status repeats: a longer one is cut (F097).</summary>
    public const int Longest = 256;

    /// <summary>The revision to abort, as <c>r8</c>; null when none.</summary>
    public string? Abort { get; init; }

    /// <summary>The revision to try again, as <c>r8</c>; null when none.</summary>
    public string? Retry { get; init; }

    /// <summary>A token approved by annotation; null when none. Those of the spec count as well.</summary>
    public string? Approve { get; init; }

    /// <summary>The revision to promote, as <c>r8</c>; null when none.</summary>
    public string? Promote { get; init; }

    /// <summary>The last wish for a reconcile, at most <see cref="Longest"/> characters; null when none.</summary>
    public string? ReconcileAt
    {
        get;
        init => field = Bounded(value);
    }

    /// <summary>The field manager that set an annotation last, by annotation, as the API server recorded it.</summary>
    public IReadOnlyDictionary<string, string> Managers { get; init; } = new Dictionary<string, string>();

    /// <summary>An annotation's value as the status repeats it: word for word up to <see cref="Longest"/> characters.</summary>
    /// <param name="value">The value; null when the annotation is not there.</param>
    public static string? Bounded(string? value) => value?.Length > Longest ? Line.Of(value, Longest) : value;

    /// <summary>Who set an annotation, as <c> (kubectl-annotate)</c>; empty when the API server did not say.</summary>
    /// <param name="annotation">The annotation.</param>
    public string By(string annotation) => Managers.TryGetValue(annotation, out var manager) ? $" ({manager})" : "";
}
