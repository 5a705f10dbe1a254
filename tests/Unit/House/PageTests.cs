using System.Text.RegularExpressions;
using Xunit;

namespace EdgeRelease.Tests.Unit.House;

/// <summary>What the pages say of the tree is there.</summary>
public sealed partial class PageTests
{
    [Fact]
    public void Links_to_files_that_exist()
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
        var path = target.Split('#')[0];
        var isElsewhere = target.Contains("://", StringComparison.Ordinal) || path.Length == 0;
        var full = Path.Combine(Tree.Root, Path.GetDirectoryName(page)!, path);
        return isElsewhere || File.Exists(full) || Directory.Exists(full);
    }

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
