namespace EdgeRelease.Api;

/// <summary>Where a release stands.</summary>
public enum Phase
{
    /// <summary>Not looked at yet.</summary>
    Pending,

    /// <summary>The fleet is being read and the plan made.</summary>
    Planning,

    /// <summary>Devices are being moved.</summary>
    Progressing,

    /// <summary>The step's devices have settled; its soak runs.</summary>
    Soaking,

    /// <summary>A gate holds the release; <c>waitingFor</c> names it.</summary>
    Waiting,

    /// <summary>A person or the failure policy paused it.</summary>
    Paused,

    /// <summary>Devices go back to what they ran before.</summary>
    RollingBack,

    /// <summary>They have gone back.</summary>
    RolledBack,

    /// <summary>All reachable devices run the version.</summary>
    Complete,

    /// <summary>The share of <c>rolloutPercentage</c> runs the version.</summary>
    AtPercentage,

    /// <summary>The plan is kept current and nothing is sent.</summary>
    Observing,

    /// <summary>It cannot go on before the user changes something.</summary>
    Blocked,

    /// <summary>The object is being deleted.</summary>
    Deleting,
}

/// <summary>What a release waits for.</summary>
public enum WaitingKind
{
    /// <summary>A person's approval.</summary>
    Approval,

    /// <summary>A person, after a pause by policy.</summary>
    Resume,

    /// <summary>A time window.</summary>
    Window,

    /// <summary>The end of a freeze.</summary>
    Freeze,

    /// <summary>A check.</summary>
    Check,

    /// <summary>A device of the step that is connected.</summary>
    Reachable,

    /// <summary>Another release of an embedded device.</summary>
    Bundle,

    /// <summary>A free slot: unrestored or lost devices hold all.</summary>
    Budget,

    /// <summary>A device that matches.</summary>
    Devices,
}

/// <summary>The types of condition that the operator sets.</summary>
public static class ConditionTypes
{
    /// <summary>True when the release is where the spec wants it.</summary>
    public const string Ready = "Ready";

    /// <summary>True while the operator works on it; absent otherwise.</summary>
    public const string Reconciling = "Reconciling";

    /// <summary>True when the user must act; absent otherwise.</summary>
    public const string Stalled = "Stalled";

    /// <summary>True when <c>status.plan</c> speaks of the current spec.</summary>
    public const string Planned = "Planned";

    /// <summary>False when devices fail; Unknown when that cannot be judged.</summary>
    public const string Healthy = "Healthy";

    /// <summary>True while paused; absent otherwise.</summary>
    public const string Paused = "Paused";

    /// <summary>True while another release owns some of the devices; absent otherwise.</summary>
    public const string Conflicted = "Conflicted";

    /// <summary>True while someone else commanded some of the devices; absent otherwise.</summary>
    public const string DriftDetected = "DriftDetected";

    /// <summary>True of a LosantApplication while each poll is a full scan, because a list of changes missed one; absent
    /// otherwise.</summary>
    public const string FullScansOnly = "FullScansOnly";

    /// <summary>True after a rollback was proven; absent otherwise.</summary>
    public const string RolledBack = "RolledBack";
}
