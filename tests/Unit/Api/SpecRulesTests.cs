using System.Text.Json;
using System.Text.Json.Nodes;
using EdgeRelease.Api;
using EdgeRelease.Tests.EndToEnd.Crd;
using EdgeRelease.Tests.Unit.House;
using Xunit;

namespace EdgeRelease.Tests.Unit.Api;

/// <summary>The table that the API server's tests read too: see tests/EndToEnd/Crd.</summary>
public sealed class SpecRulesTests
{
    private static readonly IReadOnlyDictionary<string, RuleTable> Tables = new[]
    {
        ApiKind.Release.Plural,
        ApiKind.Application.Plural,
    }.ToDictionary(plural => plural, plural => RuleTable.Read(Tree.Root, plural));

    public static TheoryData<string, string> Rules() =>
        [.. Tables.SelectMany(table => table.Value.Names.Select(name => (table.Key, name)))];

    [Theory]
    [MemberData(nameof(Rules))]
    public void Judges_a_spec_as_the_API_server_does(string plural, string rule)
    {
        var examples = Tables[plural].Examples(rule).ToList();

        Assert.Contains(examples, example => example.IsAccepted);
        Assert.Contains(examples, example => !example.IsAccepted);
        Assert.All(examples, example => Check(example, Problems(plural, example)));
    }

    [Fact]
    public void Has_examples_for_every_rule()
    {
        Type[] types =
        [
            typeof(EdgeReleaseSpec),
            typeof(TagExpression),
            typeof(RolloutSpec),
            typeof(RolloutStep),
            typeof(WindowSpec),
            typeof(RampSpec),
            typeof(FailurePolicySpec),
            typeof(LosantApplicationSpec),
            typeof(LosantApiSpec),
        ];

        var rules = types.SelectMany(type => SpecRules.Of(type)).Select(rule => rule.Message);

        Assert.Equal(
            rules.Order(StringComparer.Ordinal),
            Tables.Values.SelectMany(table => table.Says).Order(StringComparer.Ordinal)
        );
    }

    [Fact]
    public void Judges_the_spec_as_it_was_read_by_the_same_rules()
    {
        var spec = new EdgeReleaseSpec { Version = "develop", HistoryLimit = 51 };

        Assert.Equal(
            [
                "spec.flow: 0 characters: must be at least 1",
                "spec.historyLimit: 51: must be at most 50",
                "spec: set version to the name of a saved version: develop and default cannot be released",
                "spec: set either allDevices: true, or at least one of deviceTags, deviceTagExpressions and deviceIds",
                "spec: set rolloutPercentage, or rollout.ramp, or give rollout.steps at least one step",
            ],
            SpecRules.Problems(spec)
        );
    }

    [Fact]
    public void Judges_an_application_as_it_was_read_by_the_same_rules() =>
        Assert.Equal(
            [
                "spec.tokenSecretRef.name: 0 characters: must be at least 1",
                "spec.api: set pollIdle to between 1s and 24h",
            ],
            SpecRules.Problems(
                new LosantApplicationSpec
                {
                    ApplicationId = "575ec8687ae143cd83dc4a97",
                    TokenSecretRef = new() { Key = "token" },
                    Api = new() { PollIdle = TimeSpan.Zero },
                }
            )
        );

    [Fact]
    public void Takes_null_for_absent() =>
        Assert.Empty(
            SpecRules.ReleaseProblems(
                JsonElement.Parse(
                    """{"flow":"a","version":"v1","allDevices":true,"rolloutPercentage":10,"paused":null,"health":null,"application":null}"""
                )
            )
        );

    private static IReadOnlyList<string> Problems(string plural, RuleExample example)
    {
        var isRelease = plural == ApiKind.Release.Plural;
        var spec = Element(example.Spec);
        var problems = isRelease ? SpecRules.ReleaseProblems(spec) : SpecRules.ApplicationProblems(spec);
        if (example.From is not { } from || problems.Count > 0)
        {
            return problems;
        }

        return isRelease
            ? SpecRules.ChangeProblems(Release(Element(from)), Release(spec))
            : SpecRules.ChangeProblems(Application(Element(from)), Application(spec));
    }

    private static void Check(RuleExample example, IReadOnlyList<string> problems)
    {
        if (example.IsAccepted)
        {
            Assert.Empty(problems);
            return;
        }

        Assert.Contains(
            problems,
            problem =>
                problem.StartsWith(example.Field, StringComparison.Ordinal)
                && problem.Contains(example.Says, StringComparison.Ordinal)
        );
    }

    private static EdgeReleaseSpec Release(JsonElement spec) => spec.Deserialize(ApiJson.Default.EdgeReleaseSpec)!;

    private static LosantApplicationSpec Application(JsonElement spec) =>
        spec.Deserialize(ApiJson.Default.LosantApplicationSpec)!;

    private static JsonElement Element(JsonObject spec) => JsonElement.Parse(spec.ToJsonString());
}
