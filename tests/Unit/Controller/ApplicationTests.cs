using System.Text.Json.Nodes;
using EdgeRelease.Api;
using EdgeRelease.Controller;
using EdgeRelease.Kubernetes;
using EdgeRelease.Simulation;
using Xunit;

namespace EdgeRelease.Tests.Unit.Controller;

/// <summary>Releases of an application, and what is concluded when something of it is missing or ambiguous.</summary>
public sealed class ApplicationTests
{
    [Fact]
    public void Doubts_an_empty_first_view_when_the_ledger_holds_devices()
    {
        using var bench = new Bench();
        bench.Add(4);
        bench.Apply("{'version': 'v2', 'rolloutPercentage': 100}");
        bench.Start();
        bench.Until(Phase.Complete);
        bench.Kill();
        bench.Cluster.Edit(
            Kinds.Application,
            Bench.ApplicationKey,
            root => root["status"] = new JsonObject { ["observedGeneration"] = -1 },
            "status"
        );
        foreach (var device in bench.Application.Devices)
        {
            device.Remove();
        }

        bench.Annotate(Annotations.Abort, "r1");
        bench.Start();
        bench.Run(TimeSpan.FromMinutes(2));

        Assert.Equal(Phase.RollingBack, bench.Status.Phase);
        Assert.Null(bench.Status.Result);
    }

    [Fact]
    public void Writes_nothing_while_two_settled_releases_hold_two_flows()
    {
        using var bench = new Bench();
        bench.Add(4);
        var other = bench.Application.AddFlow(new FlowSetup("other"));
        other.AddVersion("w1");
        bench.Apply("{'version': 'v1', 'rolloutPercentage': 100}");
        ApplyOther(bench, "other", "w1", 50);
        bench.Start();
        bench.Until(Phase.Complete);
        bench.Run(TimeSpan.FromMinutes(10));
        var before = bench.Cluster.Record.Count;

        bench.Run(TimeSpan.FromMinutes(30));

        Assert.Equal(before, bench.Cluster.Record.Count);
        Assert.Equal(6, bench.ApplicationStatus().Observation?.Deployments);
    }

    [Fact]
    public void Restores_at_deletion_although_a_second_application_made_the_choice_ambiguous()
    {
        using var bench = new Bench();
        bench.Add(2);
        bench.Apply("{'version': 'v2', 'rolloutPercentage': 100, 'policy': {'onDelete': 'Restore'}}");
        bench.EditSpec(spec => spec.Remove("application"));
        bench.Start();
        bench.Until(Phase.Complete);
        var second = JsonNode
            .Parse(bench.Cluster.Get(Kinds.Application, Bench.ApplicationKey)!.Value.GetRawText())!
            .AsObject();
        second["metadata"] = new JsonObject { ["name"] = "plant-b", ["namespace"] = Bench.Namespace };
        second["spec"]!["applicationId"] = "575ec8687ae143cd83dc4a97";
        second.Remove("status");
        bench.Cluster.Apply(second);

        bench.Delete();
        bench.Until(() => bench.Release is null);

        Assert.Equal(2, bench.Desired("v1"));
    }

    [Fact]
    public void Restores_at_deletion_although_the_Secret_lacked_its_key_for_a_moment()
    {
        using var bench = new Bench();
        bench.Add(2);
        bench.Apply("{'version': 'v2', 'rolloutPercentage': 100, 'policy': {'onDelete': 'Restore'}}");
        bench.Start();
        bench.Until(Phase.Complete);
        JsonNode? data = null;
        EditSecret(bench, secret => (data, secret["data"]) = (secret["data"]!.DeepClone(), new JsonObject()));

        bench.Delete();
        bench.Run(TimeSpan.FromSeconds(30));
        EditSecret(bench, secret => secret["data"] = data);
        bench.Until(() => bench.Release is null);

        Assert.Equal(2, bench.Desired("v1"));
    }

