using EdgeRelease.Api;
using EdgeRelease.Kubernetes;
using EdgeRelease.Losant;
using Xunit;

namespace EdgeRelease.Tests.Unit.Controller;

/// <summary>What a pass that fails by a defect of the operator must not hold up, and times at their end.</summary>
public sealed class DefectTests : IDisposable
{
    private readonly Bench _bench = new();

    public void Dispose() => _bench.Dispose();

    /// <summary>A defect of the operator's own, and what comes of writing something that the API server never takes.</summary>
    public static TheoryData<Exception> Defects =>
        [new InvalidOperationException("a defect"), new ClusterException(422, "a defect")];

    [Theory]
    [MemberData(nameof(Defects))]
    public void Goes_at_the_deadline_though_every_pass_fails_for_good(Exception defect)
    {
        var isBroken = false;
        _bench.Add(4);
        _bench.Apply("{'version': 'v2', 'rolloutPercentage': 100, 'policy': {'onDelete': 'Restore'}}");
        _bench.Start(ports => ports with { Losant = new Defective(ports.Losant, () => isBroken ? defect : null) });
        _bench.Until(Phase.Complete);
        isBroken = true;
        _bench.Delete();

        _bench.Run(TimeSpan.FromMinutes(58));
        Assert.False(_bench.IsGone);
        _bench.Run(TimeSpan.FromMinutes(4));

        Assert.True(_bench.IsGone);
        var told = Assert.Single(
            _bench.Events,
            each => each.StartsWith("DeletionIncomplete", StringComparison.Ordinal)
        );
        Assert.Contains("the operator failed: a defect; left as they are: ", told, StringComparison.Ordinal);
        Assert.Contains(_bench.Application.Devices[0].Id, told, StringComparison.Ordinal);
    }

    [Fact]
    public void Reports_and_deletes_a_release_that_never_begins_with_every_duration_at_its_largest()
    {
        const string most = "'999999h59m'";
        _bench.Add(4);
        _bench.Apply(
            "{'version': 'v2', 'rollout': {'steps': [{'name': 'all', 'all': true, 'soak': "
                + $"{most}}}]}}, 'schedule': {{'notBefore': '9999-12-31T23:59:59Z'}}, 'failurePolicy': {{'watch': {most}}}, "
                + $"'health': {{'confirm': {most}, 'settleTimeout': {most}, 'retryGrace': {most}, 'lostAfter': {most}}}, "
                + $"'policy': {{'onDelete': 'Restore', 'deleteDeadline': {most}}}}}"
        );
        _bench.Start();
        _bench.Until(Phase.Waiting);
        Assert.Contains("it opens at 9999-12-31T23:59:59Z", _bench.Status.Message, StringComparison.Ordinal);
        _bench.Run(TimeSpan.FromMinutes(10));

        _bench.Delete();
        _bench.Until(() => _bench.IsGone);

        Assert.DoesNotContain(_bench.Log.Lines, line => line.StartsWith("fault: ", StringComparison.Ordinal));
    }

    /// <summary>Losant, except that asking for a connection fails as no outage does.</summary>
    private sealed class Defective(ILosantConnector inner, Func<Exception?> defect) : ILosantConnector
    {
        public ILosant Connect(LosantAccount account) => defect() is { } error ? throw error : inner.Connect(account);
    }
}
