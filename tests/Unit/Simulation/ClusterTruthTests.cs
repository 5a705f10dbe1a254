using System.Text.Json.Nodes;
using EdgeRelease.Kubernetes;
using EdgeRelease.Simulation;
using EdgeRelease.Tests.Conversations;
using Xunit;

namespace EdgeRelease.Tests.Unit.Simulation;

/// <summary>What a test itself does with the simulated cluster, and what it sees.</summary>
public sealed class ClusterTruthTests
{
    private readonly ClusterScene _scene = new();

    private SimulatedCluster Cluster => _scene.Cluster;

    [Fact]
    public void Records_each_write_with_who_did_what_when()
    {
        var created = _scene.Apply("a");
        _scene.Run(() => _scene.ReplaceAsync(ClusterScene.Changed(created, "two")));
        Cluster.Remove(Talks.Kind, ClusterScene.Key("a"));
        Assert.Equal(
            ["1001 user Create Added", "1002 one Replace Modified", "1003 user Delete Deleted"],
            Cluster.Record.Select(write => $"{write.Sequence} {write.Who} {write.Verb} {write.Event}")
        );
        Assert.Equal("one", Cluster.Record[1].Before!.Value.At("spec", "text"));
        Assert.Equal("two", Cluster.Record[1].After.At("spec", "text"));
        Assert.Equal(_scene.Start + TimeSpan.FromMilliseconds(1), Cluster.Record[1].At);
    }

    [Fact]
    public void Applies_again_without_losing_status_finalizers_and_owner()
    {
        _scene.Apply("a");
        Cluster.Edit(Talks.Kind, ClusterScene.Key("a"), talk => talk["status"] = "done", "status");
        Cluster.Edit(
            Talks.Kind,
            ClusterScene.Key("a"),
            talk => talk["metadata"]!["finalizers"] = new JsonArray("example.com/hold")
        );
        var applied = _scene.Apply("a", "two");
        Assert.Equal("done", applied.GetProperty("status").GetString());
        Assert.NotNull(applied.Meta("finalizers"));
        Assert.Equal("two", applied.At("spec", "text"));
        Assert.Equal("2", applied.Meta("generation"));
    }

    [Fact]
    public void Plants_an_object_that_admission_would_refuse()
    {
        Cluster.Register(new KindRules(Talks.Kind) { HasStatus = true, Admission = (_, _) => "no" });
        Assert.Equal(422, Assert.Throws<ClusterException>(() => _scene.Apply("a")).Status);
        var body = JsonNode.Parse(ClusterScene.Talk("a").GetRawText())!.AsObject();
        body["status"] = 7;
        var planted = Cluster.Plant(body);
        Assert.Equal(7, planted.GetProperty("status").GetInt32());
        Assert.Equal("1", planted.Meta("generation"));
        Assert.Equal(planted.Meta("uid"), Cluster.Plant(body).Meta("uid"));
    }

    [Fact]
    public void Lists_all_by_namespace_and_name_and_says_whether_it_removed_one()
    {
        _scene.Apply("b");
        _scene.Apply("a");
        Assert.Equal(["a", "b"], Cluster.All(Talks.Kind).Select(talk => talk.Name()));
        Assert.True(Cluster.Remove(Talks.Kind, ClusterScene.Key("a")));
        Assert.False(Cluster.Remove(Talks.Kind, ClusterScene.Key("a")));
    }

    [Fact]
    public void Leaves_owned_objects_alone_unless_told_otherwise()
    {
        OwnedBy(_scene.Apply("owner").Meta("uid")!);
        Cluster.Remove(Talks.Kind, ClusterScene.Key("owner"));
        _scene.Pass(TimeSpan.FromDays(1));
        Assert.NotNull(_scene.Get("owned"));
    }

    [Fact]
    public void Collects_owned_objects_some_time_after_their_last_owner()
    {
        Cluster.OwnedObjectsOutliveOwner = TimeSpan.FromSeconds(10);
        OwnedBy(_scene.Apply("owner").Meta("uid")!, _scene.Apply("other").Meta("uid")!);
        Cluster.Remove(Talks.Kind, ClusterScene.Key("owner"));
        _scene.Pass(TimeSpan.FromMinutes(1));
        Assert.NotNull(_scene.Get("owned"));
        Cluster.Remove(Talks.Kind, ClusterScene.Key("other"));
        _scene.Pass(TimeSpan.FromSeconds(9));
        Assert.NotNull(_scene.Get("owned"));
        _scene.Pass(TimeSpan.FromSeconds(1));
        Assert.Null(_scene.Get("owned"));
        Assert.Equal("garbage-collector", Cluster.Record[^1].Who);
    }

    [Fact]
    public void Refuses_a_body_without_metadata()
    {
        Assert.Equal(400, Assert.Throws<ClusterException>(() => Cluster.Apply(Bare())).Status);

        static JsonObject Bare() =>
            new()
            {
                ["apiVersion"] = Talks.Kind.ApiVersion,
                ["kind"] = Talks.Kind.Kind,
                ["metadata"] = 5,
            };
    }

    private void OwnedBy(params string[] owners)
    {
        var body = JsonNode.Parse(ClusterScene.Talk("owned").GetRawText())!.AsObject();
        body["metadata"]!["ownerReferences"] = new JsonArray([
            .. owners.Select(uid => new JsonObject { ["uid"] = uid }),
        ]);
        Cluster.Apply(body);
    }
}
