namespace EdgeRelease.Tests.Swarm;

/// <summary>What befalls processes, objects and devices beside the faults of single calls: each must happen in some
/// schedule (R4).</summary>
internal enum Deed
{
    /// <summary>A release is paused by annotation.</summary>
    PausedByAnnotation,

    /// <summary>Most devices of a site lose their connection within seconds.</summary>
    SiteOutage,

    /// <summary>A device has reported that it runs a version, and then an error (F048).</summary>
    FailedAfterRunning,

    /// <summary>A release goes back because devices went dark on its version (F049).</summary>
    WentBackForLosses,

    /// <summary>Somebody asks for windows in each device's own time (F036).</summary>
    LocalWindows,

    /// <summary>A release is deleted and another one of its name created.</summary>
    ReleaseRecreated,

    /// <summary>Somebody edits the spec while a batch is under way.</summary>
    EditedDuringBatch,

    /// <summary>Somebody deletes the ledger of a release.</summary>
    LedgerDeleted,

    /// <summary>The Secret with the token is deleted, and created again later.</summary>
    SecretDeleted,

    /// <summary>The LosantApplication is deleted, and created again later.</summary>
    ApplicationDeleted,

    /// <summary>An object that cannot be read is there.</summary>
    MalformedObject,

    /// <summary>kill -9 of the leader, and another replica starts.</summary>
    Killed,

    /// <summary>The leader stands still for longer than its lease.</summary>
    StoodStillBeyondLease,

    /// <summary>The leader does not reach the API server for longer than its lease.</summary>
    PartitionedBeyondLease,

    /// <summary>The wall clock of the leader jumps.</summary>
    ClockJumped,

    /// <summary>A replica takes over from one that is still alive.</summary>
    LedByTwo,
}
