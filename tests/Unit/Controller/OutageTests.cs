using System.Text.Json.Nodes;
using EdgeRelease.Api;
using EdgeRelease.Controller;
using EdgeRelease.Kubernetes;
using EdgeRelease.Simulation;
using Xunit;

namespace EdgeRelease.Tests.Unit.Controller;

/// <summary>Losant is away for a day, the API server for an hour: what Losant hears meanwhile, and what becomes of the
/// rollouts (I10, I18).</summary>
public sealed class OutageTests : IDisposable
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    /// <summary>The largest wait of queue and breaker, and a poll, which is late by up to a fifth.</summary>
    private static readonly TimeSpan BackWithin = TimeSpan.FromMinutes(1) + (1.2 * TimeSpan.FromSeconds(15));

    private readonly Bench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Theory]
    [InlineData(FaultKind.ConnectionRefused)]
    [InlineData(FaultKind.TimeoutBefore)]
    [InlineData(FaultKind.Status503)]
    public void Asks_once_a_minute_while_Losant_is_away_for_a_day_and_then_ends_the_rollout(FaultKind kind)
    {
        HalfWay();
        _bench.Losant.Faults.Add(new FaultRule(kind));

        // The breaker opens when nine of ten calls of a minute have failed.
        var first = CallsIn(Hour);
        Assert.True(first <= 60 + 30, $"{first} calls in the first hour");
        var most = 0;
        for (var hour = 2; hour <= 24; hour++)
        {
            var calls = CallsIn(Hour);
            most = Math.Max(most, calls);
            Assert.True(calls is > 30 and <= 60, $"{calls} calls in hour {hour}, {first} in the first");
            Assert.Equal(ConditionStatus.Unknown, Ready(_bench.Status).Status);
            Assert.True(Ready(_bench.Status).Reason is Reasons.LosantUnreachable or Reasons.LosantThrottled);
            Assert.Contains("tried again by itself", _bench.Status.Message, StringComparison.Ordinal);
        }

        Assert.All(Settled(), status => Assert.Equal(ConditionStatus.True, Ready(status).Status));
        Assert.Equal((6, 6), (_bench.Desired("v2"), Moved(_bench)));
        Assert.Equal(2, _bench.Posts.Count);

        _bench.Losant.Faults.Clear();

        var back = UntilUseful();
        Say($"{first} calls in the first hour, at most {most} in each later one, back after {back}");
        Assert.InRange(back, TimeSpan.Zero, BackWithin);
        EndsComplete();
    }

    [Fact]
    public void Asks_Losant_less_than_once_a_minute_while_the_API_server_is_away_for_an_hour_and_then_ends_the_rollout()
    {
        HalfWay(new ResourceKey("default", "edgerelease"));
        _bench.Cluster.StopFor(Hour);

        var calls = CallsIn(Hour);

        Assert.True(calls < 60, $"{calls} calls");
        Assert.Equal((6, 6), (_bench.Desired("v2"), Moved(_bench)));
        Assert.Equal(2, _bench.Posts.Count);
        var back = UntilUseful();
        Say($"{calls} calls, back after {back}");
        Assert.InRange(back, TimeSpan.Zero, BackWithin);
        EndsComplete();
    }

    private static void Say(string figures) => TestContext.Current.TestOutputHelper!.WriteLine(figures);

    /// <summary>Six of twelve devices are told v2; three releases of the same application rest.</summary>
    private void HalfWay(ResourceKey? lease = null)
    {
        _bench.Add(15);
        _bench.Start(lease: lease);
        for (var other = 12; other < 15; other++)
        {
            Apply($"other-{other}", other, 1, "'version': 'v1', 'rolloutPercentage': 100");
        }

        Apply(
            Bench.Name,
            0,
            12,
            "'version': 'v2', 'limits': {'maxUnavailable': '100%'}, "
                + "'rollout': {'steps': [{'name': 'half', 'percentage': 50, 'soak': '10m'}, {'name': 'all', 'percentage': 100}]}"
        );
        _bench.Until(() =>
            Settled().Count(status => status?.Phase == Phase.Complete) == 3 && _bench.Desired("v2") == 6
        );
    }

    private void Apply(string name, int from, int count, string spec)
    {
        var ids = _bench.Application.Devices.Skip(from).Take(count).Select(device => $"'{device.Id}'");
        _bench.Apply($"{{{spec}, 'deviceTags': {{}}, 'deviceIds': [{string.Join(", ", ids)}]}}", name);
    }

    private IEnumerable<EdgeReleaseStatus> Settled() =>
        _bench
            .Cluster.All(Kinds.Release)
            .Select(json => ReleaseObject.Of(json))
            .Where(release => release.Meta.Name != Bench.Name)
            .Select(release => release.Status!);

    private int CallsIn(TimeSpan length)
    {
        var before = _bench.Requests.Count();
        _bench.Run(length);
        return _bench.Requests.Count() - before;
    }

    /// <summary>How long it takes until Losant hears a list of devices or a release call.</summary>
    private TimeSpan UntilUseful()
    {
        var (at, before) = (_bench.Time.Now, _bench.Requests.Count());
        _bench.Until(() =>
            _bench
                .Requests.Skip(before)
                .Any(call => call.Method == "POST" || call.Path.EndsWith("/devices", StringComparison.Ordinal))
        );
        return _bench.Time.Now - at;
    }

    private void EndsComplete()
    {
        _bench.Until(Phase.Complete);
        Assert.Equal((12, 3), (_bench.Desired("v2"), _bench.Desired("v1")));
        Assert.All(Settled(), status => Assert.Equal(Phase.Complete, status.Phase));
        Assert.All(_bench.Posts, post => Assert.Contains("\"v2\"", post.Body, StringComparison.Ordinal));
        var told = _bench.Posts.SelectMany(post => JsonNode.Parse(post.Body!)!["deviceIds"]!.AsArray());
        Assert.Distinct(told.Select(id => (string)id!));
    }

    private static int Moved(Bench bench) =>
        bench.Application.Devices.Count(device => device.FindRow(bench.Flow)?.State.Current == "v2");

    private static Condition Ready(EdgeReleaseStatus status) =>
        status.Conditions.Single(condition => condition.Type == ConditionTypes.Ready);
}
