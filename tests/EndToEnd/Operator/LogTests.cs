using System.Text.Json;
using Xunit;

namespace EdgeRelease.Tests.EndToEnd.Operator;

public sealed class LogTests(ControlPlaneFixture controlPlane)
{
    private static readonly string[] Said = ["release", "revision", "step", "verdict", "reason", "time"];

    [Fact]
    public async Task Are_JSON_with_a_line_for_each_decision()
    {
        await using var stage = await Stage.OpenAsync(controlPlane, 10);
        var started = await stage.ConnectAsync();
        await stage.ApplyAsync(Manifests.Release("v1.4.0", Manifests.AtOnce(100), confirm: "0s"));
        await stage.UntilPhaseAsync("Complete");
        await started.Child.TerminateAsync();

        var lines = started.Child.Lines.Select(line => JsonElement.Parse(line)).ToList();
        var decisions = lines.FindAll(line => line.GetProperty("event").GetString() == "decision");

        Assert.All(decisions, line => Assert.All(Said, name => Assert.True(line.TryGetProperty(name, out _), name)));
        Assert.All(
            decisions,
            line => Assert.Equal($"{stage.Namespace}/line-monitor", line.GetProperty("release").GetString())
        );
        Assert.Contains(decisions, line => line.GetProperty("verdict").GetString() == "Progressing");
        Assert.Equal("Complete", decisions[^1].GetProperty("verdict").GetString());
    }
}
