using EdgeRelease.Simulation;
using Xunit;

namespace EdgeRelease.Tests.Unit.Simulation;

/// <summary>What nobody outside Losant knows about republishing, deleting and times, both ways.</summary>
public sealed class LosantSwitchTests
{
    [Theory]
    [InlineData(false, 1)]
    [InlineData(true, 2)]
    public void Hides_the_rows_of_a_deleted_device_until_it_is_restored(bool listed, int rows)
    {
        var other = new LosantWorld(2, new LosantUnknowns { ListsRowsOfDeletedDevices = listed });
        other.Devices[0].Remove();
        Assert.Equal(rows, other.Rows().Total);
        Assert.Equal(
            "Device was not found",
            other.Get($"/applications/{other.Application.Id}/devices/{other.Devices[0].Id}").Message
        );
        other.Devices[0].Restore();
        Assert.Equal(2, other.Rows().Total);
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, true)]
    public void Takes_republished_content_at_once_only_when_the_switch_says_so(bool redeploys, bool taken)
    {
        var other = new LosantWorld(1, new LosantUnknowns { RepublishRedeploys = redeploys });
        var before = other.Row(0).State.CurrentEtag;
        other.Flow.Republish("v1");
        other.Pass(2);
        Assert.Equal(taken, before != other.Row(0).State.CurrentEtag);
        other.Release("v1", 0);
        other.Pass(2);
        Assert.NotEqual(before, other.Row(0).State.CurrentEtag);
        Assert.Equal("v1", other.Row(0).State.Current);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Keeps_the_id_of_a_republished_version_only_when_the_switch_says_so(bool keeps)
    {
        var other = new LosantWorld(1, new LosantUnknowns { RepublishKeepsId = keeps });
        var (id, etag) = (other.Flow.FindVersion("v1")!.Id, other.Flow.FindVersion("v1")!.Etag);
        var again = other.Flow.Republish("v1");
        Assert.NotEqual(etag, again.Etag);
        Assert.Equal(keeps, id == again.Id);
        Assert.Equal(2, other.Flow.Versions.Count);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Moves_the_time_of_a_row_by_a_report_as_the_switch_says(bool moves)
    {
        var other = new LosantWorld(1, new LosantUnknowns { ReportsChangeLastUpdated = moves });
        other.Release("v2", 0);
        var scheduled = other.Row(0).State.LastUpdated;
        other.Pass(1);
        Assert.Equal(moves, other.Row(0).State.LastUpdated > scheduled);
    }

    [Theory]
    [InlineData(true, 2)]
    [InlineData(false, 1)]
    public void Changes_a_device_by_its_connection_as_the_switch_says(bool changes, int found)
    {
        var other = new LosantWorld(2, new LosantUnknowns { ConnectionsChangeLastUpdated = changes });
        other.Pass(60);
        other.Devices[0].Disconnect();
        other.Devices[1].SetAgentVersion("3.0.0");
        var query = """{"lastUpdated":{"$gt":"2026-01-01T00:00:30.000Z"}}""";
        Assert.Equal(found, other.ListDevices("query=" + Uri.EscapeDataString(query)).Total);
    }
}
