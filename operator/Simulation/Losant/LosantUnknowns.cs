namespace EdgeRelease.Simulation;

/// <summary>How a request that Losant might refuse or tolerate is answered.</summary>
public enum Tolerance
{
    /// <summary>Done as far as it makes sense, without an error.</summary>
    Ignore,

    /// <summary>404 of type NotFound.</summary>
    NotFound,

    /// <summary>400 of type Validation.</summary>
    Refuse,
}

/// <summary>Whom a write without any target reaches.</summary>
public enum Untargeted
{
    /// <summary>400 of type Validation.</summary>
    Refuse,

    /// <summary>201, and nobody.</summary>
    Nobody,

    /// <summary>201, and everybody.</summary>
    Everybody,
}

/// <summary>How several tag conditions combine.</summary>
public enum Combination
{
    /// <summary>All must hold.</summary>
    And,

    /// <summary>One must hold.</summary>
    Or,
}

/// <summary>Which version of a row <c>replace</c> compares with the old version.</summary>
public enum ReplaceMatch
{
    /// <summary>The desired one.</summary>
    Desired,

    /// <summary>The current one.</summary>
    Current,

    /// <summary>Any of both.</summary>
    Either,
}

/// <summary>What nobody outside Losant knows about its API, one switch per question. The defaults are the
/// assumptions that the client is written against; the swarm must pass with every switch both ways.</summary>
public sealed record LosantUnknowns
{
    /// <summary>The most rows of a page. Default 1,000.</summary>
    public int MaxPerPage { get; init; } = 1000;

    /// <summary>Whether a larger <c>perPage</c> is 400 instead of cut to the maximum. Default false.</summary>
    public bool RefusesLargePages { get; init; }

    /// <summary>A release with neither deviceIds nor deviceTags. Default refused.</summary>
    public Untargeted ReleaseWithoutTargets { get; init; } = Untargeted.Refuse;

    /// <summary>A release that names a device which is unknown, deleted or of another class. Default
    /// ignored.</summary>
    public Tolerance StrangeDeviceIds { get; init; } = Tolerance.Ignore;

    /// <summary>A write that names an unknown version. Default 404. <see cref="Tolerance.Ignore"/> counts as
    /// 404.</summary>
    public Tolerance UnknownVersion { get; init; } = Tolerance.NotFound;

    /// <summary>A release of a flow that is not for this kind of devices. Default 404.
    /// <see cref="Tolerance.Ignore"/> counts as 404.</summary>
    public Tolerance WrongFlowClass { get; init; } = Tolerance.NotFound;

    /// <summary>A remove with neither flowId nor deviceId. Default refused.</summary>
    public Untargeted RemoveWithoutTargets { get; init; } = Untargeted.Refuse;

    /// <summary>What replace compares with the old version. Default the desired one.</summary>
    public ReplaceMatch ReplaceMatches { get; init; } = ReplaceMatch.Desired;

    /// <summary>How several entries of <c>tagFilter</c> combine. Default and.</summary>
    public Combination TagFilter { get; init; } = Combination.And;

    /// <summary>How several <c>deviceTags</c> of a release combine. Default or.</summary>
    public Combination DeviceTags { get; init; } = Combination.Or;

    /// <summary>Log entries kept per row, the newest. Default 25.</summary>
    public int LogRetention { get; init; } = 25;

    /// <summary>Whether logs are listed oldest first. Default false.</summary>
    public bool LogsOldestFirst { get; init; }

    /// <summary>The Retry-After header of a 429; null sends none, the default.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>Whether a missing token is 401 instead of 403. Default false.</summary>
    public bool MissingTokenIsUnauthorized { get; init; }

    /// <summary>Whether a token of another application gets 404 instead of 403. Default false.</summary>
    public bool WrongApplicationIsNotFound { get; init; }

    /// <summary>Whether <c>develop</c> can be released. Default false: 400.</summary>
    public bool DevelopCanBeReleased { get; init; }

    /// <summary>Whether a release of what is desired already writes a log entry and lastUpdated. Default
    /// false.</summary>
    public bool RepeatedReleaseLogs { get; init; }

    /// <summary>Whether publishing under an existing name changes the rows that desire it. Default false:
    /// only the next release does.</summary>
    public bool RepublishRedeploys { get; init; }

    /// <summary>Whether publishing under an existing name keeps the version's id. Default false.</summary>
    public bool RepublishKeepsId { get; init; }

    /// <summary>How long after a write its rows are still listed as before. Default zero.</summary>
    public TimeSpan RowsVisibleAfter { get; init; }

    /// <summary>Whether <c>filterEmpty=false</c> filters. Default false.</summary>
    public bool FilterEmptyFalseFilters { get; init; }

    /// <summary>Whether names that differ only in case name the same version. Default false: exact.</summary>
    public bool VersionsIgnoreCase { get; init; }

    /// <summary>Whether answers carry a Date header. Default true.</summary>
    public bool DateHeader { get; init; } = true;

    /// <summary>Whether an agent's report changes a row's lastUpdated. Default true.</summary>
    public bool ReportsChangeLastUpdated { get; init; } = true;

    /// <summary>Whether connecting changes a device's lastUpdated. Default false.</summary>
    public bool ConnectionsChangeLastUpdated { get; init; }

    /// <summary>Whether rows of deleted devices stay in the list of deployments. Default false.</summary>
    public bool ListsRowsOfDeletedDevices { get; init; }

    /// <summary>Whether rows and logs carry etags. Default true.</summary>
    public bool Etags { get; init; } = true;

    /// <summary>Whether null members of rows are left out instead of written. Default false.</summary>
    public bool OmitsNulls { get; init; }

    /// <summary>Whether a change of a microcontroller's tags builds its bundle anew. Default true.</summary>
    public bool DeviceChangesRebuildBundles { get; init; } = true;

    /// <summary>Whether the platform pushes its own bundle over one that was loaded by hand. Default false: only the
    /// next build does.</summary>
    public bool UnknownBundleIsReplaced { get; init; }

    /// <summary>Whether no bundle is null instead of <c>nullVersion</c>. Default false.</summary>
    public bool NoBundleIsNull { get; init; }

    /// <summary>Whether removed flows vanish from a bundle's map of flows. Default false: they stay with null
    /// versions.</summary>
    public bool RemovedFlowsVanish { get; init; }

    /// <summary>An export that names neither a deployment nor a device. Default 404. <see cref="Tolerance.Ignore"/> counts
    /// as 404.</summary>
    public Tolerance ExportWithoutId { get; init; } = Tolerance.NotFound;
}
