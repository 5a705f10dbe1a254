using System.Text.Json.Nodes;
using EdgeRelease.Api;
using EdgeRelease.Controller;
using EdgeRelease.Kubernetes;
using EdgeRelease.Simulation;
using Xunit;

namespace EdgeRelease.Tests.Unit.Controller;

/// <summary>Rule 28 on the servers: over all releases that the operator watches.</summary>
public sealed class ClaimTests : IDisposable
{
    private const string Elsewhere = "plant-b";

    private readonly Bench _bench = new();

    public ClaimTests()
    {
        _bench.Add(3);
        _bench.Start();
        _bench.Apply("{'version': 'v2', 'rolloutPercentage': 100}");
        _bench.Until(Phase.Complete);
    }

    public void Dispose() => _bench.Dispose();

    [Theory]
    [InlineData(Bench.Namespace)]
    [InlineData(Elsewhere)]
    public void A_release_of_higher_priority_takes_over_in_any_namespace_and_both_say_so(string ns)
    {
        Create(ns, priority: 1);
        _bench.Until(() => _bench.Desired("v3") == 3);
        _bench.Run(TimeSpan.FromMinutes(2));

        Assert.Equal(3, _bench.Status.Devices!.Conflicted);
        Assert.Equal((Reasons.OwnedByAnother, $"3 belong to {ns}/other"), Conflicted(Bench.Key));
        Assert.Equal(Reasons.ClaimedByAnother, Conflicted(new ResourceKey(ns, "other")).Reason);
        Assert.All(
            _bench.Rows.Where(row => row.Closed is not null),
            row => Assert.Equal($"takenBy {ns}/other", row.Closed)
        );
        Assert.Equal(3, _bench.Rows.Count(row => row.Closed is null && row.Previous == "v2"));
    }

    [Fact]
    public void Of_equal_priority_the_older_release_keeps_its_devices()
    {
        Create(Elsewhere, priority: 0);
        _bench.Run(TimeSpan.FromHours(1));

        Assert.Equal(3, _bench.Desired("v2"));
        Assert.Equal(Reasons.ClaimedByAnother, Conflicted(Bench.Key).Reason);
        Assert.Equal(Phase.Waiting, Other(Elsewhere).Phase);
    }

    [Fact]
    public void A_lowered_priority_hands_the_devices_over()
    {
        Create(Elsewhere, priority: 0);
        _bench.Run(TimeSpan.FromMinutes(5));
        _bench.EditSpec(spec => spec["policy"] = new JsonObject { ["priority"] = -1 });

        _bench.Until(() => _bench.Desired("v3") == 3);
        _bench.Until(() => _bench.Status.Devices!.Conflicted == 3);
    }

    private EdgeReleaseStatus Other(string ns) =>
        ReleaseObject.Of(_bench.Cluster.Get(Kinds.Release, new ResourceKey(ns, "other"))!.Value).Status!;

    private (string Reason, string Message) Conflicted(ResourceKey key)
    {
        var status = ReleaseObject.Of(_bench.Cluster.Get(Kinds.Release, key)!.Value).Status!;
        var condition = status.Conditions.Single(each => each.Type == ConditionTypes.Conflicted);
        return (condition.Reason, condition.Message);
    }

    /// <summary>A release of v3 of the same devices, with an application of its own that means the same one.</summary>
    private void Create(string ns, int priority)
    {
        if (ns != Bench.Namespace)
        {
            Copy(ResourceKind.Secret, "losant", ns);
            Copy(Kinds.Application, "plant-a", ns);
        }

        var spec = _bench.Cluster.Get(Kinds.Release, Bench.Key)!.Value.GetProperty("spec");
        var json = JsonNode.Parse(spec.GetRawText())!.AsObject();
        json["version"] = "v3";
        json["policy"] = new JsonObject { ["priority"] = priority };
        Apply(Kinds.Release, "other", ns, ("spec", json));
    }

    private void Copy(ResourceKind kind, string name, string ns)
    {
        var member = kind == ResourceKind.Secret ? "data" : "spec";
        var stored = _bench.Cluster.Get(kind, new ResourceKey(Bench.Namespace, name))!.Value.GetProperty(member);
        Apply(kind, name, ns, (member, JsonNode.Parse(stored.GetRawText())!));
    }

    private void Apply(ResourceKind kind, string name, string ns, (string Name, JsonNode Value) member) =>
        _bench.Cluster.Apply(
            new JsonObject
            {
                ["apiVersion"] = kind.ApiVersion,
                ["kind"] = kind.Kind,
                ["metadata"] = new JsonObject { ["name"] = name, ["namespace"] = ns },
                [member.Name] = member.Value,
            }
        );
}
