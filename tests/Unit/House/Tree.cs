using System.Text.RegularExpressions;

namespace EdgeRelease.Tests.Unit.House;

/// <summary>The files of the checkout that the tests run in, by paths relative to it.</summary>
internal static partial class Tree
{
    private static readonly string[] Made = ["bin", "obj", "node_modules", ".git", ".artifacts"];

    public static string Root { get; } = Find();

    /// <summary>The C# sources of the operator.</summary>
    public static IReadOnlyList<string> Sources { get; } = Files("operator", "*.cs");

    /// <summary>The C# sources of the tests.</summary>
    public static IReadOnlyList<string> Tests { get; } = Files("tests", "*.cs");

    /// <summary>Every page of documentation.</summary>
    public static IReadOnlyList<string> Pages { get; } = Files(".", "*.md");

    /// <summary>The operator's project files.</summary>
    public static IReadOnlyList<string> Projects { get; } = Files("operator", "*.csproj");

    public static string Text(string path) => File.ReadAllText(Path.Combine(Root, path));

    public static string[] Lines(string path) => File.ReadAllLines(Path.Combine(Root, path));

    /// <summary>The rows of a Markdown table, cell by cell, from its header to the first line that is none.</summary>
    public static IReadOnlyList<string[]> Table(string page, string header) =>
        [
            .. Lines(page)
                .SkipWhile(line => line != header)
                .Skip(2)
                .TakeWhile(line => line.StartsWith('|'))
                .Select(line => line.Trim('|').Split('|', StringSplitOptions.TrimEntries)),
        ];

    /// <summary>What a project file includes by an element, as <c>PackageReference</c>.</summary>
    public static IEnumerable<string> Includes(string project, string element) =>
        Include()
            .Matches(Text(project))
            .Where(match => match.Groups["element"].Value == element)
            .Select(match => match.Groups["name"].Value);

    private static List<string> Files(string under, string pattern) =>
        [
            .. Directory
                .EnumerateFiles(Path.Combine(Root, under), pattern, SearchOption.AllDirectories)
                .Select(file => Path.GetRelativePath(Root, file))
                .Where(path => !path.Split('/').Any(Made.Contains))
                .Order(StringComparer.Ordinal),
        ];

    private static string Find()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Operator.sln")))
        {
            folder = folder.Parent ?? throw new InvalidOperationException("no Operator.sln above the test assembly");
        }

        return folder.FullName;
    }

    [GeneratedRegex(
        """<(?<element>\w+) Include="(?<name>[^"]+)"[ >]""",
        RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture
    )]
    private static partial Regex Include();
}
