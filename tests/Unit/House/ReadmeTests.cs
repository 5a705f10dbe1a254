using Xunit;

namespace EdgeRelease.Tests.Unit.House;

/// <summary>What strangers look for on the first page is there, in the order in which they look.</summary>
public sealed class ReadmeTests
{
    private static readonly string[] Sections =
    [
        "What it is",
        "A rollout, seen",
        "A first taste",
        "Quick start",
        "Install",
        "What it needs",
        "Packages",
        "How it is tested",
    ];

    /// <summary>Tutorial, how-to, reference, explanation.</summary>
    private static readonly string[] Kinds =
    [
        "examples/01-quickstart/README.md",
        "examples/03-rollback/README.md",
        "crds/README.md",
        "charts/edgerelease/README.md",
        "charts/edgerelease/METRICS.md",
        "charts/edgerelease/EVENTS.md",
        "operator/Cli/README.md",
        "operator/README.md",
    ];

    [Fact]
    public void Begins_with_the_two_commands_and_tells_what_people_look_for()
    {
        var lines = Tree.Lines("README.md");
        var sections = lines.Where(line => line.StartsWith("## ", StringComparison.Ordinal)).Select(line => line[3..]);
        var commands = lines
            .TakeWhile(line => !line.StartsWith("## ", StringComparison.Ordinal))
            .Where(line => line.StartsWith("    make ", StringComparison.Ordinal))
            .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1]);

        Assert.Equal(["run", "test"], commands);
        Assert.Equal(Sections, sections.Intersect(Sections));
    }

    [Fact]
    public void Leads_to_the_four_kinds_of_pages()
    {
        var page = Tree.Text("README.md");

        Violations.None(Kinds.Where(path => !page.Contains($"]({path})", StringComparison.Ordinal)));
    }

    [Fact]
    public void Tells_how_waiters_live_with_long_rollouts() =>
        Assert.Contains("## Long rollouts\n", Tree.Text("examples/12-flux/README.md"), StringComparison.Ordinal);
}
