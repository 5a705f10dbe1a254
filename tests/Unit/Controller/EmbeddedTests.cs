using EdgeRelease.Api;
using EdgeRelease.Simulation;
using Xunit;

namespace EdgeRelease.Tests.Unit.Controller;

/// <summary>Releases of embedded flows, on both simulated servers.</summary>
public sealed class EmbeddedTests : IDisposable
{
    private const string Pump = "pump";
    private readonly Bench _bench = new();
    private readonly SimulatedFlow _pump;

    public EmbeddedTests() => _pump = _bench.AddFlow(Pump);

    public void Dispose() => _bench.Dispose();

    [Fact]
    public void Releases_an_embedded_flow_to_microcontrollers_on_their_own_path()
    {
        _bench.AddBoards(30, _pump);
        _bench.Apply("{'flow': 'pump', 'version': 'v2', 'rolloutPercentage': 100}");
        _bench.Start();

        _bench.Until(Phase.Complete);

        Assert.All(_bench.Application.Devices, device => Assert.Equal("v2", device.FindRow(_pump)!.State.Current));
        Assert.All(
            _bench.Posts,
            post => Assert.EndsWith("/embedded/deployments/release", post.Path, StringComparison.Ordinal)
        );
        Assert.Equal("embedded", _bench.Status.Version!.FlowClass);
        Assert.Equal(30, Observation.Microcontrollers);
    }

    [Fact]
    public void Reads_only_what_changed_once_nothing_is_under_way()
    {
        _bench.AddBoards(4, _pump);
        _bench.Apply("{'flow': 'pump', 'version': 'v2', 'rolloutPercentage': 100}");
        _bench.Start();
        _bench.Until(Phase.Complete);
        _bench.Run(TimeSpan.FromMinutes(5));
        var before = _bench.Requests.Count();

        _bench.Run(TimeSpan.FromMinutes(10));

        var reads = _bench
            .Requests.Skip(before)
            .Where(request => request.Path.EndsWith("/embedded/deployments", StringComparison.Ordinal))
            .ToList();
        Assert.NotEmpty(reads);
        Assert.All(
            reads,
            read => Assert.Contains("sortField=lastUpdated&sortDirection=desc", read.Query, StringComparison.Ordinal)
        );
    }

    [Fact]
    public void Keeps_gateways_and_microcontrollers_of_one_application_apart()
    {
        _bench.AddBoards(3, _pump);
        _bench.Add(5);
        _bench.Apply("{'version': 'v2', 'rolloutPercentage': 100}");
        _bench.Apply("{'flow': 'pump', 'version': 'v2', 'rolloutPercentage': 100}", Pump);
        _bench.Start();

        _bench.Until(() => _bench.IsComplete(Bench.Name) && _bench.IsComplete(Pump));
        _bench.Run(TimeSpan.FromMinutes(3));

        Assert.Equal(
            (5, 3),
            (
                _bench.Desired("v2"),
                _bench.Application.Devices.Count(device => device.FindRow(_pump)?.State.Current == "v2")
            )
        );
        Assert.Equal((8, 3), (Observation.Devices, Observation.Microcontrollers));
    }

    [Fact]
    public void Refuses_a_custom_node_and_says_why()
    {
        var node = _bench.AddFlow("parser", "customNode");
        _bench.Add(1);
        _bench.Apply($"{{'flow': '{node.Id}', 'version': 'v2', 'rolloutPercentage': 100}}");
        _bench.Start();

        _bench.Until(Phase.Blocked);

        Assert.Equal(Reasons.FlowClassUnsupported, _bench.ReadyOf(Bench.Name));
        Assert.Contains("parser is a custom node", _bench.Status.Message, StringComparison.Ordinal);
        Assert.Empty(_bench.Posts);
    }

    private ApplicationObservation Observation => _bench.ApplicationStatus().Observation!;
}
