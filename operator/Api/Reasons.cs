namespace EdgeRelease.Api;

/// <summary>The reasons of conditions, one word each. Events carry the same words where they tell the same.</summary>
public static class Reasons
{
    /// <summary>The plan is made.</summary>
    public const string Planned = "Planned";

    /// <summary>Devices are being moved.</summary>
    public const string Progressing = "Progressing";

    /// <summary>The step is being held.</summary>
    public const string Soaking = "Soaking";

    /// <summary>The release is paused by spec or annotation.</summary>
    public const string Paused = "Paused";

    /// <summary>The failure policy paused the release.</summary>
    public const string PausedByPolicy = "PausedByPolicy";

    /// <summary>A gate waits for a person.</summary>
    public const string WaitingForApproval = "WaitingForApproval";

    /// <summary>The LosantApplication's guard does not let the flow be released.</summary>
    public const string GuardViolated = "GuardViolated";

    /// <summary>The LosantApplication is frozen.</summary>
    public const string Frozen = "Frozen";

    /// <summary>A time window is closed.</summary>
    public const string WaitingForWindow = "WaitingForWindow";

    /// <summary>No device of the step is connected.</summary>
    public const string WaitingForReachable = "WaitingForReachable";

    /// <summary>Every device of the step has an outcome and none succeeded.</summary>
    public const string NothingSucceeded = "NothingSucceeded";

    /// <summary>Unrestored or lost devices hold every place.</summary>
    public const string WaitingForBudget = "WaitingForBudget";

    /// <summary>No device matches, or none that matches may be moved.</summary>
    public const string NoDevices = "NoDevices";

    /// <summary>All reachable devices run the version.</summary>
    public const string Complete = "Complete";

    /// <summary>The share of <c>rolloutPercentage</c> runs the version.</summary>
    public const string AtPercentage = "AtPercentage";

    /// <summary>The release only observes.</summary>
    public const string Observing = "Observing";

    /// <summary>Devices have gone back.</summary>
    public const string RolledBack = "RolledBack";

    /// <summary>Devices cannot go back: they report errors on what they ran before.</summary>
    public const string RollbackFailing = "RollbackFailing";

    /// <summary>More devices failed than the failure policy tolerates.</summary>
    public const string Breach = "Breach";

    /// <summary>A person aborted the revision.</summary>
    public const string Aborted = "Aborted";

    /// <summary>The version was rolled back before and is unchanged.</summary>
    public const string KnownBad = "KnownBad";

    /// <summary>The spec breaks a rule that the API server did not enforce.</summary>
    public const string InvalidSpec = "InvalidSpec";

    /// <summary>There is no such LosantApplication, or none could be chosen.</summary>
    public const string ApplicationNotFound = "ApplicationNotFound";

    /// <summary>The name now means another application than the release is pinned to.</summary>
    public const string ApplicationChanged = "ApplicationChanged";

    /// <summary>The Secret or its key does not exist.</summary>
    public const string SecretNotFound = "SecretNotFound";

    /// <summary>Losant rejects the token.</summary>
    public const string CredentialsRejected = "CredentialsRejected";

    /// <summary>The operator does not allow the host of <c>apiUrl</c>.</summary>
    public const string HostNotAllowed = "HostNotAllowed";

    /// <summary>Losant cannot be reached or does not answer.</summary>
    public const string LosantUnreachable = "LosantUnreachable";

    /// <summary>Losant asked to wait.</summary>
    public const string LosantThrottled = "LosantThrottled";

    /// <summary>Losant refuses a request for good.</summary>
    public const string LosantRefused = "LosantRefused";

    /// <summary>The application has no such flow.</summary>
    public const string FlowNotFound = "FlowNotFound";

    /// <summary>Several flows have the name.</summary>
    public const string FlowAmbiguous = "FlowAmbiguous";

    /// <summary>The flow's class cannot be released to devices.</summary>
    public const string FlowClassUnsupported = "FlowClassUnsupported";

    /// <summary>The name now means another flow than the release is pinned to.</summary>
    public const string FlowChanged = "FlowChanged";

    /// <summary>The flow has no such version.</summary>
    public const string VersionNotFound = "VersionNotFound";

    /// <summary>The version's content changed during the revision.</summary>
    public const string VersionChangedUnderneath = "VersionChangedUnderneath";

    /// <summary>A planned batch broke an invariant and was not sent.</summary>
    public const string InvariantRefused = "InvariantRefused";

    /// <summary>What changed did not stand in Losant's list of changes.</summary>
    public const string ChangesMissed = "ChangesMissed";

    /// <summary>The bundles of all microcontrollers that could go are being changed by something else.</summary>
    public const string BundleBusy = "BundleBusy";

    /// <summary>Devices are missing whose absence is not yet believed.</summary>
    public const string FleetShrunk = "FleetShrunk";

    /// <summary>An EdgeReleaseRevision of the release cannot be read.</summary>
    public const string LedgerUnreadable = "LedgerUnreadable";

    /// <summary>The EdgeReleaseRevisions of the release are gone and cannot be rebuilt yet.</summary>
    public const string LedgerLost = "LedgerLost";

    /// <summary>Nothing speaks against it.</summary>
    public const string Healthy = "Healthy";

    /// <summary>Devices fail.</summary>
    public const string DevicesFailing = "DevicesFailing";

    /// <summary>Devices went dark after their command and stayed dark.</summary>
    public const string DevicesLost = "DevicesLost";

    /// <summary>Another release owns some of the devices.</summary>
    public const string OwnedByAnother = "OwnedByAnother";

    /// <summary>Another release names some of the devices too and leaves them to this one.</summary>
    public const string ClaimedByAnother = "ClaimedByAnother";

    /// <summary>Someone else commanded some of the devices.</summary>
    public const string ForeignChange = "ForeignChange";

    /// <summary>Somebody changes devices as often as they are corrected; they are left alone.</summary>
    public const string DriftContested = "DriftContested";

    /// <summary>The object is being deleted.</summary>
    public const string Deleting = "Deleting";

    /// <summary>Losant answers.</summary>
    public const string Connected = "Connected";
}
