using System.Text.Json.Nodes;
using EdgeRelease.Planning;
using static EdgeRelease.Tests.Swarm.Judgement;

namespace EdgeRelease.Tests.Swarm;

/// <summary>The judgement on rollbacks because of losses can fail.</summary>
public sealed class LossRefereeTests
{
    [Fact]
    public void Accepts_a_rollback_when_only_moved_devices_went_dark() =>
        Assert.Null(RolledBack(devices: 30, lost: [1, 2], dark: 0));

    [Fact]
    public void Finds_a_rollback_because_of_one_loss() => Broken("I7", RolledBack(devices: 30, lost: [1], dark: 0));

    [Fact]
    public void Finds_a_rollback_with_too_few_others() => Broken("I7", RolledBack(devices: 11, lost: [1, 2], dark: 0));

    [Fact]
    public void Finds_a_rollback_when_as_many_others_went_dark() =>
        Broken("I7", RolledBack(devices: 30, lost: [1, 2], dark: 10));

    private static string? RolledBack(int devices, int[] lost, int dark)
    {
        using var court = new Courtroom(devices);
        Assert.Null(court.Send(1, 2));
        court.World.Run(TimeSpan.FromMinutes(1));
        foreach (var number in lost.Concat(Enumerable.Range(3, dark)))
        {
            court.Devices[number - 1].Disconnect();
        }

        court.World.Run(TimeSpan.FromMinutes(30));
        foreach (var number in lost)
        {
            court.Ended(number, Outcome.Lost, error: null);
        }

        court.Status["latch"] = new JsonObject
        {
            ["kind"] = "Breach",
            ["scope"] = "Release",
            ["at"] = court.World.Time.Now.ToString("O"),
            ["reason"] = $"{lost.Length} of 2 devices went dark on the version",
        };
        (court.Back, court.Cause) = ("v1", BackCause.Rollback);
        return court.Send(1, 2);
    }
}
