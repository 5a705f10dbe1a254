using System.Text.Json.Nodes;

namespace EdgeRelease.Tests.Swarm;

/// <summary>The judgements on rings and counts can fail. Devices 1 to 3 are the lab; the steps are the lab, one other,
/// all.</summary>
public sealed class RefereeRingTests : IDisposable
{
    private readonly Courtroom _court = new(devices: 10);

    public RefereeRingTests()
    {
        _court.Spec["limits"] = new JsonObject { ["maxUnavailable"] = 10 };
        _court.Spec["rollout"]!["steps"] = new JsonArray(
            new JsonObject
            {
                ["name"] = "lab",
                ["deviceTags"] = new JsonObject { ["ring"] = "lab" },
                ["all"] = true,
            },
            new JsonObject { ["name"] = "one", ["count"] = 1 },
            new JsonObject { ["name"] = "all", ["all"] = true }
        );
        for (var i = 0; i < 3; i++)
        {
            _court.Devices[i].Retag(new KeyValuePair<string, string>("line", "a"), new("ring", "lab"));
        }
    }

    public void Dispose() => _court.Dispose();

    [Fact]
    public void Accepts_the_devices_of_the_ring() => Assert.Null(_court.Send(1, 2, 3));

    [Fact]
    public void Finds_a_device_outside_the_ring() => Broken(_court.Send(1, 4));

    [Fact]
    public void Finds_more_devices_of_the_ring_than_its_step_has()
    {
        var lab = _court.Spec["rollout"]!["steps"]![0]!.AsObject();
        lab.Remove("all");
        lab["count"] = 2;
        Broken(_court.Send(1, 2, 3));
    }

    [Fact]
    public void Accepts_as_many_devices_outside_the_ring_as_are_counted()
    {
        _court.At(2);
        Assert.Null(_court.Send(1, 2, 3, 4));
    }

    [Fact]
    public void Finds_more_devices_outside_the_ring_than_are_counted()
    {
        _court.At(2);
        Broken(_court.Send(4, 5));
    }

    private static void Broken(string? found) => Assert.StartsWith("I1:", found, StringComparison.Ordinal);
}
