using System.Diagnostics.Metrics;
using System.Net.Mime;
using EdgeRelease.Controller;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using OpenTelemetry;
using OpenTelemetry.Metrics;

namespace EdgeRelease.Host;

/// <summary>What the operator serves: metrics on one port, health on another.</summary>
internal static class Endpoints
{
    /// <summary>Series of one instrument, for 10,000 releases of 15 states each. The memory for all of them is taken when
    /// the instrument is made, about 0.15 KiB each: only the instruments that have a release as a label get it.</summary>
    private const int MostSeries = 160_000;

    /// <summary>Connections at the same time, for each port by itself: a crowd on one does not shut out the probes.</summary>
    private const int MostConnections = 256;

    /// <summary>A web application that listens on both addresses, with JSON lines as its log.</summary>
    /// <param name="settings">Where it listens.</param>
    /// <param name="certificate">For metrics over HTTPS; null for HTTP.</param>
    public static WebApplication Of(HostSettings settings, ServingCertificate? certificate)
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
            server.Limits.MaxConcurrentConnections = MostConnections;
            server.Listen(settings.Metrics, listen => Secure(listen, certificate));
            server.Listen(settings.Health);
        });
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.Services.AddSingleton<IHostLifetime, NoLifetime>();
        return builder.Build();
    }

    /// <summary>Maps the paths; both ports answer all of them, but guarded metrics only over HTTPS.</summary>
    /// <param name="app">The application.</param>
    /// <param name="replica">Whose readiness it tells.</param>
    /// <param name="guard">Who lets in to the metrics; null for everybody.</param>
    public static void Map(WebApplication app, Replica replica, MetricsGuard? guard)
    {
        var exporter = new PrometheusText();
        var provider = Collected(exporter);
        app.Lifetime.ApplicationStopped.Register(provider.Dispose);
        app.MapGet(
            "/metrics",
            async (HttpContext context) =>
                await StatusAsync(context, guard) is var status and not StatusCodes.Status200OK
                    ? Results.StatusCode(status)
                    : Results.Text(exporter.Scrape(), "text/plain; version=0.0.4; charset=utf-8")
        );
        app.MapGet("/healthz", () => Results.Text("ok", MediaTypeNames.Text.Plain));
        app.MapGet(
            "/readyz",
            () => replica.IsReady ? Results.Text("ok", MediaTypeNames.Text.Plain) : Results.StatusCode(503)
        );
    }

    private static void Secure(ListenOptions listen, ServingCertificate? certificate)
    {
        if (certificate is not null)
        {
            listen.UseHttps(https => https.ServerCertificateSelector = (_, _) => certificate.Current);
        }
    }

    private static async Task<int> StatusAsync(HttpContext context, MetricsGuard? guard) =>
        guard is null ? StatusCodes.Status200OK
        : context.Request.IsHttps
            ? await guard.StatusAsync(context.Request.Headers.Authorization, context.RequestAborted)
        : StatusCodes.Status404NotFound;

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
