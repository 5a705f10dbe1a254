using Xunit;

namespace EdgeRelease.Tests.Unit.House;

/// <summary>The design page's table of folders is what the project files say.</summary>
public sealed class ArrowTests
{
    private static readonly IReadOnlyList<(string Folder, string[] Targets)> Drawn =
    [
        .. Tree.Table("operator/README.md", "| folder | references | is |")
            .Select(row => (row[0], row[1] == "nothing" ? [] : row[1].Split(", "))),
    ];

    [Fact]
    public void Draws_every_folder_that_has_a_project() =>
        Assert.Equal(
            Tree.Projects.Select(Folder).Order(StringComparer.Ordinal),
            Drawn.Select(row => row.Folder).Order(StringComparer.Ordinal)
        );

    [Fact]
    public void References_exactly_what_is_drawn() =>
        Assert.All(
            Tree.Projects,
            project =>
                Assert.Equal(
                    Drawn.Single(row => row.Folder == Folder(project)).Targets.Order(StringComparer.Ordinal),
                    Tree.Includes(project, "ProjectReference").Select(Folder).Order(StringComparer.Ordinal)
                )
        );

    [Fact]
    public void Draws_arrows_upwards_only()
    {
        var above = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (folder, targets) in Drawn)
        {
            Assert.Subset(above, targets.ToHashSet(StringComparer.Ordinal));
            above.Add(folder);
        }
    }

    [Fact]
    public void Turns_transitive_references_off() =>
        Assert.Contains(
            "<DisableTransitiveProjectReferences>true</DisableTransitiveProjectReferences>",
            Tree.Text("Directory.Build.props"),
            StringComparison.Ordinal
        );

    private static string Folder(string project) => Path.GetFileNameWithoutExtension(project);
}
