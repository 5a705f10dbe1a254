namespace EdgeRelease.Api;

/// <summary>What an outcome of a device is.</summary>
public sealed record HealthSpec
{
    /// <summary>Connected time within which a commanded device must run the version, as a duration; then it has
    /// failed. The clock stands still while the device is offline.</summary>
    public TimeSpan SettleTimeout { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>Connected time for which a device must run the version before it counts as updated, as a duration.</summary>
    public TimeSpan Confirm { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>Time after an error in which the device may still succeed by itself, as a duration; then it has failed.</summary>
    public TimeSpan RetryGrace { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How many more times a failed device is tried, after it went back to what it ran before; 0 to 10.</summary>
    [Schema(Minimum = 0, Maximum = 10)]
    public int Retries { get; set; }

    /// <summary>When offline devices are commanded. Defer: never while they are offline. ArmWhenProven: after the
    /// last step has passed. Arm: with their step, although they apply it unwatched whenever they return.</summary>
    public OfflinePolicy Offline { get; set; } = OfflinePolicy.ArmWhenProven;

    /// <summary>Time for which a device that was connected when commanded may be dark before it is lost, as a
    /// duration; <c>0s</c> turns this off.</summary>
    public TimeSpan LostAfter { get; set; } = TimeSpan.FromMinutes(30);
}

/// <summary>When offline devices are commanded.</summary>
public enum OfflinePolicy
{
    /// <summary>Not while they are offline.</summary>
    Defer,

    /// <summary>After the last step has passed.</summary>
    ArmWhenProven,

    /// <summary>With their step.</summary>
    Arm,
}

/// <summary>How many failures are too many, and what follows.</summary>
public sealed record FailurePolicySpec
{
    /// <summary>Failed devices that are tolerated: a number, or a percentage of the devices with an outcome such as
    /// <c>5%</c>. One more is a breach. When neither this nor <c>tolerance</c> is set, none is tolerated.</summary>
    [Schema(Minimum = 0, Pattern = Patterns.Percent)]
    public IntOrPercent? MaxFailures { get; set; }

    /// <summary>Outcomes (devices) that a percentage in <c>maxFailures</c> needs before it is judged, while the step
    /// can still yield more; 1 or more. Only with a percentage. When absent it is judged from the first outcome.</summary>
    [Schema(Minimum = 1, Maximum = 1_000_000)]
    public int? MinOutcomes { get; set; }

    /// <summary>Share of devices that may fail on any day, 0.1% to 50%, as <c>5%</c> or <c>0.5%</c>; instead of
    /// <c>maxFailures</c>. A breach is as many failures as hardly ever happen at that rate, however often it is looked
    /// at.</summary>
    [Schema(Pattern = Patterns.Tolerance, MaxLength = 6)]
    public Percentage? Tolerance { get; set; }

    /// <summary>How sure a breach of <c>tolerance</c> is, 90% to 99.99%: at 99%, one release in a hundred that fails no
    /// more often than tolerated breaches all the same.</summary>
    [Schema(Pattern = Patterns.Confidence, MaxLength = 6)]
    public Percentage Confidence { get; set; } = new(99);

    /// <summary>What follows when a step ends with more failures than <c>tolerance</c>, but too few for a breach.
    /// Pause: wait for a person. Continue: go on. Rollback: devices go back to what they ran before.</summary>
    public InconclusiveAction OnInconclusive { get; set; } = InconclusiveAction.Pause;

    /// <summary>What a breach does. Rollback: devices go back to what they ran before. Pause: wait for a person.</summary>
    public BreachAction OnBreach { get; set; } = BreachAction.Rollback;

    /// <summary>Which devices a rollback takes back. Release: all that this revision moved. Step: those of the current
    /// step. Failed: those that failed or have no outcome yet.</summary>
    public RollbackScope RollbackScope { get; set; } = RollbackScope.Release;

    /// <summary>Puts a failed device back at once, also without a breach; Losant would retry the version at every
    /// reconnect of the device.</summary>
    public bool RestoreFailed { get; set; } = true;

    /// <summary>Time after the revision has ended at Complete or AtPercentage for which failures and losses still count, as
    /// a duration: a breach rolls back or pauses as before. Later a failed device is only restored, and one that goes dark
    /// is left as it is. <c>0s</c> turns this off.</summary>
    public TimeSpan Watch { get; set; } = TimeSpan.FromHours(24);
}

/// <summary>What a breach does.</summary>
public enum BreachAction
{
    /// <summary>Devices go back to what they ran before.</summary>
    Rollback,

    /// <summary>The release waits for a person.</summary>
    Pause,
}

/// <summary>What a step does that neither passes nor breaches.</summary>
public enum InconclusiveAction
{
    /// <summary>The release waits for a person.</summary>
    Pause,

    /// <summary>The release goes on.</summary>
    Continue,

    /// <summary>Devices go back to what they ran before.</summary>
    Rollback,
}

/// <summary>Which devices a rollback takes back.</summary>
public enum RollbackScope
{
    /// <summary>All that the revision moved.</summary>
    Release,

    /// <summary>Those of the current step.</summary>
    Step,

    /// <summary>Those that failed or have no outcome yet.</summary>
    Failed,
}

/// <summary>What happens to devices when the release lets go of them.</summary>
public sealed record PolicySpec
{
    /// <summary>Manage: devices are moved. Observe: the plan is made and devices are counted, and nothing is sent, not
    /// even back; such a release claims no device.</summary>
    public PolicyMode Mode { get; set; } = PolicyMode.Manage;

    /// <summary>What deleting the release does. Keep: nothing. Restore: moved devices go back to what they ran before.
    /// Remove: the flow is taken off them. Restore and Remove keep the limits.</summary>
    public DeletePolicy OnDelete { get; set; } = DeletePolicy.Keep;

    /// <summary>Time after the deletion for which Restore and Remove are tried, as a duration; then the release ends
    /// and an Event names what was left.</summary>
    public TimeSpan DeleteDeadline { get; set; } = TimeSpan.FromHours(1);

    /// <summary>What happens to a moved device that is no longer selected. Keep: nothing. Restore: it goes back to
    /// what it ran before. One without an outcome yet always goes back.</summary>
    public LeavePolicy OnLeave { get; set; } = LeavePolicy.Keep;

    /// <summary>What happens to a device that somebody else commanded after the release did. Report: the condition
    /// DriftDetected names who and when. Correct: it is sent to the release's version again, within steps, limits and
    /// windows; after two corrections within an hour it is only reported.</summary>
    public DriftPolicy Drift { get; set; } = DriftPolicy.Report;

    /// <summary>Which release has a device that several releases of the same flow name: the one with the higher
    /// priority, of equals the one created first; -1000 to 1000. The other ones leave the device alone.</summary>
    [Schema(Minimum = -1000, Maximum = 1000)]
    public int Priority { get; set; }
}

/// <summary>What deleting a release does to its devices.</summary>
public enum DeletePolicy
{
    /// <summary>Nothing.</summary>
    Keep,

    /// <summary>They go back to what they ran before.</summary>
    Restore,

    /// <summary>The flow is taken off them.</summary>
    Remove,
}

/// <summary>What happens to a moved device that is no longer selected.</summary>
public enum LeavePolicy
{
    /// <summary>Nothing.</summary>
    Keep,

    /// <summary>It goes back to what it ran before.</summary>
    Restore,
}
