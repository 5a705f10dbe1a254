using Xunit;

namespace EdgeRelease.Tests.EndToEnd.Operator;

/// <summary>The main job, judged by Losant's own record: a good version reaches the fleet step by step, a bad one is
/// taken back.</summary>
public sealed class RolloutTests(ControlPlaneFixture controlPlane, ITestOutputHelper output)
{
    [Fact]
    public async Task Moves_60_devices_in_three_steps_and_arms_the_offline_ones_last()
    {
        await using var stage = await Stage.OpenAsync(controlPlane);
        var before = await stage.Losant.FleetAsync();
        await stage.ConnectAsync();
        await stage.ApplyAsync(Manifests.Release("v1.4.0"));

        await stage.UntilPhaseAsync("Complete");

        var record = await stage.Losant.RecordAsync();
        output.WriteLine($"{record.Requests.Count} requests, {record.Posts.Count()} of them deploy");
        var offline = before
            .Where(pair => !pair.Value.Connected)
            .Select(pair => pair.Key)
            .ToHashSet(StringComparer.Ordinal);
        Assert.Equal(3, offline.Count);
        var walk = new Walk("v1.4.0", TimeSpan.FromSeconds(2), record.Changes);
        Assert.All(walk.Batches, batch => Assert.InRange(batch.Moved, 1, Share(batch.Confirmed)));
        Assert.All(
            walk.Batches,
            batch => Assert.True(batch.Confirmed == 57 || !batch.Devices.Any(offline.Contains), $"{batch}")
        );
        Assert.All(
            walk.Batches.Where(batch => batch.Confirmed < 57),
            batch => Assert.InRange(batch.Moved - batch.Confirmed, 0, 6)
        );
        Assert.Equal(60, walk.Batches.Sum(batch => batch.Devices.Count));
        var after = await stage.Losant.FleetAsync();
        Assert.All(after.Values, device => Assert.Equal("v1.4.0", device.Desired));
        Assert.All(after.Values, device => Assert.Equal(device.Connected ? "v1.4.0" : "v1.3.0", device.Current));
    }

    [Fact]
    public async Task Takes_a_failing_version_back_to_what_each_device_ran()
    {
        await using var stage = await Stage.OpenAsync(controlPlane);
        await stage.ConnectAsync();
        await stage.ApplyAsync(Manifests.Release("v1.4.0", Manifests.AtOnce(50), confirm: "0s"));
        await stage.UntilPhaseAsync("AtPercentage");
        var before = await stage.Losant.FleetAsync();

        await stage.ApplyAsync(Manifests.Release("v1.5.0"));
        var status = await stage.UntilPhaseAsync("RolledBack");

        Assert.Equal("False RolledBack", status.Ready);
        Assert.Equal(30, before.Values.Count(device => device.Current == "v1.4.0"));
        Assert.Equal(before.Versions, (await stage.Losant.FleetAsync()).Versions);
        var moved = (await stage.Losant.RecordAsync()).Commands.Where(change => change.To == "v1.5.0").ToList();
        Assert.NotEmpty(moved);
        Assert.Distinct(moved.Select(change => change.Device));
    }

    /// <summary>Devices that may be moved once so many are confirmed: 10, 50 and 100 % of 60, and the offline last.</summary>
    private static int Share(int confirmed) =>
        confirmed switch
        {
            >= 57 => 60,
            >= 30 => 57,
            >= 6 => 30,
            _ => 6,
        };
}
