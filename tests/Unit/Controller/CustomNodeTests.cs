using EdgeRelease.Api;
using EdgeRelease.Simulation;
using Xunit;

namespace EdgeRelease.Tests.Unit.Controller;

/// <summary>F122: custom nodes come along with the versions that run them.</summary>
public sealed class CustomNodeTests : IDisposable
{
    private readonly Bench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Fact]
    public void Lists_the_custom_nodes_that_a_version_brings_along_and_the_agent_that_each_needs()
    {
        var parser = Node("parser", "v3", "1.41.0");
        var scale = Node("scale", "v1", null);
        parser.FindVersion("v3")!.CustomNodes = [(scale, "v1")];
        _bench.Flow.FindVersion("v2")!.CustomNodes = [(parser, "v3"), (parser, "v2")];
        _bench.Add(3);
        _bench.Apply("{'version': 'v2', 'rolloutPercentage': 100}");
        _bench.Start();

        _bench.Until(Phase.Complete);

        Assert.Equal(
            ["parser v3 1.41.0", "parser v2 ", "scale v1 "],
            _bench.Status.Plan!.CustomNodes.Select(node => $"{node.Name} {node.Version} {node.MinimumAgentVersion}")
        );
    }

    [Fact]
    public void Asks_for_each_custom_node_once_and_not_with_every_pass()
    {
        var parser = Node("parser", "v3", "1.41.0");
        _bench.Flow.FindVersion("v2")!.CustomNodes = [(parser, "v3")];
        _bench.Add(3);
        _bench.Apply("{'version': 'v2', 'rolloutPercentage': 100}");
        _bench.Start();

        _bench.Until(Phase.Complete);
        _bench.Run(TimeSpan.FromMinutes(10));

        Assert.Single(
            _bench.Requests,
            request => request.Path.EndsWith($"/flows/{parser.Id}/versions", StringComparison.Ordinal)
        );
    }

    private SimulatedFlow Node(string name, string version, string? minimum)
    {
        var node = _bench.Application.AddFlow(new FlowSetup(name) { FlowClass = "customNode" });
        node.AddVersion(version, minimum);
        return node;
    }
}
