using System.Text.RegularExpressions;
using Xunit;

namespace EdgeRelease.Tests.Unit.House;

/// <summary>The pages that list reasons and Events have a row for each.</summary>
public sealed partial class ReferenceTests
{
    private const string Reasons = "charts/edgerelease/TROUBLESHOOTING.md";
    private const string Security = "charts/edgerelease/SECURITY.md";
    private const string Events = "charts/edgerelease/EVENTS.md";

    /// <summary>Reasons of Events that the code does not write as a word: they are taken from a verdict or a latch.</summary>
    private static readonly string[] Taken = ["AtPercentage", "Complete", "Breach", "Aborted"];

    [Fact]
    public void Tells_of_each_reason_what_it_means_and_what_to_do()
    {
        var known = Constant()
            .Matches(Tree.Text("operator/Api/Reasons.cs"))
            .Select(match => (match.Groups["name"].Value, Plain(match.Groups["means"].Value)));
        var told = Tree.Table(Reasons, "| reason | means | what to do |");

        Assert.Equal(known, told.Select(row => (row[0], row[1])));
        Assert.All(told, row => Assert.True(row[2].Length > 5, row[0]));
    }

    [Fact]
    public void Has_a_row_for_each_Event_that_the_code_writes()
    {
        var written = Tree
            .Sources.SelectMany(path => Note().Matches(Tree.Text(path)))
            .Select(match => match.Groups["name"].Value)
            .Concat(Taken)
            .Distinct();
        var told = Tree.Table(Events, "| reason | type | when |");

        Assert.Equal(written.Order(StringComparer.Ordinal), told.Select(row => row[0]).Order(StringComparer.Ordinal));
        Assert.All(told, row => Assert.True(row[1] is "Normal" or "Warning", row[0]));
    }

    [Fact]
    public void Tells_the_rights_that_the_chart_grants()
    {
        var granted = EdgeRelease
            .Tests.EndToEnd.Yaml.Documents(Tree.Text("charts/edgerelease/files/rbac.yaml"))[0]
            .SelectMany(part => part.Value!.AsArray())
            .SelectMany(rule =>
                from resource in Texts(rule!["resources"]!)
                from verb in Texts(rule["verbs"]!)
                select $"{verb} {resource}"
            );
        var told = Tree.Table(Security, "| where | resources | verbs |")
            .SelectMany(row =>
                from resource in Word().Matches(Bracket().Replace(row[1], "")).Select(match => match.Value)
                from verb in Word().Matches(Quote().Replace(row[2], "")).Select(match => match.Value)
                where verb != "of"
                select $"{verb} {resource}"
            );

        Assert.Equal(granted.Order(StringComparer.Ordinal), told.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Tells_the_scopes_of_the_token_once_and_again_in_the_README()
    {
        var told = Tree.Table(Security, "| scope | for |")
            .SelectMany(row => Scope().Matches(row[0]))
            .Select(match => match.Value)
            .ToList();

        Assert.Equal(11, told.Count);
        Assert.All(told, scope => Assert.Contains(scope, Tree.Text("README.md"), StringComparison.Ordinal));
    }

    private static IEnumerable<string> Texts(System.Text.Json.Nodes.JsonNode list) =>
        list.AsArray().Select(text => (string)text!);

    private static string Plain(string docstring) =>
        docstring.Replace("<c>", "`", StringComparison.Ordinal).Replace("</c>", "`", StringComparison.Ordinal);

    [GeneratedRegex(
        "<summary>(?<means>[^\n]*)</summary>\n *public const string (?<name>[A-Za-z]+)",
        RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture
    )]
    private static partial Regex Constant();

    [GeneratedRegex("[a-z][a-z/]+", RegexOptions.NonBacktracking)]
    private static partial Regex Word();

    [GeneratedRegex(@"\([^)]*\)", RegexOptions.NonBacktracking)]
    private static partial Regex Bracket();

    [GeneratedRegex("`[^`]*`", RegexOptions.NonBacktracking)]
    private static partial Regex Quote();

    [GeneratedRegex("`[a-zA-Z]+[.][a-zA-Z]+`", RegexOptions.NonBacktracking)]
    private static partial Regex Scope();

    [GeneratedRegex(
        "(new Notice\\(|new EventNote\\([A-Za-z]+: [a-z]+, |TellAsync\\(release, )[ \n]*(Reasons\\.|\")(?<name>[A-Za-z]+)",
        RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture
    )]
    private static partial Regex Note();
}
