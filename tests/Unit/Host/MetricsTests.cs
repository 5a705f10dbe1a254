using EdgeRelease.Api;
using EdgeRelease.Controller;
using EdgeRelease.Host;
using EdgeRelease.Kubernetes;
using Xunit;

namespace EdgeRelease.Tests.Unit.Host;

/// <summary>What a scrape shows of the operator's own instruments.</summary>
public sealed class MetricsTests
{
    [Fact]
    public void Bounds_durations_in_seconds()
    {
        using var metrics = new ReleaseMetrics(TimeProvider.System);
        using var exporter = new PrometheusText();
        using var provider = Endpoints.Collected(exporter);

        metrics.Reconciled("ok", TimeSpan.FromMilliseconds(7));

        var text = exporter.Scrape();
        Assert.Contains("edgerelease_reconcile_duration_seconds_bucket{le=\"0.005\"}", text, StringComparison.Ordinal);
        Assert.Contains("edgerelease_reconcile_duration_seconds_bucket{le=\"60\"}", text, StringComparison.Ordinal);
        Assert.DoesNotContain("duration_seconds_bucket{le=\"7500\"}", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Shows_each_of_10_000_releases_by_itself()
    {
        var status = new EdgeReleaseStatus { Phase = Phase.Complete, Devices = new DeviceCounts() };
        var shown = Enumerable
            .Range(0, 10_000)
            .Select(number => KeyValuePair.Create(new ResourceKey("plant-a", $"release-{number}"), status))
            .ToList();
        using var metrics = new ReleaseMetrics(TimeProvider.System);
        metrics.Watch(() => shown, () => 0, () => true, () => null);
        using var exporter = new PrometheusText();
        using var provider = Endpoints.Collected(exporter);

        // Meters of tests beside this one have the same name.
        var lines = exporter.Scrape().Split('\n');
        var updated = lines.Where(line => line.Contains("state=\"updated\"", StringComparison.Ordinal));
        Assert.Equal(10_000, updated.Count(line => line.Contains("name=\"release-", StringComparison.Ordinal)));
        Assert.DoesNotContain(lines, line => line.Contains("otel_metric_overflow", StringComparison.Ordinal));
    }

    [Fact]
    public void Ends_the_series_of_a_release_that_is_gone()
    {
        var shown = new Dictionary<ResourceKey, EdgeReleaseStatus>
        {
            [new ResourceKey("plant-a", "gone-soon")] = new() { Phase = Phase.Complete, Devices = new DeviceCounts() },
        };
        using var metrics = new ReleaseMetrics(TimeProvider.System);
        metrics.Watch(() => shown, () => 0, () => true, () => null);
        using var exporter = new PrometheusText();
        using var provider = Endpoints.Collected(exporter);

        Assert.Contains("name=\"gone-soon\"", exporter.Scrape(), StringComparison.Ordinal);
        shown.Clear();

        Assert.DoesNotContain("gone-soon", exporter.Scrape(), StringComparison.Ordinal);
    }
}
