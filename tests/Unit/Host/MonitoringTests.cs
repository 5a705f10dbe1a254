using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using EdgeRelease.Api;
using EdgeRelease.Controller;
using EdgeRelease.Host;
using EdgeRelease.Kubernetes;
using EdgeRelease.Losant;
using EdgeRelease.Planning;
using EdgeRelease.Tests.Unit.House;
using Xunit;

namespace EdgeRelease.Tests.Unit.Host;

/// <summary>The chart's alerts and its dashboard speak of metrics and labels that the operator exports.</summary>
public sealed partial class MonitoringTests
{
    /// <summary>What a query has beside metrics, and the labels that Prometheus adds.</summary>
    private static readonly HashSet<string> Added = ["pod", "le"];

    private static readonly string Scraped = Scrape();

    public static TheoryData<string> Files =>
        ["charts/edgerelease/files/alerts.yaml", "charts/edgerelease/files/dashboard.json"];

    [Theory]
    [MemberData(nameof(Files))]
    public void Names_only_metrics_that_are_exported(string file)
    {
        var exported = Sample().Matches(Scraped).Select(match => match.Groups["name"].Value).ToHashSet();
        var named = Queries(file).SelectMany(query => Metric().Matches(query)).Select(match => match.Value).ToHashSet();

        Assert.True(named.Count >= 4, $"only {named.Count} metrics");
        Assert.Subset(exported, named);
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void Selects_and_groups_by_labels_that_are_exported(string file)
    {
        var exported = Label().Matches(Scraped).Select(match => match.Groups["name"].Value).Concat(Added).ToHashSet();
        var named = Queries(file)
            .SelectMany(query => Matcher().Matches(query).Concat(Grouping().Matches(query)))
            .SelectMany(match => match.Groups["name"].Value.Split(',', StringSplitOptions.TrimEntries))
            .ToHashSet();

        Assert.True(named.Count >= 4, $"only {named.Count} labels");
        Assert.Subset(exported, named);
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void Names_only_phases_and_states_that_there_are(string file)
    {
        var named = Queries(file)
            .SelectMany(query => Word().Matches(query))
            .SelectMany(match =>
                match.Groups["words"].Value.Split('|').Select(word => $"{match.Groups["label"]}=\"{word}\"")
            )
            .ToHashSet();

        Assert.NotEmpty(named);
        Assert.All(named, pair => Assert.Contains(pair, Scraped, StringComparison.Ordinal));
    }

    [Fact]
    public void Shows_every_metric_of_the_operator_on_the_dashboard()
    {
        var own = Sample()
            .Matches(Scraped)
            .Select(match => match.Groups["name"].Value)
            .Where(name =>
                name.StartsWith("edgerelease_", StringComparison.Ordinal)
                || name.StartsWith("losant_", StringComparison.Ordinal)
            )
            .Where(name =>
                !name.EndsWith("_sum", StringComparison.Ordinal) && !name.EndsWith("_count", StringComparison.Ordinal)
            )
            .ToHashSet();
        var shown = Queries("charts/edgerelease/files/dashboard.json")
            .SelectMany(query => Metric().Matches(query))
            .Select(match => match.Value)
            .ToHashSet();

        Assert.True(own.Count >= 14, $"only {own.Count} metrics");
        Assert.Subset(shown, own);
    }

    /// <summary>UPDATE_GOLDEN=1 writes the rows.</summary>
    [Fact]
    public void Lists_every_metric_of_the_operator_in_the_reference()
    {
        const string page = "charts/edgerelease/METRICS.md";
        const string head = "|---|---|---|---|---|\n";
        var rows = string.Concat(
            Description()
                .Matches(Scraped)
                .Where(match => !match.Groups["name"].Value.StartsWith("dotnet", StringComparison.Ordinal))
                .OrderBy(match => match.Groups["name"].Value, StringComparer.Ordinal)
                .Select(Row)
        );
        var text = Tree.Text(page);
        var begin = text.IndexOf(head, StringComparison.Ordinal) + head.Length;
        if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") is "1")
        {
            File.WriteAllText(Path.Combine(Tree.Root, page), text[..begin] + rows);
        }

        Assert.Equal(rows, text[begin..]);
    }

    private static string Row(Match described)
    {
        var name = described.Groups["name"].Value;
        var labels = Scraped
            .Split('\n')
            .Where(line => line.StartsWith(name, StringComparison.Ordinal))
            .SelectMany(line => Label().Matches(line))
            .Select(match => match.Groups["name"].Value)
            .Where(label => label != "le")
            .Distinct();
        var unit = name.Contains("_seconds", StringComparison.Ordinal) ? "seconds" : "number";
        return $"| {name} | {described.Groups["type"].Value} | {unit} | {string.Join(", ", labels)} | {described.Groups["help"].Value} |\n";
    }

    /// <summary>Every instrument used once.</summary>
    private static string Scrape()
    {
        var key = new ResourceKey("plant-a", "line-monitor");
        var status = new EdgeReleaseStatus
        {
            Phase = Phase.Complete,
            Devices = new DeviceCounts(),
            Step = new StepStatus
            {
                Index = 1,
                Of = 1,
                Name = "all",
            },
        };
        using var metrics = new ReleaseMetrics(TimeProvider.System);
        metrics.Watch(() => [KeyValuePair.Create(key, status)], () => 0, () => true, () => 0);
        metrics.WatchFreezes(() => [KeyValuePair.Create<ResourceKey, string?>(key, "inventory week")]);
        using var exporter = new PrometheusText();
        using var provider = Endpoints.Collected(exporter);
        metrics.Requested(new LosantRequest("GET", "/devices", "200", TimeSpan.FromSeconds(1)));
        metrics.Reconciled("ok", TimeSpan.FromSeconds(1));
        metrics.InvariantRefused();
        Settled(metrics);
        return exporter.Scrape();
    }

    /// <summary>A revision that confirmed a device and one that was rolled back.</summary>
    private static void Settled(ReleaseMetrics metrics)
    {
        var world = new Planning.Builders.World(1);
        world.Pass();
        var told = world.Plan!.Memory;
        world.Settle();
        var pass = new Pass(null!, null!, world.Plan!, world.Plan!.Memory) { Before = null };
        metrics.Planned(told, pass);
        var back = world.Plan! with { Memory = told with { Result = RevisionResult.RolledBack } };
        metrics.Planned(told, new Pass(null!, null!, back, back.Memory) { Before = null });
    }

    private static IEnumerable<string> Queries(string file)
    {
        var text = Tree.Text(file);
        return file.EndsWith(".json", StringComparison.Ordinal)
            ? JsonNode.Parse(text)!["panels"]!
                .AsArray()
                .SelectMany(panel => panel!["targets"]!.AsArray())
                .Select(target => (string)target!["expr"]!)
            : EdgeRelease.Tests.EndToEnd.Yaml.Documents(text)[0]["groups"]![0]!["rules"]!
                .AsArray()
                .Select(rule => (string)rule!["expr"]!);
    }

    [GeneratedRegex(
        "^(?<name>[a-z_]+)[{ ]",
        RegexOptions.Multiline | RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture
    )]
    private static partial Regex Sample();

    [GeneratedRegex(
        "^# HELP (?<name>[a-z_]+) (?<help>[^\n]*)\n# TYPE [a-z_]+ (?<type>[a-z]+)",
        RegexOptions.Multiline | RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture
    )]
    private static partial Regex Description();

    [GeneratedRegex("[{,](?<name>[a-z_]+)=\"", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Label();

    [GeneratedRegex(
        "(edgerelease|losant|dotnet|process)_[a-z_]+",
        RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture
    )]
    private static partial Regex Metric();

    [GeneratedRegex(
        "[{,] *(?<name>[a-z_]+) *(=~|!=|!~|=)",
        RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture
    )]
    private static partial Regex Matcher();

    [GeneratedRegex(@"by \((?<name>[a-z_, ]+)\)", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Grouping();

    [GeneratedRegex(
        "(?<label>phase|state)=~?\"(?<words>[A-Za-z|]+)\"",
        RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture
    )]
    private static partial Regex Word();
}
