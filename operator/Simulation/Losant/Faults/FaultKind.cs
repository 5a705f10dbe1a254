namespace EdgeRelease.Simulation;

/// <summary>All that can go wrong at Losant: answers, connections, contents, effects, and what others do.</summary>
public enum FaultKind
{
    /// <summary>408 and nothing done.</summary>
    Status408,

    /// <summary>429 and nothing done.</summary>
    Status429,

    /// <summary>500 and nothing done.</summary>
    Status500,

    /// <summary>502 and nothing done.</summary>
    Status502,

    /// <summary>503 and nothing done.</summary>
    Status503,

    /// <summary>504 and nothing done.</summary>
    Status504,

    /// <summary>408 although the write was done. Writes only.</summary>
    Status408AfterApply,

    /// <summary>429 although the write was done. Writes only.</summary>
    Status429AfterApply,

    /// <summary>500 although the write was done. Writes only.</summary>
    Status500AfterApply,

    /// <summary>502 although the write was done. Writes only.</summary>
    Status502AfterApply,

    /// <summary>503 although the write was done. Writes only.</summary>
    Status503AfterApply,

    /// <summary>504 although the write was done. Writes only.</summary>
    Status504AfterApply,

    /// <summary>No connection.</summary>
    ConnectionRefused,

    /// <summary>The connection is reset and nothing done.</summary>
    ResetBefore,

    /// <summary>The connection is reset after the work was done.</summary>
    ResetAfter,

    /// <summary>No answer comes and nothing is done.</summary>
    TimeoutBefore,

    /// <summary>No answer comes although the work was done.</summary>
    TimeoutAfter,

    /// <summary>The body takes the rule's delay, 20 s by default.</summary>
    SlowBody,

    /// <summary>The body is shorter than the JSON in it.</summary>
    TruncatedJson,

    /// <summary>The connection ends in the middle of the body.</summary>
    CutBody,

    /// <summary>One member of the answer has a value of another type.</summary>
    WrongType,

    /// <summary>One member of the answer that readers need is not there.</summary>
    MissingFields,

    /// <summary>A row of the page stands twice. Lists only.</summary>
    DuplicateRows,

    /// <summary>A row of the page is left out, although counted. Lists only.</summary>
    MissingRows,

    /// <summary>Rows moved between the pages before this one was read. Lists only, from the second page on.</summary>
    PageShift,

    /// <summary>The answer shows the state of the rule's delay ago, 10 s by default. Reads of rows and devices
    /// only.</summary>
    StaleRead,

    /// <summary>Only the first few targets are scheduled. Writes only.</summary>
    PartialApply,

    /// <summary>The write takes effect after the rule's delay, 3 min by default. Writes only.</summary>
    DelayedApply,

    /// <summary>The written rows are listed as before for the rule's delay, 20 s by default. Writes only.</summary>
    RowInvisible,

    /// <summary>A device was added.</summary>
    DeviceAdded,

    /// <summary>A device was deleted.</summary>
    DeviceRemoved,

    /// <summary>A device was restored.</summary>
    DeviceRestored,

    /// <summary>A device got other tags.</summary>
    DeviceRetagged,

    /// <summary>Somebody else scheduled a version.</summary>
    ForeignWrite,

    /// <summary>Other content was published under an existing name.</summary>
    VersionRepublished,

    /// <summary>A token ended.</summary>
    TokenExpired,

    /// <summary>A token was exchanged.</summary>
    TokenRotated,
}
