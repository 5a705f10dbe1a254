using EdgeRelease.Api;
using EdgeRelease.Cli;
using EdgeRelease.Controller;
using EdgeRelease.Tests.Unit.Planning;
using Xunit;

namespace EdgeRelease.Tests.Unit.Cli;

public sealed class PlanViewTests
{
    [Fact]
    public void Lists_the_custom_nodes_of_the_version_for_people_and_for_programs()
    {
        var plan = A.Loop(A.Release(), A.Fleet().Of(2).On("v1")).Pass();
        var outline = new PlanStatus
        {
            CustomNodes =
            [
                new PlannedNode
                {
                    Name = "parser",
                    Version = "v3",
                    MinimumAgentVersion = "1.41.0",
                },
                new PlannedNode { Name = "scale", Version = "v1" },
            ],
        };
        var wanted = new Wanted(A.Release(), null, null) { Flow = new PinnedFlow { Name = "line-monitor" } };
        var preview = new Preview(wanted, plan, new EdgeReleaseStatus { Plan = outline });

        var lines = PlanView.Lines(Sights.Of(null), preview, isWide: false, width: 80).Select(line => line.Text);
        var nodes = PlanView.Document(Sights.Of(null), preview)["customNodes"]!;

        Assert.Contains("  custom nodes: parser@v3 (agent 1.41.0 or newer), scale@v1", lines);
        Assert.Equal("1.41.0", nodes[0]!["minimumAgentVersion"]!.GetValue<string>());
        Assert.Equal("scale", nodes[1]!["name"]!.GetValue<string>());
    }
}
