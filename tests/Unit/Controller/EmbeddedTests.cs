using System.Text.Json.Nodes;
using EdgeRelease.Api;
using EdgeRelease.Controller;
using EdgeRelease.Simulation;
using Xunit;

namespace EdgeRelease.Tests.Unit.Controller;

/// <summary>Releases of embedded flows, on both simulated servers.</summary>
public sealed class EmbeddedTests : IDisposable
{
    private const string Pump = "pump";
    private readonly Bench _bench = new();
    private readonly SimulatedFlow _pump;

    public EmbeddedTests() => _pump = Flow(Pump, "embedded");

    public void Dispose() => _bench.Dispose();

    [Fact]
    public void Releases_an_embedded_flow_to_microcontrollers_on_their_own_path()
    {
        Add(30, _pump);
        _bench.Apply("{'flow': 'pump', 'version': 'v2', 'rolloutPercentage': 100}");
        _bench.Start();

        _bench.Until(Phase.Complete);

        Assert.All(_bench.Application.Devices, device => Assert.Equal("v2", device.FindRow(_pump)!.State.Current));
        Assert.All(
            _bench.Posts,
            post => Assert.EndsWith("/embedded/deployments/release", post.Path, StringComparison.Ordinal)
        );
        Assert.Equal("embedded", _bench.Status.Version!.FlowClass);
        Assert.Equal(30, Observation.Microcontrollers);
    }

    [Fact]
    public void Reads_only_what_changed_once_nothing_is_under_way()
    {
        Add(4, _pump);
        _bench.Apply("{'flow': 'pump', 'version': 'v2', 'rolloutPercentage': 100}");
        _bench.Start();
        _bench.Until(Phase.Complete);
        _bench.Run(TimeSpan.FromMinutes(5));
        var before = _bench.Requests.Count();

        _bench.Run(TimeSpan.FromMinutes(10));

        var reads = _bench
            .Requests.Skip(before)
            .Where(request => request.Path.EndsWith("/embedded/deployments", StringComparison.Ordinal))
            .ToList();
        Assert.NotEmpty(reads);
        Assert.All(
            reads,
            read => Assert.Contains("sortField=lastUpdated&sortDirection=desc", read.Query, StringComparison.Ordinal)
        );
    }

    [Fact]
    public void Keeps_gateways_and_microcontrollers_of_one_application_apart()
    {
        Add(3, _pump);
        _bench.Add(5);
        _bench.Apply("{'version': 'v2', 'rolloutPercentage': 100}");
        _bench.Apply("{'flow': 'pump', 'version': 'v2', 'rolloutPercentage': 100}", Pump);
        _bench.Start();

        _bench.Until(() => IsComplete(Bench.Name) && IsComplete(Pump));
        _bench.Run(TimeSpan.FromMinutes(3));

        Assert.Equal(
            (5, 3),
            (
                _bench.Desired("v2"),
                _bench.Application.Devices.Count(device => device.FindRow(_pump)?.State.Current == "v2")
            )
        );
        Assert.Equal((8, 3), (Observation.Devices, Observation.Microcontrollers));
    }

    [Fact]
    public void Lets_two_flows_of_one_device_take_turns_also_when_the_operator_starts_anew()
    {
        BeginPumpAndThenValve();
        _bench.Kill();
        _bench.Start();

        _bench.Run(TimeSpan.FromSeconds(60));

        Assert.Single(_bench.Posts);
        _bench.Until(() => IsComplete(Bench.Name) && IsComplete("valve"));
        Assert.Equal(2, _bench.Posts.Count);
    }

    [Fact]
    public void Waits_for_the_device_of_a_release_that_cannot_be_read_any_more_until_it_has_been_good_for_an_hour()
    {
        BeginPumpAndThenValve();
        _bench.EditSpec(spec => spec["limits"] = new JsonObject { ["maxUnavailable"] = 99_999_999_999 });
        _bench.Kill();
        _bench.Start();

        _bench.Run(TimeSpan.FromMinutes(20));

        Assert.Equal(Reasons.BundleBusy, ReadyOf("valve"));
        Assert.Single(_bench.Posts);
        _bench.Until(() => IsComplete("valve"));
        _bench.EditSpec(spec => spec.Remove("limits"));
        _bench.Until(() => IsComplete(Bench.Name));
    }

