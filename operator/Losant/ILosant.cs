using EdgeRelease.Observation;

namespace EdgeRelease.Losant;

/// <summary>Makes connections to Losant; one per account, kept as long as the account is the same.</summary>
public interface ILosantConnector
{
    /// <summary>The connection of an account. Sends nothing.</summary>
    /// <param name="account">Where, which application, which token.</param>
    /// <returns>The same object for an equal account, however its URL and id are spelled. Accounts with the same token
    /// at the same host share their rate, the smallest one.</returns>
    /// <exception cref="LosantException">The URL is not allowed: Terminal, <see cref="LosantReason.HostNotAllowed"/>.</exception>
    ILosant Connect(LosantAccount account);
}

/// <summary>One application of Losant, seen with one token: the reads that a release needs, and the one write.
/// Every method throws <see cref="LosantException"/> when Losant gives no usable answer.</summary>
public interface ILosant
{
    /// <summary>Losant's clock: the newest HTTP Date seen plus the monotonic time since. Null before the first answer.
    /// Never goes back.</summary>
    DateTimeOffset? Now { get; }

    /// <summary>The most requests started in a second at present: the account's, or less while Losant answers 429.
    /// </summary>
    double RequestsPerSecond { get; }

    /// <summary>How long calls are held back from now, because Losant asked to wait or failed repeatedly; null when
    /// they are not. More than 0.</summary>
    TimeSpan? HeldFor { get; }

    /// <summary>Whether the application can be read.</summary>
    /// <param name="cancel">Ends the call.</param>
    /// <returns>The application; null when it does not exist.</returns>
    Task<LosantApplicationRow?> FindApplicationAsync(CancellationToken cancel);

    /// <summary>Finds a flow by its 24-hex id, else by its exact name among edge and embedded flows.</summary>
    /// <param name="nameOrId">The id or the name.</param>
    /// <param name="cancel">Ends the call.</param>
    /// <returns>All flows that fit: none when unknown, several when a name is ambiguous.</returns>
    Task<IReadOnlyList<FlowRow>> FindFlowsAsync(string nameOrId, CancellationToken cancel);

    /// <summary>Finds a version of a flow by its exact name.</summary>
    /// <param name="flowId">The flow, 24 hex digits.</param>
    /// <param name="version">The version's name, 1 to 255 characters.</param>
    /// <param name="cancel">Ends the call.</param>
    /// <returns>The version; null when the flow has none of this name.</returns>
    Task<FlowVersionRow?> FindVersionAsync(string flowId, string version, CancellationToken cancel);

    /// <summary>Reads all devices of one class, in pages by rising id.</summary>
    /// <param name="deviceClass">The class to read.</param>
    /// <param name="cancel">Ends the call.</param>
    /// <returns>The devices by rising id, no id twice.</returns>
    Task<IReadOnlyList<DeviceRow>> ScanDevicesAsync(DeviceClass deviceClass, CancellationToken cancel);

    /// <summary>Reads named devices of any class; deleted and unknown ones are missing from the answer.</summary>
    /// <param name="ids">At most 1,000 ids.</param>
    /// <param name="cancel">Ends the call.</param>
    Task<IReadOnlyList<DeviceRow>> FindDevicesAsync(IReadOnlyList<DeviceId> ids, CancellationToken cancel);

    /// <summary>Reads all rows of one edge flow, in pages by rising id, until the scan is accepted.</summary>
    /// <param name="flowId">The flow, 24 hex digits.</param>
    /// <param name="cancel">Ends the call.</param>
    Task<DeploymentScan> ScanDeploymentsAsync(string flowId, CancellationToken cancel);

    /// <summary>Reads the devices of one class that changed, connected or disconnected after an instant. Deleted ones are
    /// missing.</summary>
    /// <param name="deviceClass">The class to read.</param>
    /// <param name="since">The instant, by Losant's clock.</param>
    /// <param name="cancel">Ends the call.</param>
    /// <returns>The devices by rising id, no id twice.</returns>
    Task<IReadOnlyList<DeviceRow>> ChangedDevicesAsync(
        DeviceClass deviceClass,
        DateTimeOffset since,
        CancellationToken cancel
    );

