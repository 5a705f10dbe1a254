using System.Text.Json;
using EdgeRelease.Tests.EndToEnd.Operator;

namespace EdgeRelease.Tests.EndToEnd.Chart;

/// <summary>A real Prometheus that scrapes one operator every second, with the chart's alerts as its rules.</summary>
internal sealed class PrometheusProcess : IAsyncDisposable
{
    private static readonly HttpClient Http = new();

    private readonly TemporaryFolder folder;
    private readonly Child child;
    private readonly Uri address;

    private PrometheusProcess(TemporaryFolder folder, Child child, Uri address) =>
        (this.folder, this.child, this.address) = (folder, child, address);

    /// <summary>Starts it, and waits until it answers.</summary>
    /// <param name="metrics">Where the operator serves metrics over HTTPS.</param>
    /// <param name="token">The bearer token to send.</param>
    /// <param name="rules">A rule file.</param>
    public static async Task<PrometheusProcess> StartAsync(Uri metrics, string token, string rules)
    {
        var own = new TemporaryFolder();
        var listen = $"127.0.0.1:{Loopback.FreePort()}";
        await File.WriteAllTextAsync(Path.Combine(own.Path, "token"), token);
        await File.WriteAllTextAsync(Path.Combine(own.Path, "rules.yaml"), rules);
        await File.WriteAllTextAsync(
            Path.Combine(own.Path, "prometheus.yaml"),
            $$"""
            global: {scrape_interval: 1s, evaluation_interval: 1s}
            rule_files: [rules.yaml]
            scrape_configs:
            - job_name: edgerelease
              honor_labels: true
              scheme: {{metrics.Scheme}}
              bearer_token_file: token
              tls_config: {insecure_skip_verify: true}
              static_configs: [{targets: ["{{metrics.Authority}}"], labels: {pod: edgerelease-0} }]
            """
        );
        var (child, _) = await Child.StartAsync(
            "bash",
            "-c",
            "exec \"$@\" 2>&1", // its log is JSON on standard error
            "bash",
            await ControlPlane.ToolAsync("prometheus"),
            $"--config.file={own.Path}/prometheus.yaml",
            $"--storage.tsdb.path={own.Path}/data",
            $"--web.listen-address={listen}",
            "--log.format=json"
        );
        var started = new PrometheusProcess(own, child, new Uri($"http://{listen}"));
        await Eventually.HoldsAsync(started.IsReadyAsync);
        return started;
    }

    /// <summary>The samples of a query now, as Prometheus' API has them.</summary>
    /// <exception cref="InvalidOperationException">Prometheus calls the query wrong; the message has why.</exception>
    public async Task<IReadOnlyList<JsonElement>> QueryAsync(string query) =>
        [
            .. (await AskAsync($"query?query={Uri.EscapeDataString(query)}"))
                .GetProperty("result")
                .EnumerateArray()
                .Select(each => each.Clone()),
        ];

    /// <summary>The values of a label, as a dashboard's variables ask for them.</summary>
    public async Task<IReadOnlyList<string>> LabelAsync(string label, string selector) =>
        [
            .. (await AskAsync($"label/{label}/values?match[]={Uri.EscapeDataString(selector)}"))
                .EnumerateArray()
                .Select(each => each.GetString()!),
        ];

    /// <summary>The alerts with their state: <c>inactive</c>, <c>pending</c> or <c>firing</c>.</summary>
    /// <exception cref="InvalidOperationException">A rule could not be evaluated.</exception>
    public async Task<IReadOnlyDictionary<string, string>> AlertsAsync()
    {
        var rules = (await AskAsync("rules")).GetProperty("groups")[0].GetProperty("rules").EnumerateArray().ToList();
        var wrong = rules.FirstOrDefault(rule => rule.GetProperty("health").GetString() == "err");
        return wrong.ValueKind == JsonValueKind.Object
            ? throw new InvalidOperationException(wrong.ToString())
            : rules.ToDictionary(
                rule => rule.GetProperty("name").GetString()!,
                rule => rule.GetProperty("state").GetString()!
            );
    }

    public async ValueTask DisposeAsync()
    {
        await child.DisposeAsync();
        folder.Dispose();
    }

    private async Task<JsonElement> AskAsync(string what)
    {
        var answer = JsonElement.Parse(
            await (await Http.GetAsync(new Uri(address, $"/api/v1/{what}"))).Content.ReadAsStringAsync()
        );
        return answer.GetProperty("status").GetString() == "success"
            ? answer.GetProperty("data")
            : throw new InvalidOperationException(answer.ToString());
    }

    private async Task<bool> IsReadyAsync()
    {
        if (child.HasEnded)
        {
            throw new InvalidOperationException(string.Join('\n', child.Lines));
        }

        try
        {
            using var answer = await Http.GetAsync(new Uri(address, "/-/ready"));
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
