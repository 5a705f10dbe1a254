using System.Text.RegularExpressions;
using Xunit;

namespace EdgeRelease.Tests.Unit.House;

/// <summary>What users may expect stands in tests/EXPECTATIONS.md, each with the tests that prove it.</summary>
public sealed partial class ExpectationTests
{
    private const string Page = "tests/EXPECTATIONS.md";
    private const string Header = "| expectation | proven by |";

    /// <summary>Tables of the page, with their number of rows.</summary>
    private static readonly Dictionary<string, int> Tables = new(StringComparer.Ordinal)
    {
        ["Helm chart"] = 9,
        ["GitOps"] = 4,
        ["The API in kubectl"] = 7,
        ["Command line"] = 5,
        ["Documentation"] = 5,
    };

    [Fact]
    public void Has_every_row_of_the_five_tables()
    {
        Assert.Equal(Tables, Rows().CountBy(row => row.Table).ToDictionary(StringComparer.Ordinal));
    }

    [Fact]
    public void Names_for_each_at_least_one_test_and_only_tests_that_there_are()
    {
        var known = Tests();
        Assert.True(known.Count > 1000, $"only {known.Count} tests were found");

        Assert.All(Rows(), row => Assert.NotEmpty(row.Proofs));
        Violations.None(Rows().SelectMany(row => row.Proofs).Where(proof => !known.Contains(proof)));
    }

    private static IEnumerable<(string Table, IReadOnlyList<string> Proofs)> Rows()
    {
        var table = "";
        foreach (var line in Tree.Lines(Page))
        {
            if (line.StartsWith("## ", StringComparison.Ordinal))
            {
                table = line[3..];
            }
            else if (line.StartsWith("| ", StringComparison.Ordinal) && line != Header)
            {
                var cells = line.Trim('|').Split('|');
                yield return (table, [.. Proof().Matches(cells[^1]).Select(match => match.Groups["name"].Value)]);
            }
        }
    }

    /// <summary>Every test by class and method, and every script by its path.</summary>
    private static HashSet<string> Tests() =>
        [
            .. Tree.Tests.SelectMany(path =>
                Test()
                    .Matches(Tree.Text(path))
                    .Select(match => $"{Path.GetFileNameWithoutExtension(path)}.{match.Groups["name"].Value}")
            ),
            .. Directory
                .EnumerateFiles(Path.Combine(Tree.Root, "tests"), "*.sh")
                .Select(path => Path.GetFileName(path)),
        ];

    [GeneratedRegex("`(?<name>[^`]+)`", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Proof();

    [GeneratedRegex(
        @"\[(Fact|Theory)\].*?\n    public (async Task|Task|void) (?<name>[A-Za-z_0-9]+)\(",
        RegexOptions.Singleline | RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture
    )]
    private static partial Regex Test();
}
