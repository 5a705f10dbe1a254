using System.Diagnostics;
using EdgeRelease.Kubernetes;
using Xunit;

namespace EdgeRelease.Tests.EndToEnd.Operator;

/// <summary>Both servers go away during a rollout; minutes with EDGERELEASE_SOAK=1, else seconds.</summary>
public sealed class OutageTests(ControlPlaneFixture controlPlane) : IAsyncLifetime
{
    private static readonly bool IsSoak = Environment.GetEnvironmentVariable("EDGERELEASE_SOAK") == "1";
    private static readonly TimeSpan ClusterAway = TimeSpan.FromSeconds(IsSoak ? 60 : 10);
    private static readonly int LosantAwaySeconds = IsSoak ? 120 : 10;

    private ControlPlane own = null!;
    private ClusterClient cluster = null!;

    public async ValueTask InitializeAsync()
    {
        own = await controlPlane.StartPrivateAsync();
        cluster = own.Connect();
    }

    public async ValueTask DisposeAsync()
    {
        cluster.Dispose();
        await own.StopAsync();
    }

    [Fact]
    public async Task Goes_on_by_itself_after_the_API_server_and_Losant_were_away()
    {
        await using var stage = await Stage.OpenAsync(controlPlane, own, cluster);
        var started = await stage.ConnectAsync();
        await stage.ApplyAsync(Manifests.Release("v1.4.0"));
        await stage.UntilRecordAsync(record => record.Commands.Count() >= 6);

        await own.StopAsync("apiserver");
        var away = Stopwatch.StartNew();
        await Eventually.HoldsAsync(() => away.Elapsed >= ClusterAway, within: ClusterAway * 2);
        await own.StartAsync();
        var moved = (await stage.Losant.RecordAsync()).Commands.Count();
        await stage.UntilRecordAsync(record => record.Commands.Count() > moved);
        await LosantFailsAsync(stage, "Status429");
        await LosantFailsAsync(stage, "Status503");

        var status = await stage.UntilPhaseAsync("Complete", seconds: 180);
        Assert.Equal(0, status.Devices("failed"));
        Assert.DoesNotContain(
            "edgerelease_device_updates_total{outcome=\"failed\"}",
            await started.ScrapeAsync(),
            StringComparison.Ordinal
        );
        var record = await stage.Losant.RecordAsync();
        Assert.Contains(record.Requests, request => request.Status == 429);
        Assert.Contains(record.Requests, request => request.Status == 503);
        Assert.All(record.Commands, change => Assert.Equal("v1.4.0", change.To));
        Assert.Distinct(record.Commands.Select(change => change.Device));
    }

    /// <summary>Puts the fault in and waits until it is over.</summary>
    private static async Task LosantFailsAsync(Stage stage, string fault)
    {
        await stage.Losant.TellAsync("faults", $$"""{"fault": "{{fault}}", "for": "{{LosantAwaySeconds}}s"}""");
        var since = (await stage.Losant.RecordAsync()).Last;
        var length = TimeSpan.FromSeconds(LosantAwaySeconds);
        var away = Stopwatch.StartNew();
        await Eventually.HoldsAsync(() => away.Elapsed >= length, within: length * 2);
        Assert.NotEmpty((await stage.Losant.RecordAsync(since)).Requests);
    }
}
