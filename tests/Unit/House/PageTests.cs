using System.Text.RegularExpressions;
using Xunit;

namespace EdgeRelease.Tests.Unit.House;

/// <summary>What the pages say of the tree is there.</summary>
public sealed partial class PageTests
{
    [Fact]
    public void Links_to_files_and_sections_that_exist()
    {
        var links = Tree.Pages.SelectMany(page => Links(page).Select(target => (page, target))).ToList();

        Assert.True(links.Count > 20, $"only {links.Count} links were found");
        Violations.None(links.FindAll(link => !Exists(link.page, link.target)));
    }

    [Fact]
    public void Gives_each_runtime_package_its_reason_in_the_README()
    {
        var used = Tree.Projects.SelectMany(project =>
            Tree.Includes(project, "PackageReference")
                .Select(package => (package, Path.GetFileNameWithoutExtension(project)))
        );
        var told = Tree.Table("README.md", "| package | where | why |");

        Assert.Equal(used.Order(), told.Select(row => (row[0], row[1])).Order());
        Assert.All(told, row => Assert.NotEqual("", row[2]));
    }

    [Fact]
    public void Names_only_make_targets_that_exist()
    {
        var targets = Target()
            .Matches(Tree.Text("Makefile"))
            .Select(match => match.Groups["name"].Value)
            .ToHashSet(StringComparer.Ordinal);
        var named = Tree
            .Pages.SelectMany(page => MakeCall().Matches(Tree.Text(page)).Select(match => match.Groups["name"].Value))
            .ToList();

        Assert.True(named.Count > 10, $"only {named.Count} calls of make were found");
        Violations.None(named.Except(targets, StringComparer.Ordinal));
    }

    private static IEnumerable<string> Links(string page) =>
        Link().Matches(Code().Replace(Tree.Text(page), "")).Select(match => match.Groups["name"].Value);

    private static bool Exists(string page, string target)
    {
        if (target.Contains("://", StringComparison.Ordinal))
        {
            return true;
        }

        var parts = target.Split('#', 2);
        var full = Path.Combine(
            Tree.Root,
            parts[0].Length == 0 ? page : Path.Join(Path.GetDirectoryName(page), parts[0])
        );
        return parts.Length == 1
            ? File.Exists(full) || Directory.Exists(full)
            : File.Exists(full) && File.ReadLines(full).Any(line => Anchor(line) == parts[1]);
    }

    /// <summary>What a link to a heading ends in: its letters and digits in lower case, blanks as hyphens.</summary>
    private static string? Anchor(string line) =>
        line.StartsWith('#')
            ? new string([
                .. line.TrimStart('#')
                    .Trim()
                    .ToLowerInvariant()
                    .Where(c => char.IsLetterOrDigit(c) || c is ' ' or '-' or '_')
                    .Select(c => c == ' ' ? '-' : c),
            ])
            : null;

    [GeneratedRegex(@"\]\((?<name>[^)\s]+)\)", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Link();

    [GeneratedRegex(
        @"^```.*?^```$|`[^`\n]*`",
        RegexOptions.Singleline | RegexOptions.Multiline | RegexOptions.NonBacktracking
    )]
    private static partial Regex Code();

    [GeneratedRegex(
        "^(?<name>[a-z-]+):",
        RegexOptions.Multiline | RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture
    )]
    private static partial Regex Target();

    [GeneratedRegex(
        "(`|^    |^)make (?<name>[a-z-]+)",
        RegexOptions.Multiline | RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture
    )]
    private static partial Regex MakeCall();
}
