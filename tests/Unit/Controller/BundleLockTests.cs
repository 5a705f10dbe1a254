using System.Text.Json.Nodes;
using EdgeRelease.Api;
using EdgeRelease.Controller;
using EdgeRelease.Simulation;
using Xunit;

namespace EdgeRelease.Tests.Unit.Controller;

/// <summary>Releases of two flows of one microcontroller take turns, because both are part of its bundle.</summary>
public sealed class BundleLockTests : IDisposable
{
    private readonly Bench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Fact]
    public void Lets_two_flows_of_one_device_take_turns_also_when_the_operator_starts_anew()
    {
        BeginPumpAndThenValve();
        _bench.Kill();
        _bench.Start();

        _bench.Run(TimeSpan.FromSeconds(60));

        Assert.Single(_bench.Posts);
        _bench.Until(() => _bench.IsComplete(Bench.Name) && _bench.IsComplete("valve"));
        Assert.Equal(2, _bench.Posts.Count);
    }

    [Fact]
    public void Waits_for_the_device_of_a_release_that_cannot_be_read_any_more_until_it_has_been_good_for_an_hour()
    {
        BeginPumpAndThenValve();
        _bench.EditSpec(spec => spec["limits"] = new JsonObject { ["maxUnavailable"] = 99_999_999_999 });
        _bench.Kill();
        _bench.Start();

        _bench.Run(TimeSpan.FromMinutes(20));

        Assert.Equal(Reasons.BundleBusy, _bench.ReadyOf("valve"));
        Assert.Single(_bench.Posts);
        _bench.Until(() => _bench.IsComplete("valve"));
        _bench.EditSpec(spec => spec.Remove("limits"));
        _bench.Until(() => _bench.IsComplete(Bench.Name));
    }

    [Fact]
    public void Waits_for_the_device_of_a_release_whose_application_is_gone_until_it_has_been_good_long_enough()
    {
        _bench.Connect("other", _bench.Application.Id);
        BeginPumpAndThenValve(", 'application': 'other'");
        _bench.Cluster.Remove(Kinds.Application, new(Bench.Namespace, "other"));

        _bench.Run(TimeSpan.FromMinutes(3));

        Assert.Equal(Reasons.BundleBusy, _bench.ReadyOf("valve"));
        Assert.Single(_bench.Posts);
        _bench.Until(() => _bench.IsComplete("valve"));
    }

    /// <summary>One device is told by one release, and loads it two minutes later; a release of another flow waits.</summary>
    private void BeginPumpAndThenValve(string pump = "")
    {
        var valve = _bench.AddFlow("valve");
        _bench.AddBoards(1, _bench.AddFlow("pump"), valve);
        _bench.Application.Devices[0].Behaviour = _bench.Application.Devices[0].Behaviour with
        {
            ApplyLatency = new Spread(TimeSpan.FromMinutes(2), TimeSpan.FromMinutes(2)),
        };
        _bench.Apply($"{{'flow': 'pump', 'version': 'v2', 'rolloutPercentage': 100{pump}}}");
        _bench.Start();
        _bench.Until(() => _bench.Posts.Count == 1);
        _bench.Apply("{'flow': 'valve', 'version': 'v2', 'rolloutPercentage': 100, 'application': 'plant-a'}", "valve");
        _bench.Run(TimeSpan.FromSeconds(30));
        Assert.Equal(Reasons.BundleBusy, _bench.ReadyOf("valve"));
    }
}
