using System.Text.Json.Nodes;

namespace EdgeRelease.Tests.EndToEnd.Chart;

/// <summary>The chart, rendered by real helm.</summary>
internal static class Helm
{
    private static readonly Lazy<Task<string>> Program = new(() => ControlPlane.ToolAsync("helm"));

    /// <summary>The folder of the chart.</summary>
    public static string Chart { get; } = Path.Combine(ControlPlane.RepositoryRoot(), "charts", "edgerelease");

    /// <summary>The text of a file of the chart.</summary>
    public static string Text(string path) => File.ReadAllText(Path.Combine(Chart, path));

    /// <summary>The value sets that come with the chart.</summary>
    public static IEnumerable<string> ValueSets =>
        Directory.EnumerateFiles(Path.Combine(Chart, "ci"), "*-values.yaml").Order(StringComparer.Ordinal);

    /// <summary>Runs helm and returns its output.</summary>
    /// <exception cref="InvalidOperationException">helm refuses; the message has why.</exception>
    public static async Task<string> RunAsync(params string[] arguments) =>
        await ControlPlane.RunAsync(await Program.Value, arguments);

    /// <summary>The manifests of a release named <c>edgerelease</c>.</summary>
    public static Task<string> TemplateAsync(params string[] arguments) =>
        RunAsync(["template", "edgerelease", Chart, .. arguments]);

    /// <summary>The same as objects.</summary>
    public static async Task<IReadOnlyList<JsonObject>> ObjectsAsync(params string[] arguments) =>
        Yaml.Documents(await TemplateAsync(arguments));

    /// <summary>The kind of an object.</summary>
    public static string Kind(JsonObject rendered) => (string)rendered["kind"]!;

    /// <summary>The kind, the namespace if there is one, and the name.</summary>
    public static string Name(JsonObject rendered)
    {
        var metadata = rendered["metadata"]!;
        var ns = metadata["namespace"] is { } value ? $"{value}/" : "";
        return $"{Kind(rendered)} {ns}{metadata["name"]}";
    }
}
