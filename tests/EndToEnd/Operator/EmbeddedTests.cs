using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Xunit;

namespace EdgeRelease.Tests.EndToEnd.Operator;

/// <summary>Microcontrollers on the real API server: a bundle that goes out, one that is taken back, one that goes to a
/// bench.</summary>
public sealed class EmbeddedTests(ControlPlaneFixture controlPlane)
{
    private const string Steps =
        "rollout: {steps: [{name: canary, count: 2}, {name: half, percentage: 50}, {name: rest, percentage: 100}]}";

    [Fact]
    public async Task Moves_30_microcontrollers_and_sends_the_first_bundle_to_the_bench()
    {
        await using var bench = await Bench.OpenAsync();
        await using var stage = await Stage.OpenAsync(controlPlane, devices: 2, microcontrollers: 30);
        await stage.ConnectAsync();
        await stage.ApplyAsync(Release("v1.1.0", $"embedded: {{exportCanary: {{callbackUrl: \"{bench.Url}\"}}}}"));

        var status = await stage.UntilPhaseAsync("Complete");

        Assert.Equal("30/30", status.Json.GetProperty("progress").GetString());
        Assert.All(await stage.Losant.BundledAsync("pump-control"), version => Assert.Equal("v1.1.0", version));
        Assert.All(await stage.Losant.BundledAsync("vibration"), version => Assert.Equal("v3.0.0", version));
        var record = await stage.Losant.RecordAsync();
        Assert.All(
            record.Posts,
            post => Assert.Contains("/embedded/deployments/", post.Path, StringComparison.Ordinal)
        );
        var export = status.Json.GetProperty("export");
        Assert.Equal("Queued", export.GetProperty("state").GetString());
        var delivered = await bench.DeliveredAsync();
        Assert.Equal(export.GetProperty("device").GetString(), delivered.GetProperty("deviceId").GetString());
        Assert.Equal(export.GetProperty("jobId").GetString(), delivered.GetProperty("jobId").GetString());
        Assert.Single(record.Posts, post => post.Path.EndsWith("/export", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Takes_back_a_bundle_that_a_fifth_of_them_cannot_load()
    {
        await using var stage = await Stage.OpenAsync(controlPlane, devices: 2, microcontrollers: 30);
        await stage.ConnectAsync();
        await stage.ApplyAsync(Release("v1.2.0"));

        var status = await stage.UntilPhaseAsync("RolledBack");

        Assert.Equal("False RolledBack", status.Ready);
        Assert.All(await stage.Losant.BundledAsync("pump-control"), version => Assert.Equal("v1.0.0", version));
        Assert.Contains(
            "bundle does not fit",
            status.Json.GetProperty("failing")[0].GetProperty("error").GetString(),
            StringComparison.Ordinal
        );
    }

    private static string Release(string version, string more = "paused: false") =>
        $$"""
            apiVersion: edgerelease.dev/v1alpha1
            kind: EdgeRelease
            metadata: {name: line-monitor}
            spec:
              flow: pump-control
              version: {{version}}
              deviceTags: {line: cooling}
              limits: {maxUnavailable: 20%}
              health: {confirm: 1s, retryGrace: 1s, settleTimeout: 30s}
              {{Steps}}
              {{more}}
            """ + "\n";

    /// <summary>What stands on a bench and takes bundles.</summary>
    private sealed class Bench : IAsyncDisposable
    {
        private readonly WebApplication web;
        private readonly TaskCompletionSource<JsonElement> first = new();

        private Bench(WebApplication web)
        {
            this.web = web;
            web.Run(TakeAsync);
        }

        public string Url => web.Urls.Single() + "/hook";

        public static async Task<Bench> OpenAsync()
        {
            var builder = WebApplication.CreateSlimBuilder();
            builder.Logging.ClearProviders();
            builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
            var bench = new Bench(builder.Build());
            await bench.web.StartAsync(TestContext.Current.CancellationToken);
            return bench;
        }

        public Task<JsonElement> DeliveredAsync() =>
            first.Task.WaitAsync(TimeSpan.FromMinutes(1), TimeProvider.System, TestContext.Current.CancellationToken);

        public ValueTask DisposeAsync() => web.DisposeAsync();

        private async Task TakeAsync(HttpContext call)
        {
            using var body = await JsonDocument.ParseAsync(call.Request.Body, default, call.RequestAborted);
            first.TrySetResult(body.RootElement.Clone());
        }
    }
}
