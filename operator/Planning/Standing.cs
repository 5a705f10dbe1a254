namespace EdgeRelease.Planning;

/// <summary>Where a device stands. The first six add up to the eligible devices (rule 1).</summary>
public enum DeviceState
{
    /// <summary>It runs the version, confirmed or adopted.</summary>
    Updated,

    /// <summary>It was commanded and has not settled, or is going back and not there yet.</summary>
    Updating,

    /// <summary>It failed for good in this revision; part of these are restored.</summary>
    Failed,

    /// <summary>It went dark after its command and stayed dark.</summary>
    Lost,

    /// <summary>It is offline and not commanded, or commanded while offline (armed).</summary>
    Deferred,

    /// <summary>It is reachable and was not commanded yet.</summary>
    Waiting,

    /// <summary>Its row could not be read. Outside the eligible.</summary>
    Unknown,

    /// <summary>Somebody else changed its desired version since. Outside the eligible.</summary>
    Drifted,

    /// <summary>Another release holds it. Outside the eligible.</summary>
    Conflicted,

    /// <summary>It may not be moved. Outside the eligible.</summary>
    Excluded,

    /// <summary>It was moved and no longer belongs to the release. Outside the eligible.</summary>
    Left,
}

/// <summary>What one observation says of one device, and what it calls for. Nothing here is a decision.</summary>
public readonly record struct Standing
{
    /// <summary>Where it stands.</summary>
    public required DeviceState State { get; init; }

    /// <summary>Why, one word for people: as <c>Confirming</c>, <c>AgentTooOld</c>, <c>TakenBy</c>.</summary>
    public required string Reason { get; init; }

    /// <summary>The outcome as it is now known.</summary>
    public Outcome Outcome { get; init; }

    /// <summary>The device's own words on its failure; null when it did not fail.</summary>
    public string? Error { get; init; }

    /// <summary>Whether it counts against maxUnavailable (rule 15).</summary>
    public bool HoldsSlot { get; init; }

    /// <summary>Whether it shows an error and may still recover: no forward batch starts beyond the limit.</summary>
    public bool IsFailing { get; init; }

    /// <summary>When the errors began that it shows on the way forward, by its log; null when it shows none.</summary>
    public DateTimeOffset? ErredAt { get; init; }

    /// <summary>Whether it was commanded while offline and has not taken the version.</summary>
    public bool IsArmed { get; init; }

    /// <summary>Whether it is observed back on its previous version.</summary>
    public bool IsRestored { get; init; }

    /// <summary>The device's own words on why it did not go back just now; null when it did not say so.</summary>
    public string? Refusal { get; init; }

    /// <summary>Whether a restore was refused by the device itself, tried as often as the rules say. It stays so while
    /// the next try is under way.</summary>
    public bool IsFailingBack { get; init; }

    /// <summary>Whether it was on the version without a command of this revision.</summary>
    public bool IsAdopted { get; init; }

    /// <summary>Whether somebody else commanded it after the revision before did, and it is told as if it had never been
    /// moved: drift is corrected.</summary>
    public bool IsTakenBack { get; init; }

    /// <summary>Whether it shows the version's name with other content.</summary>
    public bool IsRepublished { get; init; }

    /// <summary>Whether its desired version is our command's, so that a back write may follow (rule 10).</summary>
    public bool IsAccepted { get; init; }

    /// <summary>Whether it never took this revision's command and stands on that of a revision before.</summary>
    public bool IsOnEarlier { get; init; }

    /// <summary>What is changing its bundle, so that it waits to be told, as <c>release plant-a/valve</c>; null when nothing
    /// is (F124).</summary>
    public string? Busy { get; init; }

    /// <summary>Why it must go back by itself, whatever becomes of the release.</summary>
    public BackCause WantsBack { get; init; }

    /// <summary>Whether its last command should be sent again.</summary>
    public bool WantsRepeat { get; init; }

    /// <summary>Whether it stands so until everything is read as a whole: it did not do what it should have, as far as is
    /// known.</summary>
    public bool WantsScan { get; init; }

    /// <summary>When this could change without anything happening; null when only an event changes it.</summary>
    public DateTimeOffset? DueAt { get; init; }
}
