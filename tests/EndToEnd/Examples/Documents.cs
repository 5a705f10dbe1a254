using System.Text.RegularExpressions;

namespace EdgeRelease.Tests.EndToEnd.Examples;

/// <summary>The YAML that users are shown: the examples' files, and the blocks in all pages. A block that is no whole object is
/// fenced as <c>yaml fragment</c>.</summary>
internal static partial class Documents
{
    private static readonly string Root = ControlPlane.RepositoryRoot();

    /// <summary>Folders whose pages and manifests are for Argo CD and Flux; the data in them is EdgeRelease's.</summary>
    private static readonly string[] OfOtherTools = ["examples/11-argo-cd/", "examples/12-flux/"];

    private static readonly string[] Made = ["bin", "obj", "node_modules", ".git", ".artifacts"];

    /// <summary>Paths relative to the checkout.</summary>
    public static IEnumerable<string> Paths =>
        Files("examples", "*.yaml")
            .Concat(Files("", "*.md").Where(path => Block().IsMatch(File.ReadAllText(Path.Combine(Root, path)))))
            .Where(path => !IsOfOtherTools(path))
            .Order(StringComparer.Ordinal);

    /// <summary>The YAML of a file as it would be applied: in a namespace that is there, with an address filled in.</summary>
    public static string Applicable(string path)
    {
        var text = File.ReadAllText(Path.Combine(Root, path));
        var yaml = path.EndsWith(".md", StringComparison.Ordinal)
            ? string.Join("---\n", Block().Matches(text).Select(match => match.Groups["yaml"].Value))
            : text;
        return yaml.Replace("namespace: plant-a", "namespace: default", StringComparison.Ordinal)
            .Replace("${LOSANT_URL}", "http://127.0.0.1:8642", StringComparison.Ordinal);
    }

    private static bool IsOfOtherTools(string path) =>
        OfOtherTools.Any(folder => path.StartsWith(folder, StringComparison.Ordinal))
        && !path.Contains("/testdata/", StringComparison.Ordinal);

    private static IEnumerable<string> Files(string folder, string pattern) =>
        Directory
            .EnumerateFiles(Path.Combine(Root, folder), pattern, SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(Root, file))
            .Where(path => !path.Split('/').Any(Made.Contains));

    [GeneratedRegex(
        "^```yaml\n(?<yaml>.*?)^```$",
        RegexOptions.Multiline | RegexOptions.Singleline | RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture
    )]
    private static partial Regex Block();
}
