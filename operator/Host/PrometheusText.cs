using System.Globalization;
using System.Text;
using OpenTelemetry;
using OpenTelemetry.Metrics;

namespace EdgeRelease.Host;

/// <summary>Metrics in Prometheus' text format 0.0.4, collected when scraped. The exporters of OpenTelemetry for
/// Prometheus cannot be restored from the feed that this project builds with.</summary>
[ExportModes(ExportModes.Pull)]
internal sealed class PrometheusText : BaseExporter<Metric>, IPullMetricExporter
{
    private readonly Lock _gate = new();
    private readonly StringBuilder _text = new();

    /// <summary>Set by the reader: collects and exports.</summary>
    public Func<int, bool>? Collect { get; set; }

    /// <summary>One collection as text.</summary>
    public string Scrape()
    {
        lock (_gate)
        {
            _text.Clear();
            Collect?.Invoke(Timeout.Infinite);
            return _text.ToString();
        }
    }

    public override ExportResult Export(in Batch<Metric> batch)
    {
        foreach (var metric in batch)
        {
            Write(metric);
        }

        return ExportResult.Success;
    }

    private void Write(Metric metric)
    {
        var isSum = metric.MetricType is MetricType.LongSum or MetricType.DoubleSum;
        var name = Name(metric.Name) + (isSum ? "_total" : "");
        var type =
            metric.MetricType == MetricType.Histogram ? "histogram"
            : isSum ? "counter"
            : "gauge";
        _text
            .Append("# HELP ")
            .Append(name)
            .Append(' ')
            .Append(metric.Description.ReplaceLineEndings(" "))
            .Append('\n');
        _text.Append("# TYPE ").Append(name).Append(' ').Append(type).Append('\n');
        foreach (ref readonly var point in metric.GetMetricPoints())
        {
            if (metric.MetricType == MetricType.Histogram)
            {
                Histogram(name, point);
            }
            else
            {
                Line(name, point.Tags, null, Value(metric.MetricType, point));
            }
        }
    }

    private static double Value(MetricType type, in MetricPoint point) =>
        type switch
        {
            MetricType.LongSum or MetricType.LongSumNonMonotonic => point.GetSumLong(),
            MetricType.DoubleSum or MetricType.DoubleSumNonMonotonic => point.GetSumDouble(),
            MetricType.LongGauge => point.GetGaugeLastValueLong(),
            _ => point.GetGaugeLastValueDouble(),
        };

    private void Histogram(string name, in MetricPoint point)
    {
        var sum = 0L;
        foreach (var bucket in point.GetHistogramBuckets())
        {
            sum += bucket.BucketCount;
            var bound = double.IsPositiveInfinity(bucket.ExplicitBound) ? "+Inf" : Number(bucket.ExplicitBound);
            Line(name + "_bucket", point.Tags, bound, sum);
        }

        Line(name + "_sum", point.Tags, null, point.GetHistogramSum());
        Line(name + "_count", point.Tags, null, point.GetHistogramCount());
    }

    private void Line(string name, ReadOnlyTagCollection tags, string? bound, double value)
    {
        _text.Append(name);
        var open = '{';
        foreach (var tag in tags)
        {
            Label(open, tag.Key, tag.Value?.ToString() ?? "");
            open = ',';
        }

        if (bound is not null)
        {
            Label(open, "le", bound);
            open = ',';
        }

        _text.Append(open == '{' ? "" : "}").Append(' ').Append(Number(value)).Append('\n');
    }

    private void Label(char open, string key, string value)
    {
        var escaped = value
            .Replace("\\", "\\\\", StringComparison.Ordinal)
            .Replace("\"", "\\\"", StringComparison.Ordinal)
            .Replace("\n", "\\n", StringComparison.Ordinal);
        _text.Append(open).Append(Name(key)).Append("=\"").Append(escaped).Append('"');
    }

    private static string Name(string text) =>
        string.Concat(text.Select(letter => char.IsAsciiLetterOrDigit(letter) ? letter : '_'));

    private static string Number(double value) => value.ToString("R", CultureInfo.InvariantCulture);
}