    [Fact]
    public void Waits_for_the_device_of_a_release_whose_application_is_gone_until_it_has_been_good_long_enough()
    {
        _bench.Connect("other", _bench.Application.Id);
        BeginPumpAndThenValve(", 'application': 'other'");
        _bench.Cluster.Remove(Kinds.Application, new(Bench.Namespace, "other"));

        _bench.Run(TimeSpan.FromMinutes(3));

        Assert.Equal(Reasons.BundleBusy, ReadyOf("valve"));
        Assert.Single(_bench.Posts);
        _bench.Until(() => IsComplete("valve"));
    }

    /// <summary>One device is told by one release, and loads it two minutes later; a release of another flow waits.</summary>
    private void BeginPumpAndThenValve(string pump = "")
    {
        var valve = Flow("valve", "embedded");
        Add(1, _pump, valve);
        _bench.Application.Devices[0].Behaviour = _bench.Application.Devices[0].Behaviour with
        {
            ApplyLatency = new Spread(TimeSpan.FromMinutes(2), TimeSpan.FromMinutes(2)),
        };
        _bench.Apply($"{{'flow': 'pump', 'version': 'v2', 'rolloutPercentage': 100{pump}}}");
        _bench.Start();
        _bench.Until(() => _bench.Posts.Count == 1);
        _bench.Apply("{'flow': 'valve', 'version': 'v2', 'rolloutPercentage': 100, 'application': 'plant-a'}", "valve");
        _bench.Run(TimeSpan.FromSeconds(30));
        Assert.Equal(Reasons.BundleBusy, ReadyOf("valve"));
    }

    [Fact]
    public void Refuses_a_custom_node_and_says_why()
    {
        var node = Flow("parser", "customNode");
        _bench.Add(1);
        _bench.Apply($"{{'flow': '{node.Id}', 'version': 'v2', 'rolloutPercentage': 100}}");
        _bench.Start();

        _bench.Until(Phase.Blocked);

        Assert.Equal(Reasons.FlowClassUnsupported, ReadyOf(Bench.Name));
        Assert.Contains("parser is a custom node", _bench.Status.Message, StringComparison.Ordinal);
        Assert.Empty(_bench.Posts);
    }

    [Fact]
    public void Exports_the_bundle_of_the_first_device_of_a_revision_once()
    {
        Add(3, _pump);
        _bench.Apply(Exporting);
        _bench.Start();

        _bench.Until(Phase.Complete);
        _bench.Run(TimeSpan.FromMinutes(20));

        var job = Assert.Single(_bench.Application.Exports.Jobs);
        Assert.Equal("https://bench.example/hook", job.CallbackUrl);
        Assert.Equal(
            (ExportState.Queued, job.Id, job.Device, job.Bundle),
            (
                _bench.Status.Export!.State,
                _bench.Status.Export.JobId,
                _bench.Status.Export.Device,
                _bench.Status.Export.Bundle
            )
        );
        Assert.Contains(_bench.Events, told => told.StartsWith("BundleExported", StringComparison.Ordinal));
    }

    [Fact]
    public void Asks_for_no_bundle_that_somebody_else_has_changed_since_it_was_observed()
    {
        Add(1, _pump);
        var (isChanged, reads) = (false, 0);
        _bench.Losant.Record.Subscribe(entry =>
        {
            if (entry is not RequestRecord { Method: "GET" } request || _bench.Posts.Count == 0)
            {
                return;
            }

            var isList = request.Path.EndsWith("/embedded/deployments", StringComparison.Ordinal);
            reads += !isList && request.Path.Contains("/embedded/deployments/", StringComparison.Ordinal) ? 1 : 0;
            if (isList && !isChanged)
            {
                isChanged = true;
                _bench.Time.Schedule(
                    TimeSpan.Zero,
                    () => _bench.Application.ForeignWrite(_bench.Application.Devices[0], _pump, "v1")
                );
            }
        });
        _bench.Apply(Exporting);
        _bench.Start();

        _bench.Run(TimeSpan.FromMinutes(20));

        Assert.Equal((true, 1), (isChanged, reads));
        Assert.Empty(_bench.Application.Exports.Jobs);
    }

