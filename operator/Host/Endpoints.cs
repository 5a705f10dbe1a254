using System.Diagnostics.Metrics;
using System.Net.Mime;
using EdgeRelease.Controller;
using OpenTelemetry;
using OpenTelemetry.Metrics;

namespace EdgeRelease.Host;

/// <summary>What the operator serves: metrics on one port, health on another.</summary>
internal static class Endpoints
{
    /// <summary>Series of one instrument, for 10,000 releases of 15 states each. The memory for all of them is taken when
    /// the instrument is made, about 0.15 KiB each: only the instruments that have a release as a label get it.</summary>
    private const int MostSeries = 160_000;

    /// <summary>A web application that listens on both addresses, with JSON lines as its log.</summary>
    public static WebApplication Of(HostSettings settings)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Logging.AddConsole(console => console.FormatterName = JsonLine.FormatterName);
        builder.Services.AddSingleton<Microsoft.Extensions.Logging.Console.ConsoleFormatter, JsonLine>();
        builder.Logging.SetMinimumLevel(settings.LogLevel);
        builder.Logging.AddFilter("Microsoft", LogLevel.Warning);

        // Where the environment names addresses, the server warns before our first line that it does not use them.
        builder.Logging.AddFilter("Microsoft.AspNetCore", LogLevel.Error);
        builder.WebHost.ConfigureKestrel(server =>
        {
            server.AddServerHeader = false;
            server.Listen(settings.Metrics);
            server.Listen(settings.Health);
        });
        builder.Services.AddSingleton<IHostLifetime, NoLifetime>();
        return builder.Build();
    }

    /// <summary>Maps the paths; both ports answer all of them.</summary>
    public static void Map(WebApplication app, Replica replica)
    {
        var exporter = new PrometheusText();
        var provider = Collected(exporter);
        app.Lifetime.ApplicationStopped.Register(provider.Dispose);
        app.MapGet("/metrics", () => Results.Text(exporter.Scrape(), "text/plain; version=0.0.4; charset=utf-8"));
        app.MapGet("/healthz", () => Results.Text("ok", MediaTypeNames.Text.Plain));
        app.MapGet(
            "/readyz",
            () => replica.IsReady ? Results.Text("ok", MediaTypeNames.Text.Plain) : Results.StatusCode(503)
        );
    }

    /// <summary>All instruments of the operator and the runtime, collected by an exporter.</summary>
    public static MeterProvider Collected(PrometheusText exporter) =>
        Sdk.CreateMeterProviderBuilder()
            .AddMeter(ReleaseMetrics.MeterName, "System.Runtime")
            .SetMaxMetricStreams(200)
            .AddView(instrument =>
                IsMisnamed(instrument) ? MetricStreamConfiguration.Drop
                : ReleaseMetrics.IsPerRelease(instrument)
                    ? new MetricStreamConfiguration { CardinalityLimit = MostSeries }
                : null
            )
            .AddReader(new BaseExportingMetricReader(exporter))
            .Build();

    /// <summary>In Prometheus' text a name that ends in count belongs to a histogram; some of the runtime's are gauges.</summary>
    private static bool IsMisnamed(Instrument instrument) =>
        instrument.Name.EndsWith(".count", StringComparison.Ordinal);

    /// <summary>Signals are the process's own business (<see cref="Lifetime"/>).</summary>
    private sealed class NoLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
