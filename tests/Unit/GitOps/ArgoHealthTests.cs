using System.Text.Json;
using System.Text.Json.Nodes;
using EdgeRelease.Api;
using EdgeRelease.Planning;
using EdgeRelease.Tests.Unit.Planning;
using EdgeRelease.Tests.Unit.Planning.Builders;
using Xunit;

namespace EdgeRelease.Tests.Unit.GitOps;

/// <summary>What Argo CD shows of each state.</summary>
public sealed class ArgoHealthTests
{
    private static readonly string[] ForAPerson =
    [
        Reasons.WaitingForApproval,
        Reasons.Paused,
        Reasons.PausedByPolicy,
        Reasons.Frozen,
    ];

    /// <summary>Every state of the table that kstatus is held to, with what kstatus makes of it.</summary>
    public static TheoryData<Phase, string, string> States =>
        [
            .. typeof(SummaryStateTests)
                .GetMethod(nameof(SummaryStateTests.Reads_as_the_table_says_when_planned))!
                .GetCustomAttributesData()
                .Where(row => row.AttributeType == typeof(InlineDataAttribute))
                .Select(row =>
                    (IReadOnlyList<System.Reflection.CustomAttributeTypedArgument>)row.ConstructorArguments[0].Value!
                )
                .Select(row => ((Phase)row[0].Value!, (string)row[1].Value!, (string)row[5].Value!))
                .Append((Phase.Waiting, Reasons.Frozen, "InProgress")),
        ];

    public static TheoryData<string> Kinds => ["EdgeRelease", "LosantApplication"];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Passes_the_test_data_in_upstreams_form(string kind)
    {
        var customization = new Customization(kind);
        var tests = customization.Document("health_test.yaml")["tests"]!.AsArray();

        Assert.Equal(customization.TestData(".").Order(), tests.Select(test => (string)test!["inputPath"]!).Order());
        Assert.All(
            tests,
            test =>
            {
                var thing = customization.Document((string)test!["inputPath"]!);
                var health = LuaScript.Run(customization.Health, thing);
                Assert.True(JsonNode.DeepEquals(test["healthStatus"], health), $"{test} {health}");
            }
        );
    }

    [Theory]
    [MemberData(nameof(States))]
    public void Shows_each_state_of_the_operator_as_the_table_says(Phase phase, string reason, string kstatus)
    {
        var world = new World(3) { Generation = 7 };
        world.Pass();
        var verdict = new Verdict(phase, reason, "what happens next");
        var status = World.Stored(Summary.Of(world.Input(world.Plan! with { Verdict = verdict })));

        var expected = kstatus switch
        {
            "Current" => "Healthy",
            "Failed" => "Degraded",
            _ when phase == Phase.RollingBack => "Degraded",
            _ when ForAPerson.Contains(reason) => "Suspended",
            _ => "Progressing",
        };
        var health = Health(status, generation: 7);
        Assert.Equal(expected, (string?)health["status"]);
        Assert.EndsWith("what happens next", (string?)health["message"], StringComparison.Ordinal);
    }

    [Fact]
    public void Shows_progress_until_the_newest_spec_was_seen()
    {
        var world = new World(3);

        Assert.Equal("Healthy", (string?)Health(world.Settle(), generation: 1)["status"]);
        Assert.Equal("Progressing", (string?)Health(world.Status!, generation: 2)["status"]);
        Assert.Equal("Progressing", (string?)Health(new EdgeReleaseStatus(), generation: 1)["status"]);
    }

    [Fact]
    public void Shows_progress_while_Losant_is_away()
    {
        var obstacle = new Obstacle(Reasons.LosantUnreachable, "why");
        var status = Summary.ForObstacle(null, 3, obstacle, ObstacleKind.Unreachable, DateTimeOffset.UnixEpoch);

        Assert.Equal("Progressing", (string?)Health(status, generation: 3)["status"]);
    }

    private static JsonNode Health(EdgeReleaseStatus status, long generation) =>
        LuaScript.Run(
            new Customization("EdgeRelease").Health,
            new JsonObject
            {
                ["metadata"] = new JsonObject { ["generation"] = generation },
                ["status"] = JsonSerializer.SerializeToNode(status, ApiJson.Default.EdgeReleaseStatus),
            }
        )!;
}
