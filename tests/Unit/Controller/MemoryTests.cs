using EdgeRelease.Api;
using EdgeRelease.Controller;
using EdgeRelease.Planning;
using EdgeRelease.Simulation;
using Xunit;

namespace EdgeRelease.Tests.Unit.Controller;

/// <summary>What a pass remembers after writes that failed half-way.</summary>
public sealed class MemoryTests : IDisposable
{
    private const string Steps =
        "'rollout': {'steps': [{'name': 'a', 'percentage': 10}, {'name': 'b', 'percentage': 50}, {'name': 'c', 'percentage': 100}]}";

    private readonly Bench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Fact]
    public void Begins_at_the_first_step_when_the_status_of_a_new_revision_was_not_stored()
    {
        _bench.Add(10);
        _bench.Apply("{'version': 'v2', " + Steps + "}");
        _bench.Start();
        _bench.Until(Phase.Complete);
        _bench.EditSpec(spec => spec["version"] = "v1");
        _bench.Until(() => _bench.Status is { Revision: 2, FastLane: true, Phase: Phase.Complete });
        FailTheFirstStatusOf(3);
        _bench.EditSpec(spec => spec["version"] = "v3");
        _bench.Until(() => _bench.Desired("v3") > 0);
        Assert.Equal(1, _bench.Desired("v3"));
        Assert.False(_bench.Status.FastLane);
        Assert.Equal((3, 1), (_bench.Status.Revision, _bench.Status.Step!.Index));
    }

    [Fact]
    public void Knows_when_the_first_revision_began_though_its_first_status_was_not_stored()
    {
        _bench.Add(4);
        FailTheFirstStatusOf(1);
        _bench.Apply("{'version': 'v2', 'rolloutPercentage': 100}");
        _bench.Start();
        _bench.Until(Phase.Complete);

        Assert.NotNull(_bench.Status.StartedAt);
        Assert.NotNull(_bench.Status.History[0].StartedAt);
    }

    [Fact]
    public void Retries_a_rolled_back_version_when_the_status_of_the_retry_was_not_stored()
    {
        _bench.Add(10);
        _bench.Application.SetOutcome(_ => true, "v2", EdgeRelease.Simulation.Outcome.Fails("no memory"));
        _bench.Apply("{'version': 'v2', " + Steps + "}");
        _bench.Start();
        _bench.Until(Phase.RolledBack);
        _bench.Application.SetOutcome(_ => true, "v2", EdgeRelease.Simulation.Outcome.Works);
        _bench.Befall(IsFirstStatusOf(2), ClusterFaultKind.CrashBefore);
        _bench.Annotate(Annotations.Retry, "r1");
        _bench.Run(TimeSpan.FromMinutes(2));
        _bench.Start();
        _bench.Until(Phase.Complete);
        Assert.Equal(2, _bench.Status.Revision);
        Assert.Empty(_bench.Status.KnownBad);
    }

    [Fact]
    public void Moves_a_new_version_when_the_paused_one_before_it_left_a_ledger_without_a_status()
    {
        _bench.Add(10);
        _bench.Application.SetOutcome(_ => true, "v2", EdgeRelease.Simulation.Outcome.Fails("no memory"));
        _bench.Apply("{'version': 'v2', 'failurePolicy': {'onBreach': 'Pause'}, " + Steps + "}");
        _bench.Start();
        _bench.Until(Phase.Paused);
        FailTheFirstStatusOf(2);
        _bench.EditSpec(spec => spec["version"] = "v3");
        _bench.Until(Phase.Complete);
        Assert.Equal(2, _bench.Status.Revision);
        Assert.Null(_bench.Status.Pause);
        Assert.Equal(RevisionResult.Superseded, _bench.Status.History.Single(past => past.Revision == 1).Result);
    }

    [Fact]
    public void Goes_back_to_the_old_previous_version_when_an_uncommitted_revision_is_taken_back()
    {
        _bench.Add(4);
        _bench.Apply("{'version': 'v2', 'rolloutPercentage': 100}");
        _bench.Start();
        _bench.Until(Phase.Complete);
        _bench.Run(TimeSpan.FromMinutes(10));
        _bench.Befall(IsFirstStatusOf(2), ClusterFaultKind.CrashBefore);
        _bench.EditSpec(spec => spec["version"] = "v3");
        _bench.Run(TimeSpan.FromMinutes(2));
        Assert.Contains(_bench.Shards, shard => shard.Revision == 2);
        _bench.EditSpec(spec => spec["version"] = "v2");
        _bench.Start();
        _bench.Until(Phase.Complete);
        _bench.Annotate(Annotations.Abort, "r1");
        _bench.Until(Phase.RolledBack);
        Assert.Equal(4, _bench.Desired("v1"));
    }

    [Theory]
    [InlineData(ClusterFaultKind.InternalError)]
    [InlineData(ClusterFaultKind.Conflict)]
    public void Keeps_the_rows_of_a_sent_batch_when_the_watch_is_late(ClusterFaultKind kind)
    {
        _bench.Add(4);
        _bench.Apply("{'version': 'v2', 'rolloutPercentage': 100, 'limits': {'maxUnavailable': '100%'}}");
        _bench.Cluster.Fault = call =>
            call.Verb == ClusterVerb.WatchEvent && call.Kind == Kinds.Release && _bench.Status.Batch > 0
                ? new ClusterFault(ClusterFaultKind.EventLate, TimeSpan.FromMinutes(10))
                : null;
        _bench.Befall(
            call => _bench.Posts.Count > 0 && call.Verb == ClusterVerb.Replace && call.Kind == Kinds.Revision,
            kind
        );
        _bench.Start();
        _bench.Until(() => _bench.Posts.Count > 0);
        for (var second = 0; second < 120; second++)
        {
            _bench.Run(TimeSpan.FromSeconds(1));
            var sent = _bench.Rows.Count(row => row.AsOf(_bench.Status.Batch).Last is { Version: "v2" });
            Assert.True(sent >= _bench.Desired("v2"), $"{sent} rows of {_bench.Desired("v2")} devices");
        }

        _bench.Until(Phase.Complete);
        Assert.Equal(4, _bench.Rows.Count(row => row.Attempts == 1));
    }

    private void FailTheFirstStatusOf(int revision) =>
        _bench.Befall(IsFirstStatusOf(revision), ClusterFaultKind.Conflict);

    /// <summary>The status write that follows the first shard of a revision.</summary>
    private Func<ClusterCall, bool> IsFirstStatusOf(int revision) =>
        call =>
            call.Subresource == "status"
            && call.Kind == Kinds.Release
            && _bench.Shards.Any(shard => shard.Revision == revision)
            && _bench.Status.Revision < revision;
}
