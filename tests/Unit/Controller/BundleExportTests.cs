using EdgeRelease.Api;
using EdgeRelease.Simulation;
using Xunit;

namespace EdgeRelease.Tests.Unit.Controller;

/// <summary>The bundle of the first device of a revision is exported once.</summary>
public sealed class BundleExportTests : IDisposable
{
    private const string Exporting =
        "{'flow': 'pump', 'version': 'v2', 'rolloutPercentage': 100, 'embedded': {'exportCanary': {'callbackUrl': 'https://bench.example/hook'}}}";

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

    private readonly Bench _bench = new();
    private readonly SimulatedFlow _pump;

    public BundleExportTests() => _pump = _bench.AddFlow("pump");

    public void Dispose() => _bench.Dispose();

    [Fact]
    public void Exports_the_bundle_of_the_first_device_of_a_revision_once()
    {
        _bench.AddBoards(3, _pump);
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
        _bench.AddBoards(1, _pump);
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
        _bench.AddBoards(1, _pump);
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
        _bench.AddBoards(3, _pump);
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
        _bench.AddBoards(3, _pump);
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
        var valve = _bench.AddFlow("valve");
        _bench.AddBoards(1, _pump);
        _bench.AddBoards(1, valve);
        _bench.Apply(Exporting);
        _bench.Apply(Exporting.Replace("pump", "valve", StringComparison.Ordinal), "valve");
        _bench.Start();

        _bench.Until(() => _bench.Application.Exports.Jobs.Count == 2);

        Assert.DoesNotContain(_bench.Posts, post => post.Status == 429);
    }
}
