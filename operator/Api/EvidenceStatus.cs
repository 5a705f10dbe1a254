namespace EdgeRelease.Api;

/// <summary>What the failure policy is judged on.</summary>
public sealed record EvidenceStatus
{
    /// <summary>Devices with an outcome in this revision.</summary>
    public int Outcomes { get; set; }

    /// <summary>Devices among them that failed.</summary>
    public int Failures { get; set; }

    /// <summary>Devices that showed an error and ran the version all the same within the grace; they are no failures.
    /// </summary>
    public int Recovered { get; set; }

    /// <summary>Devices that went dark on the version and stayed dark; they are judged apart from failures.</summary>
    public int Lost { get; set; }

    /// <summary>Lost devices that are not blamed on the version: half of the others of their group, or of the fleet, went
    /// dark too.</summary>
    public int Unattributed { get; set; }

    /// <summary>Microcontrollers whose bundle was built anew for something else before they had settled: they prove
    /// nothing.</summary>
    public int Confounded { get; set; }

    /// <summary>What that means for the step; null while its devices have no outcome yet and nothing is proven.</summary>
    public EvidenceVerdict? Verdict { get; set; }

    /// <summary>The same by the step that first commanded the device; only steps with an outcome, at most 30.</summary>
    public IReadOnlyList<StepEvidence> Steps { get; set; } = [];
}

/// <summary>What the evidence means for a step.</summary>
public enum EvidenceVerdict
{
    /// <summary>No more failures than tolerated.</summary>
    Pass,

    /// <summary>More failures than tolerated.</summary>
    Breach,

    /// <summary>More of the step's devices failed than <c>tolerance</c> says, but too few to prove a higher rate.</summary>
    Inconclusive,
}

/// <summary>The evidence of one step.</summary>
public sealed record StepEvidence
{
    /// <summary>Number of the step, from 1.</summary>
    public int Step { get; set; }

    /// <summary>Devices with an outcome.</summary>
    public int Outcomes { get; set; }

    /// <summary>Devices among them that failed.</summary>
    public int Failures { get; set; }
}
