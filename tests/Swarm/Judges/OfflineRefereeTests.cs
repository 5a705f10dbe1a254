using System.Text.Json.Nodes;
using static EdgeRelease.Tests.Swarm.Judgement;

namespace EdgeRelease.Tests.Swarm;

/// <summary>The judgement on who waits for offline devices can fail. The step has room for two of ten.</summary>
public sealed class OfflineRefereeTests : IDisposable
{
    private readonly Courtroom _court = new(devices: 10);

    public OfflineRefereeTests()
    {
        _court.Counts("waiting", 10);
        _court.Status["waitingFor"] = new JsonObject { ["kind"] = "Reachable" };
    }

    public void Dispose() => _court.Dispose();

    [Fact]
    public void Finds_a_release_that_waits_for_offline_devices_beside_connected_ones()
    {
        _court.Devices[0].Disconnect();
        Broken("I22", Schedule.Broken(_court.Judge));
    }

    [Fact]
    public void Accepts_a_release_that_waits_when_no_device_is_connected()
    {
        _court.Devices.ToList().ForEach(device => device.Disconnect());
        Assert.Null(Schedule.Broken(_court.Judge));
    }

    [Fact]
    public void Accepts_a_release_that_waits_when_its_step_is_full()
    {
        Assert.Null(_court.Send(1, 2));
        Assert.Null(Schedule.Broken(_court.Judge));
    }
}
