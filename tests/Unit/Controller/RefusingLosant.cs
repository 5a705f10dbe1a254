using System.Runtime.CompilerServices;
using EdgeRelease.Losant;
using EdgeRelease.Observation;

namespace EdgeRelease.Tests.Unit.Controller;

/// <summary>Losant, except that it answers some release calls with a status of its own.</summary>
internal sealed class RefusingLosant(ILosantConnector inner, Func<ReleaseOrder, int?> status) : ILosantConnector
{
    private readonly ConditionalWeakTable<ILosant, Connection> _made = [];

    /// <summary>The orders that were refused.</summary>
    public List<ReleaseOrder> Refused { get; } = [];

    public ILosant Connect(LosantAccount account) =>
        _made.GetValue(inner.Connect(account), each => new Connection(this, each));

    private ReleaseAnswer? Refusal(ReleaseOrder order)
    {
        if (status(order) is not { } code)
        {
            return null;
        }

        Refused.Add(order);
        var reason = code == 404 ? LosantReason.NotFound : LosantReason.RequestRefused;
        return new ReleaseAnswer(
            ReleaseAnswerKind.Refused,
            new LosantException(ErrorKind.Terminal, reason, $"cannot release: HTTP {code}") { Status = code }
        );
    }

    private sealed class Connection(RefusingLosant owner, ILosant inner) : ILosant
    {
        public DateTimeOffset? Now => inner.Now;

        public double RequestsPerSecond => inner.RequestsPerSecond;

        public TimeSpan? HeldFor => inner.HeldFor;

        public Task<LosantApplicationRow?> FindApplicationAsync(CancellationToken cancel) =>
            inner.FindApplicationAsync(cancel);

        public Task<IReadOnlyList<FlowRow>> FindFlowsAsync(string nameOrId, CancellationToken cancel) =>
            inner.FindFlowsAsync(nameOrId, cancel);

        public Task<FlowVersionRow?> FindVersionAsync(string flowId, string version, CancellationToken cancel) =>
            inner.FindVersionAsync(flowId, version, cancel);

        public Task<IReadOnlyList<DeviceRow>> ScanDevicesAsync(DeviceClass deviceClass, CancellationToken cancel) =>
            inner.ScanDevicesAsync(deviceClass, cancel);

        public Task<IReadOnlyList<DeviceRow>> FindDevicesAsync(IReadOnlyList<DeviceId> ids, CancellationToken cancel) =>
            inner.FindDevicesAsync(ids, cancel);

        public Task<DeploymentScan> ScanDeploymentsAsync(string flowId, CancellationToken cancel) =>
            inner.ScanDeploymentsAsync(flowId, cancel);

        public Task<IReadOnlyList<DeviceRow>> ChangedDevicesAsync(
            DeviceClass deviceClass,
            DateTimeOffset since,
            CancellationToken cancel
        ) => inner.ChangedDevicesAsync(deviceClass, since, cancel);

        public Task<DeploymentChanges> ChangedDeploymentsAsync(DateTimeOffset since, CancellationToken cancel) =>
            inner.ChangedDeploymentsAsync(since, cancel);

        public Task<DeploymentScan> ScanBundlesAsync(string flowId, CancellationToken cancel) =>
            inner.ScanBundlesAsync(flowId, cancel);

        public Task<DeploymentChanges> ChangedBundlesAsync(
            IReadOnlyList<DeviceId> flows,
            DateTimeOffset since,
            CancellationToken cancel
        ) => inner.ChangedBundlesAsync(flows, since, cancel);

        public Task<DeploymentRow?> FindBundleAsync(DeviceId deployment, string flowId, CancellationToken cancel) =>
            inner.FindBundleAsync(deployment, flowId, cancel);

        public Task<ExportAnswer> ExportAsync(ExportOrder order, CancellationToken cancel) =>
            inner.ExportAsync(order, cancel);

        public Task<ReleaseAnswer> ReleaseAsync(ReleaseOrder order, CancellationToken cancel) =>
            owner.Refusal(order) is { } refusal ? Task.FromResult(refusal) : inner.ReleaseAsync(order, cancel);
    }
}
