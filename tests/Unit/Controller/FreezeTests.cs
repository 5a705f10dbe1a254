using System.Text.Json.Nodes;
using EdgeRelease.Api;
using EdgeRelease.Controller;
using EdgeRelease.Host;
using EdgeRelease.Kubernetes;
using EdgeRelease.Simulation;
using Xunit;

namespace EdgeRelease.Tests.Unit.Controller;

/// <summary>A freeze of the LosantApplication, on both simulated servers.</summary>
public sealed class FreezeTests : IDisposable
{
    private static readonly ResourceKey Key = new(Bench.Namespace, "plant-a");

    private readonly Bench _bench = new();

    public void Dispose() => _bench.Dispose();

    private void Freeze(string? scope, string reason = "inventory week") =>
        _bench.Cluster.Edit(
            Kinds.Application,
            Key,
            root =>
            {
                root["spec"]!.AsObject().Remove("frozen");
                if (scope is not null)
                {
                    root["spec"]!["frozen"] = new JsonObject { ["scope"] = scope, ["reason"] = reason };
                }
            }
        );

    private void FreezeAfterTheNextScan(string scope) => AfterTheNextScan(() => Freeze(scope));

    /// <summary>Does it as soon as the operator has read the devices for a plan.</summary>
    private void AfterTheNextScan(Action what)
    {
        var isDone = false;
        _bench.Losant.Record.Subscribe(entry =>
        {
            if (
                !isDone
                && entry is RequestRecord { Method: "GET" } read
                && read.Path.EndsWith("/edge/deployments", StringComparison.Ordinal)
            )
            {
                isDone = true;
                what();
            }
        });
    }

