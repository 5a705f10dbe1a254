using System.Text.Json.Nodes;
using EdgeRelease.Tests.EndToEnd.Operator;
using Xunit;

namespace EdgeRelease.Tests.EndToEnd.Chart;

/// <summary>What a real Prometheus, which reads the metrics of a running operator, answers to the dashboard.</summary>
public sealed class DashboardTests(ControlPlaneFixture controlPlane)
{
    /// <summary>The only series that a healthy operator does not have.</summary>
    private const string Guards = "edgerelease_invariant_refused_total";

    private static readonly JsonNode Dashboard = JsonNode.Parse(Helm.Text("files/dashboard.json"))!;

    [Fact]
    public async Task Has_data_for_every_query_and_fires_the_alert_of_a_rollback()
    {
        await using var stage = await Stage.OpenAsync(controlPlane, 10);
        await using var prometheus = await WatchAsync(stage);
        await stage.ApplyAsync(Manifests.Release("v1.4.0", Manifests.AtOnce(100), confirm: "0s"));
        await stage.UntilPhaseAsync("Complete");
        await stage.ApplyAsync(Manifests.Release("v1.5.0", Manifests.AtOnce(100), confirm: "0s"));
        await stage.UntilPhaseAsync("RolledBack");

        var queries = Dashboard["panels"]!
            .AsArray()
            .SelectMany(panel => panel!["targets"]?.AsArray() ?? [])
            .Select(target => (string)target!["expr"]!)
            .ToList();
        Assert.True(queries.Count > 15, $"only {queries.Count} queries");
        foreach (var query in queries.Select(query => Filled(query, stage.Namespace)))
        {
            await Eventually.HoldsAsync(
                async () =>
                    (await prometheus.QueryAsync(query)).Count > 0 || query.Contains(Guards, StringComparison.Ordinal),
                text: query
            );
        }

        Assert.Contains(stage.Namespace, await prometheus.LabelAsync("namespace", "edgerelease_phase"));
        var rolledBack = $$"""edgerelease_phase{namespace="{{stage.Namespace}}",phase="RolledBack"} == 1""";
        Assert.Single(await prometheus.QueryAsync(rolledBack));
        await Eventually.HoldsAsync(async () =>
            (await prometheus.AlertsAsync()) is { Count: 6 } alerts && alerts["EdgeReleaseRollback"] == "firing"
        );
    }

    /// <summary>A Prometheus over an operator whose metrics only it may read, as the chart sets it up.</summary>
    private static async Task<PrometheusProcess> WatchAsync(Stage stage)
    {
        await stage.ApplyAsync(Manifests.Secret(stage.Losant.Token));
        await stage.ApplyAsync(Manifests.Application(stage.Losant.Url, stage.Losant.ApplicationId));
        var started = await stage.StartOperatorAsync("--metrics-https=true");
        await stage.KubectlAsync("create", "serviceaccount", "prometheus");
        var name = $"prometheus-{stage.Namespace}";
        await stage.KubectlAsync("create", "clusterrole", name, "--verb=get", "--non-resource-url=/metrics");
        string[] to = [$"--clusterrole={name}", $"--serviceaccount={stage.Namespace}:prometheus"];
        await stage.KubectlAsync(["create", "clusterrolebinding", name, .. to]);
        var token = (await stage.KubectlAsync("create", "token", "prometheus")).Trim();
        return await PrometheusProcess.StartAsync(
            new Uri(started.Metrics),
            token,
            Helm.Text("files/alerts.yaml").Replace("RUNBOOK_URL", "https://example.com", StringComparison.Ordinal)
        );
    }

    private static string Filled(string query, string ns) =>
        query.Replace("$namespace", ns, StringComparison.Ordinal).Replace("$name", ".*", StringComparison.Ordinal);
}
