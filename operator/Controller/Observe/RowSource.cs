using EdgeRelease.Losant;
using EdgeRelease.Observation;

namespace EdgeRelease.Controller;

/// <summary>Where rows come from: Losant lists those of gateways and those of microcontrollers apart.</summary>
internal sealed class RowSource(ILosant losant, DeviceClass deviceClass)
{
    private bool IsOfBundles => deviceClass == DeviceClass.Embedded;

    /// <summary>All rows of a flow.</summary>
    public Task<DeploymentScan> ScanAsync(string flowId, CancellationToken cancel) =>
        IsOfBundles ? losant.ScanBundlesAsync(flowId, cancel) : losant.ScanDeploymentsAsync(flowId, cancel);

    /// <summary>The rows of some flows that changed since an instant; those of others may be among them.</summary>
    public Task<DeploymentChanges> ChangedAsync(
        IReadOnlyList<DeviceId> flows,
        DateTimeOffset since,
        CancellationToken cancel
    ) => IsOfBundles ? losant.ChangedBundlesAsync(flows, since, cancel) : losant.ChangedDeploymentsAsync(since, cancel);
}
