namespace EdgeRelease.Api;

/// <summary>The bundle that a revision asked Losant for.</summary>
public sealed record ExportStatus
{
    /// <summary>The revision.</summary>
    public int Revision { get; set; }

    /// <summary>The device whose bundle it is, 24 hex digits.</summary>
    public string? Device { get; set; }

    /// <summary>The bundle that Losant had built for it then, by the name that its job log has; null when not
    /// known.</summary>
    public string? Bundle { get; set; }

    /// <summary>When Losant was asked, by its clock.</summary>
    public DateTimeOffset At { get; set; }

    /// <summary>What is known of it.</summary>
    public ExportState State { get; set; }

    /// <summary>Losant's name for the job; null when it has none.</summary>
    public string? JobId { get; set; }

    /// <summary>Why Losant did not take it, at most 256 characters; null when it did.</summary>
    public string? Error { get; set; }
}

/// <summary>What is known of an export.</summary>
public enum ExportState
{
    /// <summary>Losant was asked, and whether it heard is not known: it is not asked again.</summary>
    Unknown,

    /// <summary>Losant queued it.</summary>
    Queued,

    /// <summary>Losant had no room for it, and is asked again five minutes later.</summary>
    Throttled,

    /// <summary>Losant refused it: it is not asked again.</summary>
    Refused,
}
