using EdgeRelease.Simulation;
using Xunit;

namespace EdgeRelease.Tests.Unit.Simulation;

public sealed class LosantWriteTests
{
    [Fact]
    public void Schedules_a_release_on_the_named_devices_only()
    {
        var world = new LosantWorld(3);
        var reply = world.Release("v2", 2, 0, 2);
        Assert.Equal((201, """{"success":true}"""), (reply.Status, reply.Text));
        Assert.Equal(["v2", "v1", "v2"], world.Application.Rows.Select(row => row.State.Desired));
    }

    [Theory]
    [InlineData("[{'key':'ring','value':'even'}]", "0,2")]
    [InlineData("[{'key':'ring'}]", "0,1,2")]
    [InlineData("[{'value':'odd'}]", "1")]
    [InlineData("[{'value':'odd'},{'key':'ring','value':'even'}]", "0,1,2")]
    public void Schedules_a_release_on_devices_with_any_of_the_tags(string tags, string devices)
    {
        var world = new LosantWorld(3);
        world.Post("release", Body(world, $"'deviceTags':{tags}"));
        Assert.Equal(devices, Moved(world));
    }

    [Fact]
    public void Joins_named_devices_and_tags()
    {
        var world = new LosantWorld(3);
        world.Post("release", Body(world, $"'deviceIds':['{world.Devices[1].Id}'],'deviceTags':[{{'value':'even'}}]"));
        Assert.Equal("0,1,2", Moved(world));
    }

    [Fact]
    public void Combines_the_tags_of_a_release_by_and_when_the_switch_says_so()
    {
        var world = new LosantWorld(3, new LosantUnknowns { DeviceTags = Combination.And });
        world.Post("release", Body(world, "'deviceTags':[{'key':'ring'},{'value':'even'}]"));
        Assert.Equal("0,2", Moved(world));
    }

    [Theory]
    [InlineData(Untargeted.Refuse, 400, "")]
    [InlineData(Untargeted.Nobody, 201, "")]
    [InlineData(Untargeted.Everybody, 201, "0,1,2")]
    public void Treats_a_release_without_targets_as_the_switch_says(Untargeted untargeted, int status, string devices)
    {
        foreach (var targets in (string[])["'deviceIds':[]", "'deviceTags':[]", "'deviceTags':[{}]"])
        {
            var world = new LosantWorld(3, new LosantUnknowns { ReleaseWithoutTargets = untargeted });
            Assert.Equal(status, world.Post("release", Body(world, targets)).Status);
            Assert.Equal(devices, Moved(world));
        }
    }

    [Theory]
    [InlineData(Tolerance.Ignore, 201, "0")]
    [InlineData(Tolerance.NotFound, 404, "")]
    [InlineData(Tolerance.Refuse, 400, "")]
    public void Treats_strange_devices_as_the_switch_says(Tolerance tolerance, int status, string devices)
    {
        var world = new LosantWorld(2, new LosantUnknowns { StrangeDeviceIds = tolerance });
        world.Devices[1].Remove();
        var sensor = world.Application.AddDevice(new DeviceSetup { DeviceClass = "standalone" });
        foreach (var strange in (string[])[world.Devices[1].Id, sensor.Id, new string('0', 24)])
        {
            var ids = $"'deviceIds':['{world.Devices[0].Id}','{strange}']";
            Assert.Equal(status, world.Post("release", Body(world, ids)).Status);
            Assert.Equal(devices, Moved(world));
        }
    }

    [Fact]
    public void Answers_404_for_an_unknown_flow_and_version()
    {
        var world = new LosantWorld();
        Assert.Equal("Flow Version was not found", world.Release("v9", 0).Message);
        Assert.Equal("Flow Version was not found", world.Release("V2", 0).Message);
        Assert.Equal(404, world.Release("v9", 0).Status);
        var other = new LosantWorld(1, new LosantUnknowns { UnknownVersion = Tolerance.Refuse });
        Assert.Equal(400, other.Release("v9", 0).Status);
    }

    [Fact]
    public void Takes_a_version_in_other_case_by_its_own_name_when_the_switch_says_so()
    {
        var world = new LosantWorld(1, new LosantUnknowns { VersionsIgnoreCase = true });
        Assert.Equal(201, world.Release("V2", 0).Status);
        Assert.Equal("v2", world.Row(0).State.Desired);
    }

    [Theory]
    [InlineData(false, 400)]
    [InlineData(true, 201)]
    public void Releases_develop_only_when_the_switch_says_so(bool allowed, int status)
    {
        var world = new LosantWorld(1, new LosantUnknowns { DevelopCanBeReleased = allowed });
        Assert.Equal(status, world.Release("develop", 0).Status);
        world.Pass(2);
        Assert.Equal(allowed ? "develop" : "v1", world.Row(0).State.Current);
    }

