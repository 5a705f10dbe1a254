using System.Text.Json.Nodes;
using EdgeRelease.Api;
using EdgeRelease.Controller;
using EdgeRelease.Kubernetes;
using EdgeRelease.Simulation;
using Xunit;

namespace EdgeRelease.Tests.Unit.Controller;

/// <summary>Releases that cannot be read, that were made again, and that cannot be worked on for a while.</summary>
public sealed class UnreadableTests : IDisposable
{
    private readonly Bench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Fact]
    public void Says_by_an_Event_that_a_spec_cannot_be_read()
    {
        Complete();
        _bench.EditSpec(spec => spec["limits"] = new JsonObject { ["maxUnavailable"] = 99_999_999_999 });
        _bench.Run(TimeSpan.FromMinutes(10));
        Assert.Single(
            _bench.Events,
            each => each.StartsWith("InvalidSpec: the spec cannot be read", StringComparison.Ordinal)
        );
        _bench.EditSpec(spec => spec.Remove("limits"));
        _bench.Until(Phase.Complete);
        Assert.Equal(1, _bench.Status.Revision);
    }

    [Fact]
    public void Says_that_a_spec_cannot_be_read_beside_a_status_that_cannot()
    {
        Complete();
        _bench.Kill();
        _bench.EditSpec(spec => spec["limits"] = new JsonObject { ["maxUnavailable"] = 99_999_999_999 });
        _bench.Edit(
            root =>
            {
                root["status"]!["revision"] = 3_000_000_000;
                root["status"]!["observedGeneration"] = root["metadata"]!["generation"]!.DeepClone();
            },
            "status"
        );
        _bench.Start();
        _bench.Run(TimeSpan.FromMinutes(1));
        var status = _bench.Cluster.Get(Kinds.Release, Bench.Key)!.Value.GetProperty("status");
        Assert.Equal("Blocked", status.GetProperty("phase").GetString());
    }

    [Fact]
    public void Takes_a_status_that_cannot_be_read_for_lost_and_says_so()
    {
        Complete();
        var posts = _bench.Posts.Count;
        _bench.Edit(root => root["status"]!["revision"] = 3_000_000_000, "status");
        _bench.Run(TimeSpan.FromMinutes(10));
        Assert.Single(_bench.Events, each => each.StartsWith("StatusUnreadable: ", StringComparison.Ordinal));
        Assert.Equal((1, Phase.Complete), (_bench.Status.Revision, _bench.Status.Phase));
        Assert.Equal(posts, _bench.Posts.Count);
    }

    [Fact]
    public void Goes_on_from_the_ledger_when_a_status_is_older_than_it()
    {
        _bench.Add(4);
        _bench.Apply("{'version': 'v2', 'rolloutPercentage': 100}");
        _bench.Start();
        _bench.Until(Phase.Complete);
        var old = _bench.Release!.Json.GetProperty("status");
        _bench.EditSpec(spec => spec["version"] = "v3");
        _bench.Until(Phase.Complete);
        _bench.Kill();
        var posts = _bench.Posts.Count;
        _bench.Edit(root => root["status"] = JsonObject.Create(old), "status");
        _bench.Start();
        _bench.Until(Phase.Complete);
        _bench.Run(TimeSpan.FromMinutes(10));
        Assert.Equal((2, posts), (_bench.Status.Revision, _bench.Posts.Count));
    }

    [Fact]
    public void Begins_with_nothing_when_a_release_is_made_again_under_its_name()
    {
        Complete();
        _bench.Befall(
            call => call.Verb == ClusterVerb.WatchEvent && call.Key == Bench.Key && _bench.Release is null,
            ClusterFaultKind.EventLost
        );
        _bench.Delete();
        _bench.Apply("{'version': 'v3', 'rolloutPercentage': 100}");
        _bench.Until(Phase.Complete);
        Assert.Equal(1, _bench.Status.Revision);
        var uid = _bench.Release!.Uid;
        Assert.All(
            _bench.Cluster.All(Kinds.Revision),
            shard =>
                Assert.Equal(
                    uid,
                    shard
                        .GetProperty("metadata")
                        .GetProperty("labels")
                        .GetProperty(ApiGroup.ReleaseUidLabel)
                        .GetString()
                )
        );
        Assert.All(_bench.Rows, row => Assert.Equal("v2", row.Previous));
    }

    [Fact]
    public void Asks_ever_less_often_while_every_write_conflicts()
    {
        _bench.Add(4);
        _bench.Apply("{'version': 'v2', 'rolloutPercentage': 100}");
        _bench.Cluster.Fault = call =>
            call.IsWrite && call.Kind == Kinds.Revision ? new ClusterFault(ClusterFaultKind.Conflict) : null;
        _bench.Start();
        _bench.Run(TimeSpan.FromMinutes(20));
        Assert.InRange(_bench.Requests.Count(), 1, 250);
        Assert.Empty(_bench.Posts);
        _bench.Cluster.Fault = _ => null;
        _bench.Until(Phase.Complete);
    }

    [Fact]
    public void Does_not_take_one_error_for_an_outage_after_the_token_was_refused()
    {
        _bench.Add(4);
        _bench.Apply(
            "{'version': 'v2', 'rollout': {'steps': [{'name': 'a', 'percentage': 50, 'soak': '2h'}, {'name': 'b', 'percentage': 100}]}}"
        );
        _bench.Start();
        _bench.Until(Phase.Soaking);
        _bench.GiveToken("another");
        _bench.Until(Phase.Blocked);
        _bench.Run(TimeSpan.FromMinutes(10));
        _bench.GiveToken("token");
        _bench.Losant.Faults.Add(
            new FaultRule(FaultKind.ConnectionRefused) { Until = _bench.Time.Now + TimeSpan.FromSeconds(90) }
        );
        for (var second = 0; second < 300; second++)
        {
            _bench.Run(TimeSpan.FromSeconds(1));
            Assert.DoesNotContain(_bench.Status.Conditions, each => each.Reason == Reasons.LosantUnreachable);
        }

        Assert.Equal(Phase.Soaking, _bench.Status.Phase);
    }

    private void Complete()
    {
        _bench.Add(4);
        _bench.Apply("{'version': 'v2', 'rolloutPercentage': 100}");
        _bench.Start();
        _bench.Until(Phase.Complete);
    }
}