    [Fact]
    public void Says_that_its_token_may_not_read_the_bundle_that_it_should_export()
    {
        Add(1, _pump);
        _bench.Application.AddToken(new TokenSetup("narrow") { Scopes = [.. Documented] });
        _bench.GiveToken("narrow");
        _bench.Apply(Exporting);
        _bench.Start();

        _bench.Until(Phase.Complete);

        Assert.Equal(ExportState.Refused, _bench.Status.Export!.State);
        Assert.Contains("cannot read embedded deployment", _bench.Status.Export.Error, StringComparison.Ordinal);
        Assert.Empty(_bench.Application.Exports.Jobs);
    }

    [Fact]
    public void Never_asks_again_for_a_bundle_when_the_answer_was_lost()
    {
        Add(3, _pump);
        _bench.Losant.Faults.Add(
            new FaultRule(FaultKind.ResetAfter) { Route = "embeddedDeployments.export", Count = 1 }
        );
        _bench.Apply(Exporting);
        _bench.Start();

        _bench.Until(Phase.Complete);
        _bench.Run(TimeSpan.FromMinutes(20));

        Assert.Single(_bench.Application.Exports.Jobs);
        Assert.Equal(ExportState.Unknown, _bench.Status.Export!.State);
        Assert.Single(_bench.Posts, post => post.Path.EndsWith("/export", StringComparison.Ordinal));
    }

    [Fact]
    public void Asks_again_five_minutes_later_when_losant_has_no_room()
    {
        Add(3, _pump);
        _bench.Losant.Faults.Add(
            new FaultRule(FaultKind.Status429) { Route = "embeddedDeployments.export", Count = 1 }
        );
        _bench.Apply(Exporting);
        _bench.Start();

        _bench.Until(() => _bench.Status.Export?.State == ExportState.Throttled);
        var asked = _bench.Status.Export!.At;
        _bench.Until(() => _bench.Status.Export?.State == ExportState.Queued);

        Assert.True(_bench.Status.Export!.At - asked >= TimeSpan.FromMinutes(5));
    }

    [Fact]
    public void Waits_for_the_export_of_another_release_of_the_application()
    {
        var valve = Flow("valve", "embedded");
        Add(1, _pump);
        Add(1, valve);
        _bench.Apply(Exporting);
        _bench.Apply(Exporting.Replace("pump", "valve", StringComparison.Ordinal), "valve");
        _bench.Start();

        _bench.Until(() => _bench.Application.Exports.Jobs.Count == 2);

        Assert.DoesNotContain(_bench.Posts, post => post.Status == 429);
    }

    /// <summary>The scopes that the README names, without the one that reads a single deployment.</summary>
    private static readonly IReadOnlyList<string> Documented =
    [
        "application.get",
        "devices.get",
        "flows.get",
        "flow.get",
        "flowVersions.get",
        "embeddedDeployments.get",
        "embeddedDeployments.release",
        "embeddedDeployments.export",
    ];

    private const string Exporting =
        "{'flow': 'pump', 'version': 'v2', 'rolloutPercentage': 100, 'embedded': {'exportCanary': {'callbackUrl': 'https://bench.example/hook'}}}";

    private ApplicationObservation Observation =>
        ApplicationObject
            .Of(_bench.Cluster.Get(Kinds.Application, new(Bench.Namespace, "plant-a"))!.Value)
            .Status!.Observation!;

    private bool IsComplete(string name) => StatusOf(name)?.Phase == Phase.Complete;

    private string? ReadyOf(string name) =>
        StatusOf(name)?.Conditions.FirstOrDefault(condition => condition.Type == ConditionTypes.Ready)?.Reason;

    private EdgeReleaseStatus? StatusOf(string name) =>
        ReleaseObject.Of(_bench.Cluster.Get(Kinds.Release, new(Bench.Namespace, name))!.Value).Status;

    private SimulatedFlow Flow(string name, string flowClass)
    {
        var flow = _bench.Application.AddFlow(new FlowSetup(name) { FlowClass = flowClass });
        flow.AddVersion("v1");
        flow.AddVersion("v2");
        return flow;
    }

    private void Add(int count, params SimulatedFlow[] flows)
    {
        for (var i = 0; i < count; i++)
        {
            var device = _bench.Application.AddDevice(
                new DeviceSetup { DeviceClass = "embedded", Tags = [new("line", "a")] }
            );
            foreach (var flow in flows)
            {
                _bench.Application.Install(device, flow, "v1");
            }
        }
    }
}
