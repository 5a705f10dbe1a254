namespace EdgeRelease.Api;

/// <summary>How far going back is.</summary>
public sealed record RollbackStatus
{
    /// <summary>Devices that run again what they ran before.</summary>
    public int Restored { get; set; }

    /// <summary>Offline devices whose command was taken back before they applied it.</summary>
    public int Disarmed { get; set; }

    /// <summary>Devices that have not gone back yet; offline ones do so when they return.</summary>
    public int Pending { get; set; }

    /// <summary>Devices that report an error on what they ran before.</summary>
    public int Failing { get; set; }

    /// <summary>Ids of failing and pending devices; at most 10.</summary>
    public IReadOnlyList<string> Devices { get; set; } = [];
}

/// <summary>A version that was rolled back.</summary>
public sealed record KnownBadVersion
{
    /// <summary>The version's name, or <c>remove</c>.</summary>
    public string? Version { get; set; }

    /// <summary>Its content tag; null when it was never seen.</summary>
    public string? Etag { get; set; }

    /// <summary>Its id, 24 hex digits; another id under the same name lifts the mark. Null for <c>remove</c>.</summary>
    public string? FlowVersionId { get; set; }

    /// <summary>When it was marked, by Losant's clock.</summary>
    public DateTimeOffset? At { get; set; }

    /// <summary>Why, in one sentence.</summary>
    public string? Reason { get; set; }
}

/// <summary>The intent of a batch, stored before it is sent.</summary>
public sealed record InFlightBatch
{
    /// <summary>Number of the batch.</summary>
    public long Batch { get; set; }

    /// <summary>The version that is sent; null when the flow is taken off.</summary>
    public string? Version { get; set; }

    /// <summary>Number of devices in it, 1 to 1,000.</summary>
    public int Count { get; set; }

    /// <summary>Name of the EdgeReleaseRevision object that holds its ledger rows.</summary>
    public string? Ledger { get; set; }

    /// <summary>When it was about to be sent, by Losant's clock.</summary>
    public DateTimeOffset? At { get; set; }
}

/// <summary>A gate that was approved.</summary>
public sealed record Approval
{
    /// <summary>The gate's token; the revision, as <c>r8</c>, where it was promoted.</summary>
    public string? Token { get; set; }

    /// <summary>Eligible devices when it was approved; void above 1.1 times that.</summary>
    public int Eligible { get; set; }

    /// <summary>How it was given: <c>spec.approve</c>, <c>annotation</c> or <c>rolloutPercentage</c>; <c>promote</c> for
    /// all gates of a revision. After an annotation stands the field manager that set it, in parentheses.</summary>
    public string? By { get; set; }

    /// <summary>When it was seen, by Losant's clock.</summary>
    public DateTimeOffset? At { get; set; }
}

/// <summary>The last value of each annotation that was handled.</summary>
public sealed record HandledRequests
{
    /// <summary>Of <c>edgerelease.dev/retry</c>; null when never.</summary>
    public string? Retry { get; set; }

    /// <summary>Of <c>edgerelease.dev/abort</c>; null when never.</summary>
    public string? Abort { get; set; }

    /// <summary>Of <c>edgerelease.dev/approve</c>; null when never.</summary>
    public string? Approve { get; set; }

    /// <summary>Of <c>edgerelease.dev/promote</c>: that revision skips soaks and approvals from then on; null when
    /// never.</summary>
    public string? Promote { get; set; }

    /// <summary>Of <c>edgerelease.dev/paused</c>, while it is set, cut to 256 characters; null when it is not.</summary>
    public string? Paused { get; set; }

    /// <summary>Of <c>edgerelease.dev/reconcile-requested-at</c>, cut to 256 characters; null when never.</summary>
    public string? ReconcileAt { get; set; }
}

/// <summary>A finished revision.</summary>
public sealed record HistoryEntry
{
    /// <summary>Its number.</summary>
    public int Revision { get; set; }

    /// <summary>The version's name, or <c>remove</c>.</summary>
    public string? Version { get; set; }

    /// <summary>The content tag that it pinned; null where no deployment row showed one.</summary>
    public string? Etag { get; set; }

    /// <summary>How it ended.</summary>
    public RevisionResult Result { get; set; }

    /// <summary>Devices confirmed on the version when it ended.</summary>
    public int Updated { get; set; }

    /// <summary>Devices that had failed when it ended.</summary>
    public int Failed { get; set; }

    /// <summary>When it began, by Losant's clock.</summary>
    public DateTimeOffset? StartedAt { get; set; }

    /// <summary>When it ended, by Losant's clock; <c>failurePolicy.watch</c> counts from then.</summary>
    public DateTimeOffset? FinishedAt { get; set; }

    /// <summary>How its gates were approved: each way that was used, in order, as <c>spec.approve, annotation
    /// (kubectl-edgerelease)</c>, at most 256 characters; null when none was. To resume after a pause approves no gate.</summary>
    public string? ApprovedBy { get; set; }

    /// <summary>What people asked of it by annotation, oldest first, at most 10: when, the annotation with its value, and
    /// the field manager that set it in parentheses.</summary>
    public IReadOnlyList<string> Acts { get; set; } = [];
}

/// <summary>Why a revision goes back. Once set it stays until the next revision.</summary>
public sealed record RollbackLatch
{
    /// <summary>Who asked for it: a person (Abort) or the failure policy (Breach).</summary>
    public LatchKind Kind { get; set; }

    /// <summary>When it was set, by Losant's clock.</summary>
    public DateTimeOffset? At { get; set; }

    /// <summary>Why, in one sentence.</summary>
    public string? Reason { get; set; }

    /// <summary>Which devices go back.</summary>
    public RollbackScope Scope { get; set; }

    /// <summary>Number of the step, from 0, that was under way.</summary>
    public int Step { get; set; }
}

/// <summary>Who asked for going back.</summary>
public enum LatchKind
{
    /// <summary>A person, by the annotation <c>edgerelease.dev/abort</c>.</summary>
    Abort,

    /// <summary>The failure policy.</summary>
    Breach,
}

/// <summary>A pause by policy, which lasts until a person resumes.</summary>
public sealed record PolicyPause
{
    /// <summary>What resumes it.</summary>
    public string? Token { get; set; }

    /// <summary>When it began, by Losant's clock.</summary>
    public DateTimeOffset? At { get; set; }

    /// <summary>Why, in one sentence.</summary>
    public string? Reason { get; set; }
}

/// <summary>What had happened when a person resumed; only more than this breaches again.</summary>
public sealed record AcknowledgedFailures
{
    /// <summary>Devices that had failed.</summary>
    public int Failures { get; set; }

    /// <summary>Devices that had an outcome.</summary>
    public int Outcomes { get; set; }

    /// <summary>Devices that had gone dark and were blamed on the version.</summary>
    public int Lost { get; set; }

    /// <summary>Times that bundles had been built anew by somebody else while their devices were under way.</summary>
    public int Rebuilds { get; set; }
}
