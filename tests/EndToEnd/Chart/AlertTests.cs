using System.Text.Json.Nodes;
using Xunit;

namespace EdgeRelease.Tests.EndToEnd.Chart;

/// <summary>The alerts fire when they should and are silent when they should not, as promtool finds.</summary>
public sealed class AlertTests
{
    private static readonly string Cases = Path.Combine(
        ControlPlane.RepositoryRoot(),
        "tests",
        "EndToEnd",
        "Chart",
        "alerts_test.yaml"
    );

    [Fact]
    public async Task Fire_as_their_cases_say()
    {
        using var folder = new TemporaryFolder();
        await WriteRulesAsync(folder.Path);
        File.Copy(Cases, Path.Combine(folder.Path, "alerts_test.yaml"));

        var said = await PromtoolAsync("test", "rules", Path.Combine(folder.Path, "alerts_test.yaml"));

        Assert.Contains("SUCCESS", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Have_each_a_case_that_fires_and_one_that_does_not()
    {
        var cases = Yaml.Documents(await File.ReadAllTextAsync(Cases, TestContext.Current.CancellationToken))[0][
            "tests"
        ]!
            .AsArray()
            .SelectMany(test => test!["alert_rule_test"]!.AsArray())
            .ToLookup(each => (string)each!["alertname"]!, each => (each!["exp_alerts"]?.AsArray().Count ?? 0) > 0);

        Assert.All(await AlertsAsync(), alert => Assert.Equal([false, true], cases[alert.Name].Distinct().Order()));
    }

    [Fact]
    public async Task Are_six_with_a_section_of_the_runbook_each()
    {
        var alerts = await AlertsAsync();
        var sections = Helm.Text("RUNBOOK.md")
            .Split('\n')
            .Where(line => line.StartsWith("## ", StringComparison.Ordinal));

        Assert.Equal(alerts.Select(alert => $"## {alert.Name}"), sections);
        Assert.Equal(6, alerts.Count);
        Assert.All(
            alerts,
            alert =>
                Assert.EndsWith($"RUNBOOK.md#{alert.Name.ToLowerInvariant()}", alert.Runbook, StringComparison.Ordinal)
        );
    }

    [Fact]
    public async Task Are_what_promtool_calls_a_rule_file()
    {
        using var folder = new TemporaryFolder();

        var said = await PromtoolAsync("check", "rules", await WriteRulesAsync(folder.Path));

        Assert.Contains("6 rules found", said, StringComparison.Ordinal);
    }

    private static async Task<JsonNode> SpecAsync() =>
        (await Helm.ObjectsAsync("--set", "monitoring.prometheusRule.enabled=true")).Single(each =>
            Helm.Kind(each) == "PrometheusRule"
        )["spec"]!;

    private static async Task<IReadOnlyList<(string Name, string Runbook)>> AlertsAsync() =>
        [
            .. (await SpecAsync())["groups"]![0]!["rules"]!
                .AsArray()
                .Select(rule => ((string)rule!["alert"]!, (string)rule["annotations"]!["runbook_url"]!)),
        ];

    private static async Task<string> WriteRulesAsync(string folder)
    {
        var file = Path.Combine(folder, "alerts.yaml");
        await File.WriteAllTextAsync(file, (await SpecAsync()).ToJsonString(), TestContext.Current.CancellationToken);
        return file;
    }

    private static async Task<string> PromtoolAsync(params string[] arguments) =>
        await ControlPlane.RunAsync(await ControlPlane.ToolAsync("promtool"), arguments);
}
