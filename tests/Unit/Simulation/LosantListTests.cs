using EdgeRelease.Simulation;
using Xunit;

namespace EdgeRelease.Tests.Unit.Simulation;

public sealed class LosantListTests
{
    [Fact]
    public void Pages_by_100_rows_from_page_zero_with_all_counts()
    {
        var world = new LosantWorld(250);
        var reply = world.Rows("sortField=id&page=2");
        Assert.Equal(50, reply.Items.Count);
        Assert.Equal(250, reply.Total);
        Assert.Equal(50, reply.Json.GetProperty("count").GetInt32());
        Assert.Equal(100, reply.Json.GetProperty("perPage").GetInt32());
        Assert.Equal(2, reply.Json.GetProperty("page").GetInt32());
        Assert.Equal("asc", reply.Json.GetProperty("sortDirection").GetString());
        Assert.Equal(world.Application.Id, reply.Json.GetProperty("applicationId").GetString());
        Assert.Equal(world.Application.Rows[200].Id, reply.Ids[0]);
    }

    [Fact]
    public void Answers_an_empty_page_beyond_the_end() => Assert.Empty(new LosantWorld(3).Rows("page=9").Items);

    [Fact]
    public void Cuts_a_large_page_to_the_most_rows_and_says_so()
    {
        var world = new LosantWorld(5, new LosantUnknowns { MaxPerPage = 2 });
        var reply = world.Rows("perPage=1000");
        Assert.Equal(2, reply.Items.Count);
        Assert.Equal(2, reply.Json.GetProperty("perPage").GetInt32());
    }

    [Fact]
    public void Refuses_a_large_page_when_the_switch_says_so()
    {
        var world = new LosantWorld(5, new LosantUnknowns { RefusesLargePages = true });
        Assert.Equal(400, world.Rows("perPage=1001").Status);
        Assert.Equal(200, world.Rows("perPage=1000").Status);
    }

    [Theory]
    [InlineData("perPage=abc", 100)]
    [InlineData("perPage=0", 100)]
    [InlineData("perPage=7", 7)]
    public void Takes_the_default_for_a_page_size_that_is_none(string query, int perPage) =>
        Assert.Equal(perPage, new LosantWorld().Rows(query).Json.GetProperty("perPage").GetInt32());

    [Fact]
    public void Moves_rows_between_pages_of_the_default_order_when_devices_report()
    {
        var world = new LosantWorld(4);
        world.Release("v2", 0);
        var first = world.Rows("perPage=2").Ids;
        world.Pass(0.5);
        world.Release("v2", 1);
        var second = world.Rows("perPage=2&page=1").Ids;
        Assert.Equal([world.Row(1).Id, world.Row(2).Id], first);
        Assert.DoesNotContain(world.Row(3).Id, first.Concat(second));
        Assert.Contains(world.Row(1).Id, second);
    }

    [Fact]
    public void Keeps_rows_in_place_in_the_order_of_ids()
    {
        var world = new LosantWorld(4);
        var before = world.Rows("sortField=id").Ids;
        world.Release("v2", 2, 0);
        Assert.Equal(before, world.Rows("sortField=id").Ids);
        Assert.Equal(before.Reverse(), world.Rows("sortField=id&sortDirection=desc").Ids);
    }

    [Fact]
    public void Puts_new_rows_behind_the_others_in_the_order_of_ids()
    {
        var world = new LosantWorld(2);
        world.AddDevice();
        world.Release("v2", 2);
        Assert.Equal(world.Row(2).Id, world.Rows("sortField=id").Ids[^1]);
    }

    [Fact]
    public void Filters_by_flow_device_and_version_together()
    {
        var world = new LosantWorld(3);
        var other = world.Application.AddFlow(new FlowSetup("other"));
        other.AddVersion("v1");
        world.Application.Install(world.Devices[0], other, "v1");
        world.Release("v2", 1);
        Assert.Equal(4, world.Rows("version=v1").Total);
        Assert.Equal([world.Row(1).Id], world.Rows("version=v2").Ids);
        Assert.Equal(3, world.Rows($"flowId={world.Flow.Id}").Total);
        Assert.Equal(2, world.Rows($"deviceId={world.Devices[0].Id}").Total);
        Assert.Equal(1, world.Rows($"deviceId={world.Devices[0].Id}&flowId={other.Id}&version=v1").Total);
    }