    [Theory]
    [InlineData(Tolerance.NotFound, 404)]
    [InlineData(Tolerance.Refuse, 400)]
    public void Does_not_release_a_flow_of_another_class(Tolerance tolerance, int status)
    {
        var world = new LosantWorld(1, new LosantUnknowns { WrongFlowClass = tolerance });
        var cloud = world.Application.AddFlow(new FlowSetup("cloud") { FlowClass = "cloud" });
        cloud.AddVersion("v1");
        var body = $$"""{"flowId":"{{cloud.Id}}","version":"v1","deviceIds":["{{world.Devices[0].Id}}"]}""";
        Assert.Equal(status, world.Post("release", body).Status);
    }

    [Theory]
    [InlineData(ReplaceMatch.Desired, "1,2")]
    [InlineData(ReplaceMatch.Current, "0,1")]
    [InlineData(ReplaceMatch.Either, "0,1,2")]
    public void Replaces_on_every_device_that_the_switch_says(ReplaceMatch match, string devices)
    {
        var world = new LosantWorld(3, new LosantUnknowns { ReplaceMatches = match });
        world.Flow.AddVersion("v3");
        world.Devices[0].Disconnect();
        world.Release("v3", 0, 2);
        world.Pass(2);
        world.Devices[2].Disconnect();
        world.Release("v1", 2);
        var body = $$"""{"flowId":"{{world.Flow.Id}}","oldVersion":"v1","newVersion":"v2"}""";
        Assert.Equal(201, world.Post("replace", body).Status);
        Assert.Equal(devices, Moved(world));
    }

    [Fact]
    public void Replaces_only_by_a_version_that_exists_but_any_old_one()
    {
        var world = new LosantWorld();
        string Body(string old, string name) =>
            $$"""{"flowId":"{{world.Flow.Id}}","oldVersion":"{{old}}","newVersion":"{{name}}"}""";
        Assert.Equal(404, world.Post("replace", Body("v1", "v9")).Status);
        Assert.Equal(201, world.Post("replace", Body("v9", "v1")).Status);
        Assert.Equal("", Moved(world));
    }

    [Fact]
    public void Removes_from_one_device_from_all_and_all_from_one()
    {
        var world = new LosantWorld(3);
        var other = world.Application.AddFlow(new FlowSetup("other"));
        other.AddVersion("v1");
        world.Application.Install(world.Devices[0], other, "v1");
        Assert.Equal(201, Remove(world, world.Flow.Id, world.Devices[1].Id).Status);
        Assert.Equal(["v1", null, "v1"], Desired(world));
        Assert.Equal(201, Remove(world, null, world.Devices[0].Id).Status);
        Assert.Null(world.Devices[0].FindRow(other)!.State.Desired);
        Assert.Equal([null, null, "v1"], Desired(world));
        Assert.Equal(201, Remove(world, world.Flow.Id, null).Status);
        Assert.Equal([null, null, null], Desired(world));
        Assert.Equal(201, Remove(world, new string('0', 24), null).Status);
    }

    [Theory]
    [InlineData(Untargeted.Refuse, 400, "v1")]
    [InlineData(Untargeted.Nobody, 201, "v1")]
    [InlineData(Untargeted.Everybody, 201, null)]
    public void Treats_a_removal_of_everything_as_the_switch_says(Untargeted untargeted, int status, string? desired)
    {
        var world = new LosantWorld(1, new LosantUnknowns { RemoveWithoutTargets = untargeted });
        Assert.Equal(status, Remove(world, null, null).Status);
        Assert.Equal(desired, world.Row(0).State.Desired);
    }

    [Fact]
    public void Makes_a_row_for_a_release_but_not_for_a_removal()
    {
        var world = new LosantWorld(0);
        world.AddDevice();
        world.Release(null, 0);
        Assert.Empty(world.Application.Rows);
        world.Release("v1", 0);
        Assert.Null(Assert.Single(world.Application.Rows).State.Current);
    }

    [Fact]
    public void Leaves_flows_from_a_devices_disk_alone()
    {
        var world = new LosantWorld(0);
        var device = world.AddDevice();
        world.Application.Install(device, world.Flow, "v1", "line.flow");
        world.Release("v2", 0);
        Assert.Equal("v1", world.Row(0).State.Desired);
        Assert.Equal("line.flow", world.Rows().Items[0].GetProperty("fileName").GetString());
    }

    private static LosantReply Remove(LosantWorld world, string? flowId, string? deviceId)
    {
        string Id(string? id) => id is null ? "null" : $"\"{id}\"";
        return world.Post("remove", $$"""{"flowId":{{Id(flowId)}},"deviceId":{{Id(deviceId)}}}""");
    }

    private static string Body(LosantWorld world, string targets) =>
        $"{{'flowId':'{world.Flow.Id}','version':'v2',{targets}}}".Replace('\'', '"');

    private static IEnumerable<string?> Desired(LosantWorld world) =>
        world.Devices.Select(device => device.FindRow(world.Flow)!.State.Desired);

    private static string Moved(LosantWorld world) =>
        string.Join(
            ',',
            Enumerable
                .Range(0, world.Devices.Count)
                .Where(number => world.Devices[number].FindRow(world.Flow)?.State.Desired == "v2")
        );
}
