using System.Text.RegularExpressions;
using Xunit;

namespace EdgeRelease.Tests.Unit.House;

/// <summary>What CONTRIBUTING.md says of the operator's sources, and of the length of the tests'.</summary>
public sealed partial class SourceTests
{
    private const int LongestFile = 250;
    private const int LongestMember = 40;

    private static readonly string[] Empty =
    [
        "Manager",
        "Helper",
        "Service",
        "Util",
        "Utils",
        "Base",
        "Impl",
        "Data",
        "Info",
    ];

    /// <summary>Names that are somebody else's word for the thing.</summary>
    private static readonly string[] Taken = ["ServiceAccount"];

    [Fact]
    public void Keeps_files_at_250_lines_unless_the_first_line_says_why() =>
        Violations.None(
            Tree.Sources.Concat(Tree.Tests)
                .Where(path => IsLong(Tree.Lines(path)))
                .Select(path => $"{path}: {Tree.Lines(path).Length} lines")
        );

    [Fact]
    public void Keeps_members_at_40_lines()
    {
        var members = Tree.Sources.SelectMany(Members.Of).ToList();

        Assert.True(members.Count > 500, $"only {members.Count} members were found");
        Violations.None(members.FindAll(member => member.Length > LongestMember));
    }

    [Fact]
    public void Has_no_type_name_with_a_word_that_says_nothing()
    {
        var names = Tree
            .Sources.SelectMany(path => Declared().Matches(Tree.Text(path)))
            .Select(match => match.Groups["name"].Value)
            .ToList();

        Assert.True(names.Count > 200, $"only {names.Count} types were found");
        Violations.None(
            names.FindAll(name => !Taken.Contains(name) && Word().Matches(name).Any(word => Empty.Contains(word.Value)))
        );
    }

    [Fact]
    public void Has_no_docstring_with_an_empty_tag() =>
        Violations.None(
            Tree.Sources.SelectMany(path =>
                EmptyTag().Matches(Tree.Text(path)).Select(match => $"{path}: {match.Value}")
            )
        );

    private static bool IsLong(string[] lines) =>
        lines.Length > LongestFile && !lines[0].StartsWith("// ", StringComparison.Ordinal);

    [GeneratedRegex(
        @"^\s*((public|internal|private|protected|file|static|sealed|abstract|readonly|partial|ref) )+(class|record struct|record|struct|interface|enum) (?<name>\w+)",
        RegexOptions.Multiline | RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture
    )]
    private static partial Regex Declared();

    [GeneratedRegex("[A-Z][a-z0-9]*", RegexOptions.NonBacktracking)]
    private static partial Regex Word();

    [GeneratedRegex(@"<\w+( [^<>]*)?>[\s/]*</\w+>", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex EmptyTag();
}
