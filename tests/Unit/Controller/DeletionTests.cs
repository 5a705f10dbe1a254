using System.Text.Json.Nodes;
using EdgeRelease.Api;
using EdgeRelease.Controller;
using EdgeRelease.Kubernetes;
using EdgeRelease.Simulation;
using Xunit;

namespace EdgeRelease.Tests.Unit.Controller;

/// <summary>How a deleted release goes whatever stands in its way (F087, I20).</summary>
public sealed class DeletionTests : IDisposable
{
    private const string Restored = "'rolloutPercentage': 100, 'policy': {'onDelete': 'Restore'}";

    private readonly Bench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Fact]
    public void Goes_and_names_what_is_left_when_its_spec_cannot_be_read()
    {
        Complete();
        _bench.EditSpec(spec => spec["limits"] = new JsonObject { ["maxUnavailable"] = 99_999_999_999 });
        _bench.Run(TimeSpan.FromMinutes(5));
        _bench.Delete();
        _bench.Until(() => _bench.IsGone);
        AssertIncomplete("the spec cannot be read", _bench.Application.Devices[0].Id);
    }

    [Theory]
    [InlineData("AAAA")]
    [InlineData("H4sIAAAAAAACA6tWSlGyMqwFAN8j+54HAAAA")]
    [InlineData("no base64")]
    public void Goes_and_says_so_when_its_ledger_cannot_be_read(string ledger)
    {
        Complete();
        EditLedger(_ => ledger);
        _bench.Kill();
        _bench.Start();
        _bench.Until(Phase.Blocked);
        _bench.Delete();
        _bench.Until(() => _bench.IsGone);
        AssertIncomplete("line-monitor-r1-0", "which devices were left as they are is not known");
    }

    [Fact]
    public void Names_the_shard_that_cannot_be_read_and_goes_on_when_it_can()
    {
        Complete();
        var good = _bench.Shards.Single().Ledger;
        EditLedger(_ => "AAAA");
        _bench.Kill();
        _bench.Start();
        _bench.Until(Phase.Blocked);
        Assert.Contains("line-monitor-r1-0", _bench.Status.Message, StringComparison.Ordinal);
        Assert.Contains(_bench.Status.Conditions, each => each.Reason == Reasons.LedgerUnreadable);
        Assert.Contains(_bench.Events, each => each.StartsWith("LedgerUnreadable: ", StringComparison.Ordinal));
        EditLedger(_ => good);
        _bench.Until(Phase.Complete);
        Assert.Equal(4, _bench.Rows.Count);
    }

    [Fact]
    public void Does_not_say_that_nothing_is_left_when_its_ledger_is_gone()
    {
        Complete();
        _bench.Kill();
        _bench.Cluster.Remove(Kinds.Revision, new ResourceKey(Bench.Namespace, "line-monitor-r1-0"));
        _bench.Cluster.Remove(ResourceKind.Secret, new ResourceKey(Bench.Namespace, "losant"));
        _bench.Start();
        _bench.Delete();
        _bench.Until(() => _bench.IsGone);
        AssertIncomplete("is not known", "EdgeReleaseRevisions are gone");
    }

    [Fact]
    public void Says_that_it_is_not_known_who_is_left_when_a_part_of_its_ledger_is_gone()
    {
        Complete();
        _bench.EditSpec(spec => spec["version"] = "v3");
        _bench.Until(Phase.Complete);
        _bench.Kill();
        _bench.Cluster.Remove(Kinds.Revision, new ResourceKey(Bench.Namespace, "line-monitor-r2-0"));
        _bench.Cluster.Remove(ResourceKind.Secret, new ResourceKey(Bench.Namespace, "losant"));
        _bench.Start();
        _bench.Delete();
        _bench.Until(() => _bench.IsGone);
        AssertIncomplete("is not known", "EdgeReleaseRevisions are gone");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Goes_at_once_when_its_application_is_gone_and_one_of_another_application_is_left(bool isDefault)
    {
        var other = _bench.Losant.AddApplication("other");
        _bench.Add(4);
        _bench.Apply("{'version': 'v2', " + Restored + "}");
        _bench.EditSpec(spec => spec.Remove("application"));
        _bench.Start();
        _bench.Until(Phase.Complete);
        foreach (var name in isDefault ? ["plant-b", "plant-c"] : new[] { "plant-b" })
        {
            _bench.Connect(name, other.Id);
        }

        MakeDefault("plant-b");
        _bench.Cluster.Remove(Kinds.Application, new ResourceKey(Bench.Namespace, "plant-a"));
        _bench.Delete();
        _bench.Run(TimeSpan.FromMinutes(2));
        Assert.True(_bench.IsGone);
        AssertIncomplete("no LosantApplication plant-a", _bench.Application.Devices[0].Id);
    }

    [Fact]
    public void Restores_by_another_LosantApplication_of_the_same_application()
    {
        _bench.Add(4);
        _bench.Apply("{'version': 'v2', " + Restored + "}");
        _bench.EditSpec(spec => spec.Remove("application"));
        _bench.Start();
        _bench.Until(Phase.Complete);
        _bench.Connect("plant-b", _bench.Application.Id);
        _bench.Cluster.Remove(Kinds.Application, new ResourceKey(Bench.Namespace, "plant-a"));
        _bench.Delete();
        _bench.Until(() => _bench.IsGone);
        Assert.Equal(4, _bench.Desired("v1"));
    }

    [Fact]
    public void Logs_what_is_left_where_Events_are_refused()
    {
        Complete();
        _bench.Cluster.Remove(ResourceKind.Secret, new ResourceKey(Bench.Namespace, "losant"));
        _bench.Cluster.Fault = call =>
            call.Kind == ResourceKind.Event ? new ClusterFault(ClusterFaultKind.InternalError) : null;
        _bench.Delete();
        _bench.Until(() => _bench.IsGone);
        var device = _bench.Application.Devices[0].Id;
        Assert.Contains(
            _bench.Log.Lines,
            line =>
                line.StartsWith("left: ", StringComparison.Ordinal) && line.Contains(device, StringComparison.Ordinal)
        );
    }

    [Fact]
    public void Names_the_armed_devices_that_a_kept_release_leaves()
    {
        _bench.Add(2);
        _bench.Application.Devices[1].Disconnect();
        _bench.Apply(
            "{'version': 'v2', 'rolloutPercentage': 100, 'health': {'confirm': '30s', 'settleTimeout': '3m', 'offline': 'Arm'}}"
        );
        _bench.Start();
        _bench.Until(() => _bench.Desired("v2") == 2);
        _bench.Run(TimeSpan.FromMinutes(10));
        _bench.Delete();
        _bench.Run(TimeSpan.FromSeconds(10));
        Assert.Null(_bench.Release);
        var told = Assert.Single(_bench.Events, each => each.StartsWith("ArmedDevicesLeft", StringComparison.Ordinal));
        Assert.Contains(_bench.Application.Devices[1].Id, told, StringComparison.Ordinal);
        Assert.DoesNotContain(_bench.Application.Devices[0].Id, told, StringComparison.Ordinal);
    }

    [Fact]
    public void Goes_though_no_process_lives_as_long_as_the_deadline()
    {
        Complete();
        _bench.Losant.Faults.Add(new FaultRule(FaultKind.ConnectionRefused));
        _bench.Delete();
        for (var life = 0; life < 3; life++)
        {
            _bench.Run(TimeSpan.FromMinutes(50));
            _bench.Kill();
            _bench.Start();
        }

        Assert.Null(_bench.Release);
    }

    [Fact]
    public void Stays_until_the_deadline_though_the_clock_is_an_hour_ahead()
    {
        Complete();
        _bench.Losant.Faults.Add(new FaultRule(FaultKind.ConnectionRefused));
        _bench.Kill();
        _bench.Start().WallClockOffset = TimeSpan.FromHours(1);
        _bench.Delete();
        _bench.Run(TimeSpan.FromMinutes(55));
        Assert.NotNull(_bench.Release);
    }

    [Fact]
    public void Goes_at_the_deadline_and_not_at_the_next_idle_poll()
    {
        _bench.Add(4);
        _bench.Apply(
            "{'version': 'v2', 'rolloutPercentage': 100, 'policy': {'onDelete': 'Restore', 'deleteDeadline': '5m'}}"
        );
        _bench.Start();
        _bench.Until(Phase.Complete);
        _bench.Cluster.Edit(
            Kinds.Application,
            new ResourceKey(Bench.Namespace, "plant-a"),
            root => root["spec"]!["api"]!["pollIdle"] = "1h"
        );
        _bench.GiveToken("another");
        _bench.Delete();
        _bench.Run(TimeSpan.FromMinutes(6));
        Assert.Null(_bench.Release);
        AssertIncomplete("left as they are");
    }

    private void Complete()
    {
        _bench.Add(4);
        _bench.Apply("{'version': 'v2', " + Restored + "}");
        _bench.Start();
        _bench.Until(Phase.Complete);
    }

    private void MakeDefault(string application) =>
        _bench.Cluster.Edit(
            Kinds.Application,
            new ResourceKey(Bench.Namespace, application),
            root => root["metadata"]!["annotations"] = new JsonObject { [Annotations.DefaultApplication] = "true" }
        );

    private void EditLedger(Func<string?, string?> edit) =>
        _bench.Cluster.Edit(
            Kinds.Revision,
            new ResourceKey(Bench.Namespace, "line-monitor-r1-0"),
            root => root["ledger"] = edit(root["ledger"]?.GetValue<string>())
        );

    private void AssertIncomplete(params string[] words)
    {
        var told = Assert.Single(
            _bench.Events,
            each => each.StartsWith("DeletionIncomplete", StringComparison.Ordinal)
        );
        Assert.All(words, word => Assert.Contains(word, told, StringComparison.Ordinal));
    }
}
