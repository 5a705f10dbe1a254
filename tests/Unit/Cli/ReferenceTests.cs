using EdgeRelease.Cli;
using EdgeRelease.Tests.Unit.House;
using Xunit;

namespace EdgeRelease.Tests.Unit.Cli;

/// <summary>The page of all commands. UPDATE_GOLDEN=1 writes it anew, as <c>make generate</c> does.</summary>
public sealed class ReferenceTests
{
    private const string Page = "operator/Cli/README.md";

    private static readonly System.CommandLine.RootCommand Commands = Root.Of(
        new Frame(new Screen(TextWriter.Null, TextWriter.Null))
    );

    [Fact]
    public void Is_the_page_that_is_committed()
    {
        var text = ReferenceCommand.Text(Commands);
        if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1")
        {
            File.WriteAllText(Path.Combine(Tree.Root, Page), text);
        }

        Assert.Equal(text, Tree.Text(Page));
    }

    [Fact]
    public void Has_an_example_that_can_be_parsed_for_each_command()
    {
        var verbs = Commands.Subcommands.Cast<Verb>().Where(verb => !verb.Hidden).ToList();

        Assert.All(verbs, verb => Assert.NotEmpty(verb.Examples));
        Assert.All(
            verbs.SelectMany(verb => verb.Examples),
            line =>
            {
                var words = line[Verb.Prefix.Length..].Split(" > ")[0];
                Assert.Empty(Commands.Parse(words).Errors);
            }
        );
    }
}
