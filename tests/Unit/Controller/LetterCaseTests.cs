using EdgeRelease.Api;
using EdgeRelease.Controller;
using EdgeRelease.Kubernetes;
using Xunit;

namespace EdgeRelease.Tests.Unit.Controller;

/// <summary>An id of Losant is the same in either case of its letters.</summary>
public sealed class LetterCaseTests : IDisposable
{
    private readonly Bench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Theory]
    [InlineData("plant-a", true)]
    [InlineData("plant-a", false)]
    [InlineData("plant-b", false)]
    public void Goes_on_when_its_LosantApplication_is_made_again_with_other_letters(string name, bool isNamed)
    {
        _bench.Add(4);
        _bench.Apply("{'version': 'v2', 'rolloutPercentage': 100}");
        if (!isNamed)
        {
            _bench.EditSpec(spec => spec.Remove("application"));
        }

        _bench.Start();
        _bench.Until(Phase.Complete);
        Assert.NotEqual(_bench.Application.Id, _bench.Application.Id.ToUpperInvariant());

        _bench.Cluster.Remove(Kinds.Application, new ResourceKey(Bench.Namespace, "plant-a"));
        _bench.Connect(name, _bench.Application.Id.ToUpperInvariant());
        _bench.EditSpec(spec => spec["version"] = "v3");
        _bench.Until(Phase.Complete);

        Assert.Equal(4, _bench.Desired("v3"));
    }

    [Fact]
    public void Moves_devices_of_a_flow_that_are_named_in_capitals()
    {
        _bench.Add(2);
        var ids = string.Join(',', _bench.Application.Devices.Select(device => $"'{device.Id.ToUpperInvariant()}'"));
        _bench.Apply(
            $"{{'version': 'v2', 'rolloutPercentage': 100, 'flow': '{_bench.Flow.Id.ToUpperInvariant()}', "
                + $"'deviceTags': {{}}, 'deviceIds': [{ids}]}}"
        );
        _bench.Start();
        _bench.Until(Phase.Complete);

        Assert.Equal(2, _bench.Desired("v2"));
    }
}
