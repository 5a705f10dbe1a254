namespace EdgeRelease.Api;

/// <summary>The history of one revision of a release and a shard of its ledger, written by the operator only. It has
/// no spec and no status; its metadata carries the label <c>edgerelease.dev/release-uid</c> and an owner reference,
/// and its name is <c>{release}-r{revision}-{shard}</c>.</summary>
public sealed record EdgeReleaseRevision
{
    /// <summary>The longest <c>ledger</c>, in characters: base64 of 256 KiB.</summary>
    public const int LongestLedger = 349_528;

    /// <summary>Number of the revision, from 1.</summary>
    [Schema(Minimum = 1)]
    public int Revision { get; set; }

    /// <summary>Number of this shard of the revision's ledger, from 0.</summary>
    [Schema(Minimum = 0)]
    public int Shard { get; set; }

    /// <summary>The version that the revision brings; null when it removes the flow.</summary>
    public RevisionVersion? Version { get; set; }

    /// <summary>How the revision ended; null while it is current.</summary>
    public RevisionResult? Result { get; set; }

    /// <summary>Why the revision goes back; null while it does not.</summary>
    public RollbackLatch? Abort { get; set; }

    /// <summary>Number of devices in <c>ledger</c>.</summary>
    [Schema(Minimum = 0)]
    public int Rows { get; set; }

    /// <summary>One row per device, base64 of gzip, at most 256 KiB before base64: what the device ran before the
    /// revision moved it, and what became of it. Null when the shard is empty.</summary>
    [Schema(MaxLength = LongestLedger, Format = "byte")]
    public string? Ledger { get; set; }
}

/// <summary>The identity of a version.</summary>
public sealed record RevisionVersion
{
    /// <summary>The version's name.</summary>
    public string? Name { get; set; }

    /// <summary>The content tag that Losant gave it; null until a deployment row showed it.</summary>
    public string? Etag { get; set; }

    /// <summary>The version's id, 24 hex digits.</summary>
    public string? FlowVersionId { get; set; }
}

/// <summary>How a revision ended.</summary>
public enum RevisionResult
{
    /// <summary>All reachable devices run the version.</summary>
    Complete,

    /// <summary>The share of <c>rolloutPercentage</c> runs the version.</summary>
    AtPercentage,

    /// <summary>The devices run again what they ran before.</summary>
    RolledBack,

    /// <summary>Another revision began before it ended.</summary>
    Superseded,
}