    /// <summary>Reads the rows of all flows that changed at an instant or after it, newest first. Rows that vanished are
    /// missing.</summary>
    /// <param name="since">The instant, by Losant's clock.</param>
    /// <param name="cancel">Ends the call.</param>
    Task<DeploymentChanges> ChangedDeploymentsAsync(DateTimeOffset since, CancellationToken cancel);

    /// <summary>Reads all embedded deployments of the application, in pages by rising id, until the scan is accepted, each
    /// as the row of one flow.</summary>
    /// <param name="flowId">The embedded flow, 24 hex digits.</param>
    /// <param name="cancel">Ends the call.</param>
    /// <returns>A row for each device that has any flow: what happens to its bundle concerns this one.</returns>
    Task<DeploymentScan> ScanBundlesAsync(string flowId, CancellationToken cancel);

    /// <summary>Reads the embedded deployments that changed at an instant or after it, newest first.</summary>
    /// <param name="flows">The embedded flows: each deployment is given as a row of each of them.</param>
    /// <param name="since">The instant, by Losant's clock.</param>
    /// <param name="cancel">Ends the call.</param>
    Task<DeploymentChanges> ChangedBundlesAsync(
        IReadOnlyList<DeviceId> flows,
        DateTimeOffset since,
        CancellationToken cancel
    );

    /// <summary>Reads one embedded deployment as it is now.</summary>
    /// <param name="deployment">The deployment's own id (<see cref="Bundle.Id"/>).</param>
    /// <param name="flowId">The flow whose row it is given as, 24 hex digits.</param>
    /// <param name="cancel">Ends the call.</param>
    /// <returns>The row; null when Losant has the deployment no longer.</returns>
    Task<DeploymentRow?> FindBundleAsync(DeviceId deployment, string flowId, CancellationToken cancel);

    /// <summary>Asks for the bundle of a device to be delivered. Losant takes one such call in 5 minutes for an application,
    /// and compiles anew for each: one attempt, never repeated here.</summary>
    /// <param name="order">Whose bundle, and where to.</param>
    /// <param name="cancel">Ends the call; the answer is then <see cref="ReleaseAnswerKind.Unknown"/> if it was sent.</param>
    /// <returns>What is known of it; this method does not throw for HTTP answers.</returns>
    Task<ExportAnswer> ExportAsync(ExportOrder order, CancellationToken cancel);

    /// <summary>Schedules one version of one flow on explicit devices. One attempt, never repeated here.</summary>
    /// <param name="order">What to schedule where.</param>
    /// <param name="cancel">Ends the call; the answer is then <see cref="ReleaseAnswerKind.Unknown"/> if it was sent.</param>
    /// <returns>What is known of it; this method does not throw for HTTP answers.</returns>
    /// <exception cref="ArgumentException">The order names no device or more than 1,000: nothing was sent.</exception>
    Task<ReleaseAnswer> ReleaseAsync(ReleaseOrder order, CancellationToken cancel);
}

/// <summary>Where an application lives and the token that opens it. Equal accounts share one connection.</summary>
/// <param name="ApiUrl">The API's base, as <c>https://api.losant.com</c>.</param>
/// <param name="ApplicationId">24 hex digits.</param>
/// <param name="Token">The application token; never printed.</param>
/// <param name="CaPem">Extra certificate authorities to trust, PEM; null for the system's alone.</param>
/// <param name="RequestsPerSecond">The most requests started in a second with this token at this host.</param>
public sealed record LosantAccount(
    string ApiUrl,
    string ApplicationId,
    string Token,
    string? CaPem,
    double RequestsPerSecond
)
{
    /// <summary>The account without its token.</summary>
    public override string ToString() => $"application {ApplicationId} at {ApiUrl}";
}

/// <summary>An application, as far as a release cares.</summary>
/// <param name="Id">24 hex digits.</param>
/// <param name="Name">What people call it; null when absent.</param>
public sealed record LosantApplicationRow(string Id, string? Name);

/// <summary>A flow (Losant's workflow).</summary>
/// <param name="Id">24 hex digits.</param>
/// <param name="Name">What people call it.</param>
/// <param name="FlowClass">Losant's class: edge, embedded, cloud, customNode or experience.</param>
public sealed record FlowRow(string Id, string Name, string FlowClass);