    [Theory]
    [InlineData("filterEmpty=true", false, 1)]
    [InlineData("filterEmpty=false", false, 2)]
    [InlineData("filterEmpty=false", true, 1)]
    [InlineData("", false, 2)]
    public void Hides_emptied_rows_as_asked(string query, bool falseFilters, int rows)
    {
        var world = new LosantWorld(2, new LosantUnknowns { FilterEmptyFalseFilters = falseFilters });
        world.Release(null, 0);
        world.Pass(2);
        Assert.Equal(rows, world.Rows(query).Total);
    }

    [Fact]
    public void Sorts_devices_by_name_unless_told_otherwise()
    {
        var world = new LosantWorld(0);
        foreach (var name in (string[])["b", "a", "C"])
        {
            world.Application.AddDevice(new DeviceSetup { Name = name });
        }

        string[] Names(string query) =>
            [.. world.ListDevices(query).Items.Select(item => item.GetProperty("name").GetString()!)];
        Assert.Equal(["C", "a", "b"], Names(""));
        Assert.Equal(["b", "a", "C"], Names("sortField=id"));
        Assert.Equal(["C", "a", "b"], Names("sortField=id&sortDirection=desc"));
    }

    [Fact]
    public void Filters_devices_by_a_name_with_stars_whatever_the_case()
    {
        var world = new LosantWorld(0);
        foreach (var name in (string[])["gateway-1", "Gateway-12", "press-1"])
        {
            world.Application.AddDevice(new DeviceSetup { Name = name });
        }

        Assert.Equal(2, world.ListDevices("filterField=name&filter=gate*").Total);
        Assert.Equal(2, world.ListDevices("filterField=name&filter=*-1").Total);
        Assert.Equal(1, world.ListDevices("filterField=name&filter=g*w*12").Total);
        Assert.Equal(0, world.ListDevices("filterField=name&filter=gateway").Total);
    }

    [Fact]
    public void Lists_only_cloud_flows_unless_told_otherwise()
    {
        var world = new LosantWorld();
        var flows = $"/applications/{world.Application.Id}/flows";
        Assert.Equal(0, world.Get(flows).Total);
        Assert.Equal([world.Flow.Id], world.Get(flows, "flowClass=edge").Ids);
        Assert.Equal([world.Flow.Id], world.Get(flows, "query=%7B%22name%22%3A%22line-monitor%22%7D").Ids);
    }

    [Fact]
    public void Finds_a_version_by_id_and_by_name()
    {
        var world = new LosantWorld();
        var versions = $"/applications/{world.Application.Id}/flows/{world.Flow.Id}/versions";
        var slashed = world.Flow.AddVersion("a/b", "2.0.0");
        Assert.Equal(3, world.Get(versions).Total);
        Assert.Equal("v1", world.Get($"{versions}/v1").Json.GetProperty("version").GetString());
        Assert.Equal(slashed.Id, world.Get($"{versions}/a%2Fb").Json.GetProperty("id").GetString());
        Assert.Equal(
            "2.0.0",
            world.Get($"{versions}/{slashed.Id}").Json.GetProperty("minimumAgentVersion").GetString()
        );
        Assert.Equal("Flow Version was not found", world.Get($"{versions}/develop").Message);
    }

    [Fact]
    public void Answers_404_for_what_does_not_exist()
    {
        var world = new LosantWorld();
        var root = $"/applications/{world.Application.Id}";
        var nobody = new string('0', 24);
        Assert.Equal("Device was not found", world.Get($"{root}/devices/{nobody}").Message);
        Assert.Equal("Flow was not found", world.Get($"{root}/flows/{nobody}").Message);
        Assert.Equal("Edge Deployment was not found", world.Get($"{root}/edge/deployments/{nobody}").Message);
    }

    [Fact]
    public void Leaves_links_and_connections_out_when_asked()
    {
        var world = new LosantWorld();
        Assert.True(world.ListDevices("").Items[0].TryGetProperty("_links", out _));
        var bare = world.ListDevices("_links=false&excludeConnectionInfo=true").Items[0];
        Assert.False(bare.TryGetProperty("_links", out _));
        Assert.False(bare.TryGetProperty("connectionInfo", out _));
    }

    [Fact]
    public void Says_nothing_of_a_time_for_a_device_that_never_connected()
    {
        var world = new LosantWorld(0);
        world.Application.AddDevice(new DeviceSetup { Connected = null });
        Assert.Equal(
            """{"connected":null}""",
            world.ListDevices("").Items[0].GetProperty("connectionInfo").GetRawText()
        );
    }
}
