using System.Text.Json.Nodes;
using EdgeRelease.Api;
using EdgeRelease.Tests.Unit.House;
using Xunit;

namespace EdgeRelease.Tests.Unit.GitOps;

/// <summary>What Argo CD lets people do with a release.</summary>
public sealed class ArgoActionTests
{
    private static readonly Customization Release = new("EdgeRelease");
    private static readonly JsonObject Cases = Release.Document("actions/action_test.yaml");

    private static readonly string[] Requests =
    [
        Annotations.Approve,
        Annotations.Promote,
        Annotations.Paused,
        Annotations.Abort,
        Annotations.Retry,
    ];

    public static TheoryData<string> Discoveries => [.. Inputs("discoveryTests")];

    public static TheoryData<string, string> Acts =>
        [
            .. Cases["actionTests"]!
                .AsArray()
                .Select(test => ((string)test!["action"]!, (string)test["expectedOutputPath"]!)),
        ];

    [Fact]
    public void Are_these_six() =>
        Assert.Equal(["abort", "approve", "pause", "promote", "resume", "retry"], Release.Actions.Order());

    [Fact]
    public void Are_tested_each() =>
        Assert.Equal(Release.Actions.Order(), Acts.Select(row => row.Data.Item1).Distinct().Order());

    [Theory]
    [MemberData(nameof(Discoveries))]
    public void Are_offered_when_they_make_sense(string path)
    {
        var test = Cases["discoveryTests"]!.AsArray().Single(each => (string?)each!["inputPath"] == path)!;
        var found = LuaScript.Run(Release.Discovery, Release.Document($"actions/{path}"))!.AsObject();

        Assert.Equal(Release.Actions.Order(), found.Select(member => member.Key).Order());
        foreach (var expected in test["result"]!.AsArray().Select(each => each!.DeepClone().AsObject()))
        {
            var name = (string)expected["name"]!;
            expected.Remove("name");
            Assert.True(JsonNode.DeepEquals(expected, found[name]), $"{name}: {found[name]?.ToJsonString()}");
        }
    }

    [Theory]
    [MemberData(nameof(Acts))]
    public void Write_the_request_and_nothing_else(string action, string output)
    {
        var test = Cases["actionTests"]!.AsArray().Single(each => (string?)each!["expectedOutputPath"] == output)!;
        var before = Release.Document($"actions/{test["inputPath"]}");
        var expected = Release.Document($"actions/{output}");

        var after = LuaScript.Run(Release.Action(action), before);

        Assert.True(JsonNode.DeepEquals(LuaScript.Trimmed(expected), after), after?.ToJsonString());
        Assert.Subset(Requests.ToHashSet(), Keys(expected).Concat(Keys(before)).ToHashSet());
        expected["metadata"]!.AsObject().Remove("annotations");
        before["metadata"]!.AsObject().Remove("annotations");
        Assert.True(JsonNode.DeepEquals(expected, before));
    }

    [Fact]
    public void Can_be_tried_where_they_are_offered()
    {
        foreach (var path in Inputs("discoveryTests"))
        {
            var thing = Release.Document($"actions/{path}");
            var offered = LuaScript
                .Run(Release.Discovery, thing)!
                .AsObject()
                .Where(each => !(bool)each.Value!["disabled"]!);

            Assert.All(offered, each => Assert.NotNull(LuaScript.Run(Release.Action(each.Key), thing)));
        }
    }

    /// <summary>The ConfigMap is made of the scripts; UPDATE_GOLDEN=1 writes it.</summary>
    [Fact]
    public void Stand_in_the_ConfigMap_as_in_the_scripts()
    {
        const string path = "examples/11-argo-cd/argocd-cm.yaml";
        var made = ArgoConfigMap.Text();
        if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") is "1")
        {
            File.WriteAllText(Path.Combine(Tree.Root, path), made);
        }

        Assert.Equal(made, Tree.Text(path));
    }

    private static IEnumerable<string> Inputs(string tests) =>
        Cases[tests]!.AsArray().Select(test => (string)test!["inputPath"]!).Distinct();

    private static IEnumerable<string> Keys(JsonObject thing) =>
        (thing["metadata"]!["annotations"]?.AsObject() ?? []).Select(member => member.Key);
}