/// <summary>A published version of a flow.</summary>
/// <param name="Id">24 hex digits; another id under the same name is another content.</param>
/// <param name="Version">Its name: free text.</param>
/// <param name="MinimumAgentVersion">The oldest agent that can run it, <c>x.y.z</c>; null when any can.</param>
public sealed record FlowVersionRow(string Id, string Version, string? MinimumAgentVersion)
{
    /// <summary>The custom nodes that it runs, each once; those that these run are not among them.</summary>
    public IReadOnlyList<CustomNodeUse> CustomNodes { get; init; } = [];
}

/// <summary>A custom node that a version runs: a flow of class customNode in one of its versions.</summary>
/// <param name="FlowId">The custom node, 24 hex digits.</param>
/// <param name="Version">The name of its version.</param>
public sealed record CustomNodeUse(string FlowId, string Version);

/// <summary>An accepted scan of one flow's rows.</summary>
/// <param name="Rows">The rows, in no promised order; at most one per device.</param>
/// <param name="AbsentRowsAreCertain">False when it is the union of two scans that did not agree.</param>
public sealed record DeploymentScan(IReadOnlyList<DeploymentRow> Rows, bool AbsentRowsAreCertain);

/// <summary>The rows that changed lately.</summary>
/// <param name="Rows">The rows in the order of reading, no row twice; a few older ones may be among them.</param>
/// <param name="TotalCount">All rows of the application, of whatever flow, as Losant counts them.</param>
/// <param name="IsCertain">False when a row may have been missed: then only a full scan helps.</param>
public sealed record DeploymentChanges(IReadOnlyList<PlacedRow> Rows, int TotalCount, bool IsCertain);

/// <summary>A row and where it belongs.</summary>
/// <param name="Id">The row's own id.</param>
/// <param name="Flow">The flow; null when the row names none.</param>
/// <param name="Row">The row.</param>
public readonly record struct PlacedRow(DeviceId Id, DeviceId? Flow, DeploymentRow Row);

/// <summary>Schedule this version of this flow on these devices.</summary>
/// <param name="FlowId">24 hex digits.</param>
/// <param name="Version">The version's name; null schedules the removal.</param>
/// <param name="Devices">1 to 1,000 ids. Source: Losant schema edgeDeploymentRelease, deviceIds.maxItems.</param>
public sealed record ReleaseOrder(string FlowId, string? Version, IReadOnlyList<DeviceId> Devices)
{
    /// <summary>The class of the devices, which the flow's class decides. Default edgeCompute.</summary>
    public DeviceClass Class { get; init; } = DeviceClass.EdgeCompute;
}

/// <summary>Deliver the bundle of this device. Source: Losant schema embeddedDeploymentExport.</summary>
/// <param name="Device">The device.</param>
/// <param name="CallbackUrl">Where a link to it is posted; an absolute URL of at most 1,024 characters.</param>
public sealed record ExportOrder(DeviceId Device, string CallbackUrl)
{
    /// <summary>Whether it is compressed. Default false.</summary>
    public bool Gzip { get; init; }
}

/// <summary>What is known of an export.</summary>
/// <param name="Kind">Whether it was queued.</param>
/// <param name="JobId">Losant's name for the job; null when it was not accepted, or has none.</param>
/// <param name="Error">What went wrong; null when accepted.</param>
public sealed record ExportAnswer(ReleaseAnswerKind Kind, string? JobId, LosantException? Error);

/// <summary>What is known of a release call.</summary>
public enum ReleaseAnswerKind
{
    /// <summary>201: scheduled, nothing more.</summary>
    Accepted,

    /// <summary>An answer that says it was not done (4xx), or it never left: nothing changed at Losant.</summary>
    Refused,

    /// <summary>No answer, or one that does not tell (408, 5xx, cut off): it may or may not have been done.</summary>
    Unknown,
}

/// <summary>What is known of a release call, and why.</summary>
/// <param name="Kind">Whether it was done.</param>
/// <param name="Error">What went wrong; null when accepted.</param>
public sealed record ReleaseAnswer(ReleaseAnswerKind Kind, LosantException? Error);
