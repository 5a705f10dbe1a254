using EdgeRelease.Api;
using EdgeRelease.Cli;
using Xunit;

namespace EdgeRelease.Tests.Unit.Cli;

/// <summary>Rollouts in virtual time from a file (F119).</summary>
public sealed class SimulateTests : IDisposable
{
    private const string Release = """
        apiVersion: edgerelease.dev/v1alpha1
        kind: EdgeRelease
        metadata: {name: line-monitor}
        spec:
          application: plant-b
          flow: line-monitor
          version: v1.4.0
          deviceTags: {line: packaging}
          deviceTagExpressions: [{key: region, operator: In, values: [eu, us]}]
          rollout:
            steps:
            - {name: lab, deviceTags: {ring: lab}, all: true}
            - {name: half, percentage: 50, approval: true}
            - {name: rest, percentage: 100}
          limits: {maxUnavailable: 20%, perGroup: {tag: site, maxUnavailable: 2}}

        """;

    private readonly string _file = Path.GetTempFileName();

    public void Dispose() => File.Delete(_file);

    [Fact]
    public async Task Tells_a_rollout_to_its_end_within_its_limits()
    {
        var (code, output, error) = await RunAsync(Release, "--devices 40 --offline 10%");

        Assert.True(code == 0, error);
        Assert.Contains("deploy v1.4.0 to 1 gateway [", output, StringComparison.Ordinal);
        Assert.Contains("a person approves r1-s2-", output, StringComparison.Ordinal);
        Assert.Contains("ended Complete after ", output, StringComparison.Ordinal);
        var most = output.Split("most devices unavailable at once: ")[1].Split('\n')[0];
        Assert.InRange(int.Parse(most, System.Globalization.CultureInfo.InvariantCulture), 1, 8);
    }

    [Theory]
    [InlineData("  embedded: {allowUnknownBundle: true}\n", "")]
    [InlineData("", "--embedded")]
    public async Task Plays_microcontrollers_for_an_embedded_flow(string more, string option)
    {
        var (code, output, error) = await RunAsync(Release.TrimEnd() + "\n" + more, $"--devices 4 {option}");

        Assert.True(code == 0, error);
        Assert.StartsWith("4 boards run before", output, StringComparison.Ordinal);
        Assert.Contains("ended Complete after ", output, StringComparison.Ordinal);
    }

    [Fact]
    public void Takes_as_long_as_the_soaks_although_it_hardly_looks_in_them()
    {
        File.WriteAllText(_file, Release.Replace("all: true}", "all: true, soak: 48h}", StringComparison.Ordinal));

        var played = Play.Once(Scenario.Read(_file, 20), 1);

        Assert.InRange(played.Took, TimeSpan.FromHours(48), TimeSpan.FromHours(49));
        Assert.Equal(nameof(Phase.Complete), played.Phase);
    }

    [Fact]
    public async Task Tells_how_long_a_rollback_takes()
    {
        var (_, output, _) = await RunAsync(Release, "--devices 40 --fail 100%");

        Assert.Contains("fails on v1.4.0: it does not start", output, StringComparison.Ordinal);
        Assert.Contains("ended RolledBack after ", output, StringComparison.Ordinal);
        Assert.Contains("time to restore: ", output, StringComparison.Ordinal);
        Assert.Contains("in the end: 40 on before", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Counts_what_many_rollouts_came_to()
    {
        var (_, output, _) = await RunAsync(Release, "--devices 20 --fail 4% --seeds 8 -o json");

        var tally = System.Text.Json.JsonElement.Parse(output);
        Assert.Equal(8, tally.GetProperty("rollouts").GetInt32());
        var back = tally.GetProperty("rolledBackSeeds").GetArrayLength();
        Assert.InRange(back, 1, 7);
        Assert.Equal(back / 8.0, tally.GetProperty("rollbackChance").GetDouble());
    }

    [Fact]
    public void Plays_the_same_rollout_for_the_same_seed()
    {
        File.WriteAllText(_file, Release);
        var scenario = Scenario.Read(_file, 20) with { Failing = 0.1, Offline = 0.1 };

        Assert.Equal(Play.Once(scenario, 7), Play.Once(scenario, 7));
        Assert.NotEqual(Play.Once(scenario, 7).Story, Play.Once(scenario, 8).Story);
    }

    [Fact]
    public void Counts_the_limits_of_an_application_in_the_file()
    {
        const string application = """
            ---
            apiVersion: edgerelease.dev/v1alpha1
            kind: LosantApplication
            metadata: {name: plant-b}
            spec:
              applicationId: 575ec8687ae143cd83dc4a97
              tokenSecretRef: {name: t, key: t}
              guard: {maxUnavailable: 1}
              frozen: {reason: inventory}
            """;
        File.WriteAllText(_file, Release + application);

        var played = Play.Once(Scenario.Read(_file, 20), 1);

        Assert.Equal((nameof(Phase.Complete), 1), (played.Phase, played.MostAway));
    }

    [Theory]
    [InlineData("kind: Pod", "--devices 3", "has 0 objects of kind EdgeRelease")]
    [InlineData("{", "", "cannot read")]
    [InlineData(Release, "--devices 0", "--devices is 1 to 100000")]
    [InlineData(Release, "--fail x", "x is not a share such as 3%")]
    [InlineData("{kind: EdgeRelease, spec: {flow: f, version: develop, allDevices: true}}", "", "would be refused")]
    [InlineData("{kind: EdgeRelease, spec: {flow: 7}}", "", "cannot be read")]
    public async Task Says_what_is_wrong_with_the_input(string text, string more, string part)
    {
        var (code, output, error) = await RunAsync(text, more);

        Assert.Equal((1, ""), (code, output));
        Assert.Contains(part, error, StringComparison.Ordinal);
    }

    private async Task<(int Code, string Output, string Error)> RunAsync(string text, string more)
    {
        await File.WriteAllTextAsync(_file, text, TestContext.Current.CancellationToken);
        var screen = new Screen(new StringWriter(), new StringWriter());
        string[] words = ["simulate", "-f", _file, .. more.Split(' ', StringSplitOptions.RemoveEmptyEntries)];
        var code = await Shell.RunAsync(words, screen);
        return (code, screen.Out.ToString()!, screen.Error.ToString()!);
    }
}
