using System.Text.Json;
using System.Text.Json.Nodes;
using EdgeRelease.Kubernetes;
using EdgeRelease.Simulation;
using Xunit;

namespace EdgeRelease.Tests.Unit.Kubernetes;

public sealed class InformerTests
{
    private readonly VirtualTime time = new();
    private readonly SimulatedCluster cluster;
    private readonly List<string> told = [];
    private readonly List<Exception> faults = [];

    public InformerTests() => cluster = new SimulatedCluster(time);

    [Fact]
    public void Finds_a_lost_event_at_the_next_resync()
    {
        var informer = Started();
        Pass(TimeSpan.FromSeconds(1));
        cluster.Fault = call =>
            call.Verb == ClusterVerb.WatchEvent ? new ClusterFault(ClusterFaultKind.EventLost) : null;

        cluster.Apply(ConfigMap("a", "1"));
        Pass(TimeSpan.FromMinutes(8));
        Assert.Empty(told);
        Pass(TimeSpan.FromMinutes(2));

        Assert.Equal(["new a=1"], told);
        Assert.True(informer.Synced);
    }

    [Fact]
    public void Tells_nothing_at_a_resync_that_finds_nothing()
    {
        cluster.Apply(ConfigMap("a", "1"));
        Started();
        Pass(TimeSpan.FromHours(2));

        Assert.Equal(["new a=1"], told);
        Assert.Empty(faults);
    }

    [Theory]
    [InlineData(ClusterFaultKind.EventDuplicated)]
    [InlineData(ClusterFaultKind.EventStale)]
    public void Ignores_events_that_come_again_or_from_the_past(ClusterFaultKind kind)
    {
        Started();
        Pass(TimeSpan.FromSeconds(1));
        cluster.Fault = call => call.Verb == ClusterVerb.WatchEvent ? new ClusterFault(kind) : null;

        cluster.Apply(ConfigMap("a", "1"));
        Pass(TimeSpan.FromSeconds(1));
        cluster.Apply(ConfigMap("a", "2"));
        Pass(TimeSpan.FromSeconds(1));
        cluster.Remove(ResourceKind.ConfigMap, Key("a"));
        Pass(TimeSpan.FromSeconds(1));

        Assert.Equal(["new a=1", "changed a=2", "gone a"], told);
    }

    [Fact]
    public void Is_synced_only_after_the_last_page()
    {
        for (var i = 0; i < 5; i++)
        {
            cluster.Apply(ConfigMap($"c{i}", "1"));
        }
        cluster.Latency = () => TimeSpan.FromSeconds(1);
        var informer = Started(pageLimit: 2);

        Pass(TimeSpan.FromSeconds(4));
        Assert.False(informer.Synced);
        Pass(TimeSpan.FromSeconds(3));

        Assert.True(informer.Synced);
        Assert.Equal(5, informer.Store.All.Count);
    }

    [Fact]
    public void Begins_the_list_anew_when_its_next_page_is_gone()
    {
        for (var i = 0; i < 5; i++)
        {
            cluster.Apply(ConfigMap($"c{i}", "1"));
        }
        var gone = 1;
        cluster.Fault = call => call.IsContinued && gone-- > 0 ? new ClusterFault(ClusterFaultKind.Gone) : null;
        var informer = Started(pageLimit: 2);
        Pass(TimeSpan.FromSeconds(5));

        Assert.True(informer.Synced);
        Assert.Equal(["new c0=1", "new c1=1", "new c2=1", "new c3=1", "new c4=1"], told);
    }

    [Fact]
    public void Lists_again_at_once_when_its_version_is_gone()
    {
        cluster.Apply(ConfigMap("a", "1"));
        Started();
        Pass(TimeSpan.FromSeconds(1));
        cluster.StopFor(TimeSpan.FromSeconds(1));
        cluster.Remove(ResourceKind.ConfigMap, Key("a"));
        cluster.Compact();

        Pass(TimeSpan.FromSeconds(10));

        Assert.Equal(["new a=1", "gone a"], told);
        Assert.Contains(faults, fault => fault is ClusterException { IsGone: true });
    }

    [Fact]
    public void Waits_at_most_30_s_between_attempts_while_the_server_is_down()
    {
        List<DateTimeOffset> attempts = [];
        cluster.StopFor(TimeSpan.FromHours(1));
        cluster.Fault = call =>
        {
            attempts.Add(time.Now);
            return null;
        };

        var informer = Started();
        Pass(TimeSpan.FromHours(1));
        Assert.False(informer.Synced);
        Pass(TimeSpan.FromSeconds(42));

        Assert.True(informer.Synced);
        var waits = attempts.Zip(attempts.Skip(1), (a, b) => b - a).ToList();
        Assert.All(waits, wait => Assert.InRange(wait, TimeSpan.Zero, TimeSpan.FromSeconds(41)));
        Assert.InRange(attempts.Count, 80, 400);
    }

    [Fact]
    public void Keeps_each_object_without_its_managed_fields()
    {
        var body = ConfigMap("a", "1");
        body["metadata"]!["managedFields"] = new JsonArray(new JsonObject { ["manager"] = "someone" });
        cluster.Plant(body);
        var informer = Started();
        Pass(TimeSpan.FromSeconds(1));

        Assert.DoesNotContain(
            "managedFields",
            informer.Store.Find(Key("a"))!.Value.GetRawText(),
            StringComparison.Ordinal
        );
    }

    private Informer Started(int pageLimit = 500)
    {
        var client = cluster.Client("operator");
        var options = new InformerOptions
        {
            Kind = ResourceKind.ConfigMap,
            PageLimit = pageLimit,
            Changed = (key, old, now) => told.Add(Told(key, old, now)),
            Faulted = (_, e) => faults.Add(e),
        };
        var informer = new Informer(client, options, client.Process, new Random(1));
        _ = informer.RunAsync(CancellationToken.None);
        return informer;
    }

    private void Pass(TimeSpan length) => time.RunUntil(time.Now + length);

    private static string Told(ResourceKey key, JsonElement? old, JsonElement? now) =>
        now is { } present
            ? $"{(old is null ? "new" : "changed")} {key.Name}={present.GetProperty("data").GetProperty("v").GetString()}"
            : $"gone {key.Name}";

    private static ResourceKey Key(string name) => new("default", name);

    private static JsonObject ConfigMap(string name, string value) =>
        new()
        {
            ["apiVersion"] = "v1",
            ["kind"] = "ConfigMap",
            ["metadata"] = new JsonObject { ["name"] = name, ["namespace"] = "default" },
            ["data"] = new JsonObject { ["v"] = value },
        };
}