    [Fact]
    public void Lets_the_older_of_two_releases_have_the_devices_however_they_name_the_flow()
    {
        using var bench = new Bench();
        bench.Add(6);
        bench.Apply("{'version': 'v2', 'rolloutPercentage': 100}");
        bench.Run(TimeSpan.FromSeconds(2));
        ApplyOther(bench, bench.Flow.Id, "v3", 100);
        bench.Start();

        bench.Until(Phase.Complete);
        bench.Run(TimeSpan.FromMinutes(5));

        Assert.Equal(6, bench.Desired("v2"));
        Assert.DoesNotContain(bench.Posts, post => post.Body!.Contains("v3", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("https://h.example", "https://h.example/", true)]
    [InlineData("https://h.example", "https://H.example:443", true)]
    [InlineData("https://h.example", "https://h.example:8443", false)]
    [InlineData("https://h.example", "https://other.example", false)]
    public void Knows_one_application_by_host_port_and_id(string one, string other, bool isSame)
    {
        var spec = new LosantApplicationSpec { ApiUrl = one, ApplicationId = "575ec8687ae143cd83dc4a97" };
        var same = new LosantApplicationSpec { ApiUrl = other, ApplicationId = "575EC8687AE143CD83DC4A97" };

        Assert.Equal(isSame, Accounts.IsSame(spec, same));
        Assert.False(Accounts.IsSame(spec, spec with { ApplicationId = "575ec8687ae143cd83dc4a98" }));
    }

    [Fact]
    public void Says_that_a_name_leaves_no_room_for_those_of_its_revisions()
    {
        using var bench = new Bench();
        bench.Add(1);
        var name = new string('a', 250);
        ApplyOther(bench, "line-monitor", "v2", 100, name);
        bench.Start();

        bench.Run(TimeSpan.FromMinutes(1));

        var json = bench.Cluster.Get(Kinds.Release, new ResourceKey(Bench.Namespace, name))!.Value;
        Assert.Equal(Phase.Blocked, ReleaseObject.Of(json).Status!.Phase);
        Assert.Contains("at most 240", ReleaseObject.Of(json).Status!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Answers_a_wish_for_a_reconcile_once_it_was_planned()
    {
        using var bench = new Bench();
        bench.Add(1);
        bench.Apply("{'version': 'v2', 'rolloutPercentage': 100}");
        bench.Start();
        bench.Until(Phase.Complete);

        bench.Annotate(Annotations.ReconcileRequestedAt, "2026-01-01T00:10:00Z");
        bench.Run(TimeSpan.FromSeconds(5));

        Assert.Equal("2026-01-01T00:10:00Z", bench.Status.LastHandled?.ReconcileAt);
    }

    [Fact]
    public void Tells_twenty_devices_with_one_kind_of_error_in_one_Event()
    {
        using var bench = new Bench();
        bench.Add(20);
        foreach (var (index, device) in bench.Application.Devices.Index())
        {
            device.SetOutcome("v2", EdgeRelease.Simulation.Outcome.Fails($"port in use by pid {10_000 + index}"));
        }

        bench.Apply(
            "{'version': 'v2', 'rolloutPercentage': 100, 'failurePolicy': {'maxFailures': 100}, 'limits': {'maxUnavailable': '100%'}}"
        );
        bench.Start();
        bench.Until(() => bench.Status.Devices?.Failed > 0);
        bench.Run(TimeSpan.FromMinutes(10));

        Assert.Single(bench.Events, said => said.StartsWith("DeviceFailed", StringComparison.Ordinal));
    }

    private static void EditSecret(Bench bench, Action<JsonObject> edit) =>
        bench.Cluster.Edit(ResourceKind.Secret, new ResourceKey(Bench.Namespace, "losant"), edit);

    private static void ApplyOther(Bench bench, string flow, string version, int percentage, string name = "other") =>
        bench.Cluster.Apply(
            new JsonObject
            {
                ["apiVersion"] = ApiGroup.ApiVersion,
                ["kind"] = Kinds.Release.Kind,
                ["metadata"] = new JsonObject { ["name"] = name, ["namespace"] = Bench.Namespace },
                ["spec"] = new JsonObject
                {
                    ["application"] = "plant-a",
                    ["flow"] = flow,
                    ["version"] = version,
                    ["rolloutPercentage"] = percentage,
                    ["deviceTags"] = new JsonObject { ["line"] = "a" },
                },
            }
        );
}
