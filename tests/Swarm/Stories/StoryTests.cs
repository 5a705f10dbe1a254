namespace EdgeRelease.Tests.Swarm;

/// <summary>Each story against the text that people have reviewed. UPDATE_GOLDEN=1 writes the texts anew.</summary>
public sealed class StoryTests
{
    private static readonly IReadOnlyDictionary<string, Action<Story>> Told = new[]
    {
        RolloutStories.All,
        RingStories.All,
        FailureStories.All,
        LossStories.All,
        EvidenceStories.All,
        PeopleStories.All,
        GateStories.All,
        BrakeStories.All,
        FlappingStories.All,
        PartingStories.All,
        LookingStories.All,
        OutageStories.All,
        RivalStories.All,
        EmbeddedStories.All,
    }
        .SelectMany(stories => stories)
        .ToDictionary(StringComparer.Ordinal);

    public static TheoryData<string> Names => [.. Told.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Goes_as_it_was_told(string name)
    {
        using var story = new Story(isEmbedded: EmbeddedStories.All.ContainsKey(name));
        Told[name](story);
        Assert.Null(story.Broken);
        var path = Path.Combine(Folder(), name + ".txt");
        if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1")
        {
            File.WriteAllText(path, story.Text);
        }

        Assert.Equal(File.Exists(path) ? File.ReadAllText(path) : "", story.Text, ignoreLineEndingDifferences: true);
    }

    [Fact]
    public void Has_a_story_for_each_text() =>
        Assert.Equal(
            Told.Keys.Order(),
            Directory.GetFiles(Folder(), "*.txt").Select(Path.GetFileNameWithoutExtension).Order()
        );

    private static string Folder()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Operator.sln")))
        {
            folder = folder.Parent ?? throw new DirectoryNotFoundException("Operator.sln is nowhere above the tests");
        }

        return Path.Combine(folder.FullName, "tests", "Swarm", "Stories");
    }
}