    [Fact]
    public void Sends_nothing_forward_when_it_was_frozen_after_the_fleet_was_read()
    {
        _bench.Add(4);
        _bench.Start();
        _bench.Run(TimeSpan.FromSeconds(10));
        FreezeAfterTheNextScan("Forward");
        _bench.Apply("{'version': 'v2', 'rolloutPercentage': 100}");

        _bench.Until(Phase.Waiting);

        Assert.Empty(_bench.Posts);
        Assert.Contains("frozen (inventory week)", _bench.Status.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Sends_nothing_back_when_everything_was_frozen_after_the_fleet_was_read()
    {
        _bench.Add(4);
        _bench.Apply("{'version': 'v2', 'rolloutPercentage': 100, 'limits': {'maxUnavailable': '100%'}}");
        _bench.Start();
        _bench.Until(Phase.Complete);
        var before = _bench.Posts.Count;
        // Longer than a poll serves several passes.
        _bench.Run(TimeSpan.FromSeconds(10));
        FreezeAfterTheNextScan("Everything");
        _bench.Annotate(Annotations.Abort, "r1");

        _bench.Run(TimeSpan.FromMinutes(10));

        Assert.Equal(before, _bench.Posts.Count);
        Assert.Equal(Phase.RollingBack, _bench.Status.Phase);
        Freeze(null);
        _bench.Until(Phase.RolledBack);
    }

    [Fact]
    public void Sends_back_in_a_freeze_of_the_way_forward_that_came_after_the_fleet_was_read()
    {
        _bench.Add(4);
        _bench.Apply("{'version': 'v2', 'rolloutPercentage': 100, 'limits': {'maxUnavailable': '100%'}}");
        _bench.Start();
        _bench.Until(Phase.Complete);
        FreezeAfterTheNextScan("Forward");
        _bench.Annotate(Annotations.Abort, "r1");

        _bench.Until(Phase.RolledBack);
    }

    [Fact]
    public void Takes_nothing_back_for_a_deletion_in_a_freeze_that_came_after_the_fleet_was_read()
    {
        _bench.Add(4);
        _bench.Apply(
            "{'version': 'v2', 'rolloutPercentage': 100, 'limits': {'maxUnavailable': '100%'}, 'policy': {'onDelete': 'Restore'}}"
        );
        _bench.Start();
        _bench.Until(Phase.Complete);
        var before = _bench.Posts.Count;
        // Longer than a poll serves several passes.
        _bench.Run(TimeSpan.FromSeconds(10));
        FreezeAfterTheNextScan("Forward");
        _bench.Delete();

        _bench.Run(TimeSpan.FromMinutes(10));

        Assert.Equal(before, _bench.Posts.Count);
        Freeze(null);
        _bench.Run(TimeSpan.FromMinutes(10));
        Assert.True(_bench.Posts.Count > before);
    }

    [Fact]
    public void Sends_nothing_back_for_an_application_that_went_after_the_fleet_was_read()
    {
        _bench.Add(4);
        _bench.Apply("{'version': 'v2', 'rolloutPercentage': 100, 'limits': {'maxUnavailable': '100%'}}");
        _bench.Start();
        _bench.Until(Phase.Complete);
        var before = _bench.Posts.Count;
        _bench.Run(TimeSpan.FromSeconds(10));
        AfterTheNextScan(() => _bench.Cluster.Remove(Kinds.Application, Key));
        _bench.Annotate(Annotations.Abort, "r1");

        _bench.Run(TimeSpan.FromMinutes(10));

        Assert.Equal(before, _bench.Posts.Count);
        Assert.Equal(Phase.Blocked, _bench.Status.Phase);
    }

    [Fact]
    public void Tells_each_freeze_and_its_end_once()
    {
        _bench.Add(1);
        _bench.Start();
        Freeze("Everything");
        _bench.Run(TimeSpan.FromMinutes(10));
        Freeze(null);
        _bench.Run(TimeSpan.FromMinutes(10));

        Assert.Equal(
            ["Frozen: Everything is frozen: inventory week", "Thawed: releases go on"],
            _bench.Events.Where(told =>
                told.StartsWith("Frozen", StringComparison.Ordinal)
                || told.StartsWith("Thawed", StringComparison.Ordinal)
            )
        );
    }

    [Fact]
    public void Tells_the_end_of_a_freeze_that_is_lifted_as_soon_as_it_is_told()
    {
        _bench.Add(1);
        _bench.Start();
        _bench.Run(TimeSpan.FromMinutes(1));
        var (isTold, isLifted, others) = (false, false, _bench.Cluster.Fault);
        _bench.Cluster.Fault = call =>
        {
            if (isTold && !isLifted)
            {
                isLifted = true;
                Freeze(null);
            }

            isTold |= call.IsWrite && call.Kind == ResourceKind.Event;
            return others(call);
        };
        Freeze("Forward");

        _bench.Run(TimeSpan.FromMinutes(10));

        Assert.Equal(
            ["Frozen: Forward is frozen: inventory week", "Thawed: releases go on"],
            _bench.Events.Where(told =>
                told.Contains("rozen:", StringComparison.Ordinal) || told.StartsWith("Thawed", StringComparison.Ordinal)
            )
        );
    }

    [Fact]
    public void Shows_the_freeze_and_why_in_a_scrape()
    {
        const string Why = "only in the test of the scrape";
        using var exporter = new PrometheusText();
        using var provider = Endpoints.Collected(exporter);
        _bench.Add(1);
        _bench.Start();
        Freeze("Forward", Why);
        _bench.Run(TimeSpan.FromMinutes(1));

        var line = exporter.Scrape().Split('\n').Single(line => line.Contains(Why, StringComparison.Ordinal));
        Assert.StartsWith("losant_application_frozen{", line, StringComparison.Ordinal);
        Assert.Contains("name=\"plant-a\"", line, StringComparison.Ordinal);
        Assert.EndsWith(" 1", line.Split(" # ")[0].TrimEnd(), StringComparison.Ordinal);

        Freeze(null);
        _bench.Run(TimeSpan.FromMinutes(1));

        Assert.DoesNotContain(Why, exporter.Scrape(), StringComparison.Ordinal);
    }
}
