using EdgeRelease.Observation;

namespace EdgeRelease.Planning;

/// <summary>One device of one observation, as a release sees it.</summary>
public sealed record Device
{
    /// <summary>What Losant lists of it.</summary>
    public required DeviceRow Seen { get; init; }

    /// <summary>Its row of the flow; null when it has none.</summary>
    public required DeploymentRow? Deployment { get; init; }

    /// <summary>What the release remembers of it; null when it never moved it.</summary>
    public required LedgerRow? Row { get; init; }

    /// <summary>Its place in the hash order of flow, version and id: the same on every replica.</summary>
    public required UInt128 Rank { get; init; }

    /// <summary>Its combination of values of <c>rollout.spreadBy</c>; null when nothing is spread.</summary>
    public string? Stratum { get; init; }

    /// <summary>Where it stands.</summary>
    public required Standing Standing { get; init; }

    /// <summary>The device's id.</summary>
    public DeviceId Id => Seen.Id;

    /// <summary>Whether it is connected now.</summary>
    public bool IsReachable => Seen.Connected;

    /// <summary>Whether it lies inside the denominator of every percentage (rule 1).</summary>
    public bool IsEligible => Standing.State <= DeviceState.Waiting;

    /// <summary>Whether this revision had moved it before another release took it.</summary>
    public bool WasTaken { get; init; }

    /// <summary>Whether a lowered percentage gave it back and it is there: it begins anew (rule 18).</summary>
    public bool IsReturned => Standing.IsRestored && Row is { Last.Cause: BackCause.Lowered };

    /// <summary>Whether it has a place in the share already: moved by this revision, or adopted (rule 13).</summary>
    public bool IsPlaced =>
        Standing.State == DeviceState.Updated || (Row is { Closed: null, IsTried: true } && !IsReturned);

    /// <summary>Whether the revision before moved it: it ranks first, and has no place until it is moved again (rule 23).</summary>
    public bool IsCarried => Row is { IsForward: true, IsTried: false };

    /// <summary>Whether sending it takes a slot: it is connected and holds none yet (rule 15).</summary>
    public bool TakesSlot => IsReachable && !Standing.HoldsSlot;

    /// <summary>Whether a step need not wait for it: it has an outcome, or it cannot have one while offline.</summary>
    public bool IsSettled =>
        Standing.State is DeviceState.Updated or DeviceState.Failed or DeviceState.Lost or DeviceState.Deferred
        || Standing.Outcome == Outcome.NotAccepted
        || Standing is { Outcome: Outcome.Confounded, IsRestored: true };

    /// <summary>Whether it went dark, was given up, and is connected again on what it ran before.</summary>
    public bool IsBackAgain => IsReachable && Standing is { State: DeviceState.Lost, IsRestored: true };

    /// <summary>Whether the revision may send it forward: never tried, or restored with an attempt left.</summary>
    public bool IsCandidate =>
        Standing is { State: DeviceState.Waiting or DeviceState.Deferred, IsArmed: false }
        && Standing.Outcome is not (Outcome.NotAccepted or Outcome.Confounded)
        && Standing.Busy is null
        && (Standing.IsRestored || Standing.IsTakenBack || Row?.Last is not { Kind: CommandKind.Back });
}
