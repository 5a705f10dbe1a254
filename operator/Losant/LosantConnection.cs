using EdgeRelease.Observation;

namespace EdgeRelease.Losant;

/// <summary>One application of Losant over one line.</summary>
internal sealed class LosantConnection : ILosant, IDisposable
{
    private readonly Wire wire;
    private readonly DeviceReads devices;
    private readonly FlowReads flows;
    private readonly DeploymentCalls deployments;

    /// <summary>A connection over a line, which it owns.</summary>
    /// <param name="wire">The line.</param>
    /// <param name="application">The application's id.</param>
    public LosantConnection(Wire wire, DeviceId application)
    {
        var words = new Words();
        this.wire = wire;
        devices = new DeviceReads(wire, words, application.ToString());
        flows = new FlowReads(wire, words, application.ToString());
        deployments = new DeploymentCalls(wire, words, application.ToString());
    }

    /// <inheritdoc/>
    public DateTimeOffset? Now => wire.Now;

    /// <inheritdoc/>
    public double RequestsPerSecond => wire.RequestsPerSecond;

    /// <inheritdoc/>
    public TimeSpan? HeldFor => wire.HeldFor;

    /// <summary>The id that an argument spells.</summary>
    /// <exception cref="ArgumentException">It is not 24 hexadecimal digits.</exception>
    public static DeviceId IdOf(string text, string parameter) =>
        DeviceId.TryParse(text, out var id)
            ? id
            : throw new ArgumentException("an id is 24 hexadecimal digits", parameter);

    /// <inheritdoc/>
    public Task<LosantApplicationRow?> FindApplicationAsync(CancellationToken cancel) =>
        flows.FindApplicationAsync(cancel);

    /// <inheritdoc/>
    public Task<IReadOnlyList<FlowRow>> FindFlowsAsync(string nameOrId, CancellationToken cancel) =>
        flows.FindFlowsAsync(nameOrId, cancel);

    /// <inheritdoc/>
    public Task<FlowVersionRow?> FindVersionAsync(string flowId, string version, CancellationToken cancel) =>
        flows.FindVersionAsync(IdOf(flowId, nameof(flowId)), version, cancel);

    /// <inheritdoc/>
    public Task<IReadOnlyList<DeviceRow>> ScanDevicesAsync(DeviceClass deviceClass, CancellationToken cancel) =>
        devices.ScanAsync(Scanned(deviceClass), cancel);

    /// <inheritdoc/>
    public Task<IReadOnlyList<DeviceRow>> FindDevicesAsync(IReadOnlyList<DeviceId> ids, CancellationToken cancel) =>
        ids.Count > 1000
            ? throw new ArgumentException("at most 1,000 devices are looked up at once", nameof(ids))
            : devices.FindAsync(ids, cancel);

    /// <inheritdoc/>
    public Task<DeploymentScan> ScanDeploymentsAsync(string flowId, CancellationToken cancel) =>
        deployments.ScanAsync(IdOf(flowId, nameof(flowId)), cancel);

    /// <inheritdoc/>
    public Task<IReadOnlyList<DeviceRow>> ChangedDevicesAsync(
        DeviceClass deviceClass,
        DateTimeOffset since,
        CancellationToken cancel
    ) => devices.ScanAsync(Scanned(deviceClass), cancel, since);

    /// <inheritdoc/>
    public Task<DeploymentChanges> ChangedDeploymentsAsync(DateTimeOffset since, CancellationToken cancel) =>
        deployments.ChangedAsync(since, cancel);

    /// <inheritdoc/>
    public Task<DeploymentScan> ScanBundlesAsync(string flowId, CancellationToken cancel) =>
        deployments.ScanBundlesAsync(IdOf(flowId, nameof(flowId)), cancel);

    /// <inheritdoc/>
    public Task<DeploymentChanges> ChangedBundlesAsync(
        IReadOnlyList<DeviceId> flows,
        DateTimeOffset since,
        CancellationToken cancel
    ) => deployments.ChangedBundlesAsync(flows, since, cancel);

    /// <inheritdoc/>
    public Task<DeploymentRow?> FindBundleAsync(DeviceId deployment, string flowId, CancellationToken cancel) =>
        deployments.FindBundleAsync(deployment, IdOf(flowId, nameof(flowId)), cancel);

    /// <inheritdoc/>
    public Task<ExportAnswer> ExportAsync(ExportOrder order, CancellationToken cancel) =>
        deployments.ExportAsync(order, cancel);

    /// <inheritdoc/>
    public Task<ReleaseAnswer> ReleaseAsync(ReleaseOrder order, CancellationToken cancel) =>
        deployments.ReleaseAsync(order, cancel);

    /// <inheritdoc/>
    public void Dispose() => wire.Dispose();

    private static DeviceClass Scanned(DeviceClass deviceClass) =>
        deviceClass == DeviceClass.Other
            ? throw new ArgumentException("a scan reads edge compute or embedded devices", nameof(deviceClass))
            : deviceClass;
}
