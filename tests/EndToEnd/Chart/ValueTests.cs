using System.Text.Json.Nodes;
using Xunit;

namespace EdgeRelease.Tests.EndToEnd.Chart;

/// <summary>Each value is known to the schema, is described, and does what it says.</summary>
public sealed class ValueTests
{
    private const string Heading = "## Values\n";

    private static readonly IReadOnlyList<JsonObject> Changes = Yaml.Documents(
        File.ReadAllText(Path.Combine(ControlPlane.RepositoryRoot(), "tests", "EndToEnd", "Chart", "changes.yaml"))
    )[0]["changes"]!
        .AsArray()
        .Select(change => change!.AsObject())
        .ToList();

    public static TheoryData<string> Changed => [.. Changes.Select(change => (string)change["value"]!)];

    [Theory]
    [InlineData("replicaCout=1", "replicaCout")]
    [InlineData("image.tags=v1", "tags")]
    [InlineData("monitoring.serviceMonitor.intervall=1m", "intervall")]
    [InlineData("logLevel=Loud", "logLevel")]
    [InlineData("image.digest=sha256:1", "digest")]
    [InlineData("securityContext.runAsUser=0", "runAsUser")]
    public async Task Refuses_what_the_schema_does_not_know(string setting, string named)
    {
        var refused = await Assert.ThrowsAsync<InvalidOperationException>(() => Helm.TemplateAsync("--set", setting));

        Assert.Contains(named, refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("watchNamespaces={plant-a},monitoring.https.enabled=true", "system:auth-delegator")]
    [InlineData("monitoring.podMonitor.enabled=true,monitoring.https.enabled=true", "monitoring.serviceMonitor")]
    public async Task Refuses_metrics_over_HTTPS_where_nobody_could_read_them(string setting, string named)
    {
        var refused = await Assert.ThrowsAsync<InvalidOperationException>(() => Helm.TemplateAsync("--set", setting));

        Assert.Contains(named, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Allows_no_unknown_member_at_any_level()
    {
        var objects = ChartValues.Objects(ChartValues.Schema, "").ToList();

        Assert.True(objects.Count > 15, $"only {objects.Count} objects");
        Assert.All(objects, each => Assert.False((bool?)each.Schema["additionalProperties"] ?? true, each.Path));
    }

    [Fact]
    public void Describes_exactly_the_values_of_the_schema()
    {
        Assert.Equal(ChartValues.Leaves.Order(), ChartValues.All.Select(value => value.Path).Order());
        Assert.All(ChartValues.All, value => Assert.True(value.Comment.Length > 10, value.Path));
    }

    [Fact]
    public void Has_a_row_for_each_value_in_the_README()
    {
        var rows = ChartValues.All.Select(value => $"| `{value.Path}` | `{value.Default}` | {value.Comment} |\n");
        var table = "\n| value | default | |\n|---|---|---|\n" + string.Concat(rows);
        var path = Path.Combine(Helm.Chart, "README.md");
        var page = File.ReadAllText(path);
        var begin = page.IndexOf(Heading, StringComparison.Ordinal) + Heading.Length;
        if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") is "1")
        {
            File.WriteAllText(path, page[..begin] + table);
        }

        Assert.Equal(table, page[begin..]);
    }

    [Fact]
    public void Has_a_change_for_each_value() =>
        Assert.Equal(ChartValues.Leaves.Order(), Changed.Select(row => row.Data).Order());

    [Theory]
    [MemberData(nameof(Changed))]
    public async Task Changes_what_is_rendered(string value)
    {
        var change = Changes.Single(each => (string?)each["value"] == value);
        string[] with =
        [
            .. (change["with"]?.AsArray() ?? []).SelectMany(each => new[] { "--set-json", (string)each! }),
        ];

        var before = await Helm.TemplateAsync(with);
        var after = await Helm.TemplateAsync([
            .. with,
            "--set-json",
            $"{value}={change["to"]?.ToJsonString() ?? "null"}",
        ]);

        if ((string?)change["shows"] is { } shown)
        {
            Assert.DoesNotContain(shown, before, StringComparison.Ordinal);
            Assert.Contains(shown, after, StringComparison.Ordinal);
        }
        else
        {
            var hidden = (string)change["hides"]!;
            Assert.Contains(hidden, before, StringComparison.Ordinal);
            Assert.DoesNotContain(hidden, after, StringComparison.Ordinal);
        }
    }
}
