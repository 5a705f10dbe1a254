namespace EdgeRelease.Api;

/// <summary>A Losant application and how to reach it.</summary>
public sealed record LosantApplicationSpec
{
    /// <summary>The application's id in Losant, 24 hex digits. Immutable.</summary>
    [Schema(Required = true, Pattern = Patterns.ObjectId, MaxLength = 24)]
    public string ApplicationId { get; set; } = "";

    /// <summary>Losant's API: an https URL without path, query or user; http for localhost, 127.0.0.1 and [::1] only.
    /// The operator must allow the host.</summary>
    [Schema(MaxLength = 255)]
    public string ApiUrl { get; set; } = "https://api.losant.com";

    /// <summary>The Secret key of this namespace that holds the application's API token. Read at each reconcile, so a
    /// rotated token is picked up.</summary>
    [Schema(Required = true)]
    public SecretKeyRef TokenSecretRef { get; set; } = new();

    /// <summary>The Secret key of this namespace that holds PEM certificates of authorities to trust in addition to
    /// those of the operator's image. When absent: no others.</summary>
    public SecretKeyRef? CaSecretRef { get; set; }

    /// <summary>How often Losant is called.</summary>
    public LosantApiSpec Api { get; set; } = new();

    /// <summary>When the releases of the application may send devices forward. When absent: always.</summary>
    public ApplicationScheduleSpec Schedule { get; set; } = new();

    /// <summary>Rails for every release of the application. When absent: none.</summary>
    public GuardSpec Guard { get; set; } = new();

    /// <summary>Stops the line while it is there. When absent: releases go on.</summary>
    public FreezeSpec? Frozen { get; set; }
}

/// <summary>One key of a Secret in the same namespace.</summary>
public sealed record SecretKeyRef
{
    /// <summary>The Secret's name, 1 to 253 characters.</summary>
    [Schema(Required = true, MinLength = 1, MaxLength = 253)]
    public string Name { get; set; } = "";

    /// <summary>The key within the Secret, 1 to 253 characters.</summary>
    [Schema(Required = true, MinLength = 1, MaxLength = 253)]
    public string Key { get; set; } = "";
}

/// <summary>How often Losant is called for one application.</summary>
public sealed record LosantApiSpec
{
    /// <summary>Requests per second at most, shared by all releases of the application; 1 to 100. Halved while Losant
    /// answers 429.</summary>
    [Schema(Minimum = 1, Maximum = 100)]
    public int RequestsPerSecond { get; set; } = 5;

    /// <summary>Time between two polls while a release moves devices, as a duration of <c>1s</c> to <c>24h</c>.</summary>
    public TimeSpan PollActive { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>Time between two polls while nothing moves, as a duration of <c>1s</c> to <c>24h</c>.</summary>
    public TimeSpan PollIdle { get; set; } = TimeSpan.FromMinutes(5);
}

/// <summary>What the operator last saw of a Losant application.</summary>
public sealed record LosantApplicationStatus
{
    /// <summary>Generation of the spec that this status speaks of; -1 before the first.</summary>
    public long ObservedGeneration { get; set; } = -1;

    /// <summary>Ready, with its reason.</summary>
    [Schema(ListType = "map", MapKey = "type")]
    public IReadOnlyList<Condition> Conditions { get; set; } = [];

    /// <summary>The freeze that was told last, so that each is told once; null when the line goes on.</summary>
    public FreezeSpec? Frozen { get; set; }

    /// <summary>The last full scan that was accepted; null before the first.</summary>
    public ApplicationObservation? Observation { get; set; }

    /// <summary>Requests per second that are in force now; null before the first request.</summary>
    public double? RequestsPerSecond { get; set; }

    /// <summary>Until when no request is sent because Losant asked to wait; null when it did not.</summary>
    public DateTimeOffset? BackoffUntil { get; set; }
}

/// <summary>One accepted full scan of an application; the baseline for judging a sudden loss of devices.</summary>
public sealed record ApplicationObservation
{
    /// <summary>When the scan began, by Losant's clock.</summary>
    public DateTimeOffset At { get; set; }

    /// <summary>Number of devices it found.</summary>
    public int Devices { get; set; }

    /// <summary>Number of microcontrollers among the devices; null when no release of an embedded flow read them.</summary>
    public int? Microcontrollers { get; set; }

    /// <summary>Number of deployment rows it found.</summary>
    public int Deployments { get; set; }

    /// <summary>Whether it found everything; false when absent rows may only have been missed.</summary>
    public bool Complete { get; set; }
}
