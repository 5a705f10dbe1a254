using System.Diagnostics;
using System.Text.Json;
using EdgeRelease.Kubernetes;
using Xunit;

namespace EdgeRelease.Tests.EndToEnd.Operator;

/// <summary>The operator as a process: how it starts, what it serves, how it ends and hands over.</summary>
public sealed class ProcessTests(ControlPlaneFixture controlPlane)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Says_first_where_it_serves_and_serves_health_and_valid_metrics()
    {
        await using var stage = await Stage.OpenAsync(controlPlane, 10);
        var started = await stage.ConnectAsync();
        await stage.ApplyAsync(Manifests.Release("v1.5.0", Manifests.AtOnce(100), confirm: "0s"));
        await stage.UntilPhaseAsync("RolledBack");

        Assert.Equal("started", started.Greeting.GetProperty("event").GetString());
        Assert.Equal(200, await started.ProbeAsync("/healthz"));
        Assert.Equal(200, await started.ProbeAsync("/readyz"));
        var text = await started.ScrapeAsync();
        await CheckAsync(text);
        var labels = $$"""{name="line-monitor",namespace="{{stage.Namespace}}",""";
        Assert.Contains($"edgerelease_devices{labels}state=\"eligible\"}} 10\n", text, StringComparison.Ordinal);
        Assert.Contains($"edgerelease_phase{labels}phase=\"RolledBack\"}} 1\n", text, StringComparison.Ordinal);
        Assert.Contains("\nedgerelease_rollbacks_total 1\n", text, StringComparison.Ordinal);
        Assert.Matches("\nlosant_requests_total\\{outcome=\"200\",route=\"GET [^\"]+\"\\} [1-9]", text);
    }

    [Fact]
    public async Task Finishes_the_pass_and_releases_the_lease_when_it_is_told_to_end()
    {
        await using var stage = await Stage.OpenAsync(controlPlane, 10);
        var started = await stage.ConnectAsync();
        await stage.Losant.TellAsync(
            "faults",
            """{"fault": "SlowBody", "route": "edgeDeployments.release", "count": 1, "delay": "3s"}"""
        );
        await stage.ApplyAsync(Manifests.Release("v1.4.0", Manifests.AtOnce(100), confirm: "0s"));
        await stage.UntilRecordAsync(record => record.Posts.Any());

        var code = await started.Child.TerminateAsync();

        Assert.Equal(0, code);
        Assert.Null(
            (
                await stage.Cluster.FindAsync(
                    ResourceKind.Lease,
                    new ResourceKey(stage.Namespace, "edgerelease"),
                    Cancel
                )
            ).Holder()
        );
        Assert.Contains(
            started.Child.Lines,
            line =>
                line.Contains("\"event\":\"decision\"", StringComparison.Ordinal)
                && line.Contains("\"verdict\":\"Progressing\"", StringComparison.Ordinal)
        );
    }

    [Fact]
    public async Task Waits_for_a_slow_read_before_it_ends()
    {
        await using var stage = await Stage.OpenAsync(controlPlane, 10);
        var started = await stage.ConnectAsync();
        await stage.ApplyAsync(Manifests.Release("v1.4.0", Manifests.AtOnce(100), confirm: "0s"));
        await stage.UntilPhaseAsync("Complete");
        await stage.Losant.TellAsync(
            "faults",
            """{"fault": "SlowBody", "route": "devices.get", "count": 2, "delay": "5s"}"""
        );
        var last = (await stage.Losant.RecordAsync()).Last;
        await stage.UntilRecordAsync(record => record.Polls.Any(poll => poll.Seq > last));

        var watch = Stopwatch.StartNew();
        var code = await started.Child.TerminateAsync();

        Assert.Equal(0, code);
        Assert.InRange(watch.Elapsed.TotalSeconds, 2.5, 20);
        var lease = new ResourceKey(stage.Namespace, "edgerelease");
        Assert.Null((await stage.Cluster.FindAsync(ResourceKind.Lease, lease, Cancel)).Holder());
    }

    [Fact]
    public async Task Is_followed_at_once_by_a_waiting_replica_that_ends_the_work()
    {
        await using var stage = await Stage.OpenAsync(controlPlane, 10);
        var first = await stage.ConnectAsync();
        await stage.ApplyAsync(Manifests.Release("v1.4.0", confirm: "0s"));
        var second = await stage.StartOperatorAsync();
        Assert.Equal(200, await second.ProbeAsync("/readyz"));
        await stage.UntilRecordAsync(record => record.Posts.Any());
        Assert.DoesNotContain(second.Child.Lines, Leads);

        await first.Child.TerminateAsync();
        var handed = Stopwatch.StartNew();
        await Eventually.HoldsAsync(() => second.Child.Lines.Any(Leads));

        // The lease lasts 30 s: whoever waits that long was not handed it.
        Assert.InRange(handed.Elapsed.TotalSeconds, 0, 25);
        await stage.UntilPhaseAsync("Complete");
    }

    private static bool Leads(string line) => line.Contains("\"event\":\"leading\"", StringComparison.Ordinal);

    private static async Task CheckAsync(string metrics)
    {
        var promtool = await ControlPlane.ToolAsync("promtool");
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, metrics, Cancel);
        try
        {
            Assert.Empty(
                (
                    await ControlPlane.RunAsync(
                        "bash",
                        ["-c", "\"$0\" check metrics <\"$1\" 2>&1 || true", promtool, file]
                    )
                ).Split('\n', StringSplitOptions.RemoveEmptyEntries)
            );
        }
        finally
        {
            File.Delete(file);
        }
    }
}

internal static class LeaseReads
{
    /// <summary>Who holds a lease; null when nobody does.</summary>
    public static string? Holder(this JsonElement? lease) =>
        lease!.Value.GetProperty("spec").TryGetProperty("holderIdentity", out var holder)
        && holder.GetString() is { Length: > 0 } name
            ? name
            : null;
}
