using System.Text.Json;
using EdgeRelease.Simulation;
using Xunit;

namespace EdgeRelease.Tests.Unit.Simulation;

/// <summary>Losant's second kind of deployment: one bundle for all flows of a microcontroller.</summary>
public sealed class EmbeddedDeploymentTests
{
    [Fact]
    public void Lists_one_row_for_a_device_with_a_map_of_its_flows()
    {
        var world = new EmbeddedWorld(2);
        var row = Assert.Single(world.List($"deviceId={world[0].Id}").Items);
        Assert.Equal(2, row.GetProperty("flows").EnumerateObject().Count());
        var pump = row.GetProperty("flows").GetProperty(world.Pump.Id);
        Assert.Equal(
            ("pump", "v1", "v1"),
            (Text(pump, "flowName"), Text(pump, "currentVersion"), Text(pump, "desiredVersion"))
        );
        Assert.Equal(Text(row, "desiredBundleVersion"), Text(row, "currentBundleVersion"));
        Assert.False(row.GetProperty("unknownBundle").GetBoolean());
        Assert.Equal(0, world.Get($"/applications/{world.Application.Id}/edge/deployments").Total);
    }

    [Fact]
    public void Sorts_downwards_and_gives_a_thousand_when_a_call_does_not_say()
    {
        var world = new EmbeddedWorld(2);
        world.Pass(60);
        world.Release(world.Pump, "v2", 1);
        var list = world.List();
        Assert.Equal(world[1].Bundle!.Id, list.Ids[0]);
        Assert.Equal(("desc", 1000), (Text(list.Json, "sortDirection"), list.Json.GetProperty("perPage").GetInt32()));
        Assert.Equal("sortField must be an enum value", world.List("sortField=deviceId").Message);
        Assert.Equal(
            (404, "Device was not found"),
            (
                world.List($"deviceId={new string('0', 24)}").Status,
                world.List($"deviceId={new string('0', 24)}").Message
            )
        );
        Assert.Equal(1, world.List("version=v2").Total);
        Assert.Equal(2, world.List($"flowId={world.Valve.Id}").Total);
    }

    [Fact]
    public void Builds_one_bundle_for_a_release_and_reports_it_with_the_flow()
    {
        var world = new EmbeddedWorld(2);
        Assert.Equal(201, world.Release(world.Pump, "v2", 0).Status);
        var pending = world.Read(0);
        Assert.NotEqual(Text(pending, "desiredBundleVersion"), Text(pending, "currentBundleVersion"));
        var built = world.Logs(0)[0];
        Assert.Equal(
            ("desired", "replaceFlow", world.Pump.Id, "v2", Text(pending, "desiredBundleVersion")),
            (
                Text(built, "changeType"),
                Text(built, "updateType"),
                Text(built, "updateFlowId"),
                Text(built, "desiredVersion"),
                Text(built, "newBundle")
            )
        );
        world.Pass(2);
        var done = world.Read(0);
        Assert.Equal(Text(done, "desiredBundleVersion"), Text(done, "currentBundleVersion"));
        Assert.Equal("v2", Text(done.GetProperty("flows").GetProperty(world.Pump.Id), "currentVersion"));
        Assert.Equal("v1", Text(world.Read(1).GetProperty("flows").GetProperty(world.Pump.Id), "desiredVersion"));
    }

    [Fact]
    public void Keeps_the_old_bundle_with_all_flows_when_one_of_them_cannot_be_loaded()
    {
        var world = new EmbeddedWorld(1);
        world[0].SetOutcome("v2", Outcome.Fails("does not fit"), world.Valve.Id);
        world.Release(world.Pump, "v2", 0);
        world.Release(world.Valve, "v2", 0);
        world.Pass(3);
        var failed = world.Logs(0)[0];
        Assert.Equal(
            ("does not fit", Text(world.Read(0), "desiredBundleVersion")),
            (Text(failed, "error"), Text(failed, "attemptedBundle"))
        );
        Assert.Equal(
            ("v1", "v1"),
            (world[0].FindRow(world.Pump)!.State.Current, world[0].FindRow(world.Valve)!.State.Current)
        );
        world.Release(world.Valve, "v1", 0);
        world.Pass(2);
        Assert.Equal(
            ("v2", "v1"),
            (world[0].FindRow(world.Pump)!.State.Current, world[0].FindRow(world.Valve)!.State.Current)
        );
    }

    [Fact]
    public void Reaches_microcontrollers_alone_and_takes_embedded_flows_alone()
    {
        var world = new EmbeddedWorld(1);
        var gateway = world.Application.AddDevice(new DeviceSetup());
        world.Post("release", $"{{'flowId':'{world.Pump.Id}','version':'v2','deviceIds':['{gateway.Id}']}}");
        Assert.Empty(gateway.Rows);
        Assert.Equal(
            "Flow was not found",
            world
                .Post(
                    "release",
                    $"{{'flowId':'{world.Application.Flows[0].Id}','version':'v2','deviceIds':['{world[0].Id}']}}"
                )
                .Message
        );
    }

    [Fact]
    public void Removes_one_flow_all_flows_or_replaces_a_version()
    {
        var world = new EmbeddedWorld(2);
        world.Post("replace", $"{{'flowId':'{world.Pump.Id}','oldVersion':'v1','newVersion':'v2'}}");
        world.Pass(2);
        Assert.All(world.Application.Devices, device => Assert.Equal("v2", device.FindRow(world.Pump)!.State.Current));
        world.Post("remove", $"{{'flowId':'{world.Pump.Id}','deviceId':'{world[0].Id}'}}");
        world.Pass(2);
        Assert.Equal("removeFlow", Text(world.Logs(0)[1], "updateType"));
        Assert.NotEqual("nullVersion", Text(world.Read(0), "currentBundleVersion"));
        world.Post("remove", $"{{'flowId':null,'deviceId':'{world[0].Id}'}}");
        world.Pass(2);
        Assert.Equal("nullVersion", Text(world.Read(0), "currentBundleVersion"));
        Assert.Equal("v1", world[1].FindRow(world.Valve)!.State.Current);
    }

    [Fact]
    public void Removes_all_flows_of_a_device_in_one_bundle()
    {
        var world = new EmbeddedWorld(1);
        var before = world.Logs(0).Count;
        world.Post("remove", $"{{'flowId':null,'deviceId':'{world[0].Id}'}}");
        Assert.Equal(before + 1, world.Logs(0).Count);
        Assert.Equal("clear", Text(world.Logs(0)[0], "updateType"));
    }

    [Fact]
    public void Builds_all_bundles_anew_when_the_globals_change()
    {
        var world = new EmbeddedWorld(2);
        var before = Text(world.Read(0), "desiredBundleVersion");
        world.Application.ChangeGlobals();
        Assert.Equal("globals", Text(world.Logs(0)[0], "updateType"));
        Assert.NotEqual(before, Text(world.Read(0), "desiredBundleVersion"));
        world.Pass(2);
        Assert.True(world[1].Bundle!.State.UpToDate);
        world.Application.ChangeGlobals("no such sensor");
        world.Pass(2);
        Assert.Equal("no such sensor", Text(world.Logs(0)[0], "error"));
    }

    [Theory]
    [InlineData(true, "device")]
    [InlineData(false, "newFlow")]
    public void Builds_a_bundle_anew_when_its_device_changes_as_the_switch_says(bool rebuilds, string type)
    {
        var world = new EmbeddedWorld(1, new LosantUnknowns { DeviceChangesRebuildBundles = rebuilds });
        world[0].Retag(new KeyValuePair<string, string>("site", "lyon"));
        Assert.Equal(type, Text(world.Logs(0).First(log => Text(log, "changeType") == "desired"), "updateType"));
    }

    [Theory]
    [InlineData(false, true)]
    [InlineData(true, false)]
    public void Reports_a_bundle_loaded_by_hand_and_replaces_it_as_the_switch_says(bool replaces, bool stays)
    {
        var world = new EmbeddedWorld(1, new LosantUnknowns { UnknownBundleIsReplaced = replaces });
        world[0].LoadByHand();
        Assert.True(world.Read(0).GetProperty("unknownBundle").GetBoolean());
        Assert.Equal("unknownBundle", Text(world.Logs(0)[0], "updateType"));
        world.Pass(2);
        Assert.Equal(stays, world.Read(0).GetProperty("unknownBundle").GetBoolean());
        world.Release(world.Pump, "v2", 0);
        world.Pass(2);
        Assert.False(world.Read(0).GetProperty("unknownBundle").GetBoolean());
        Assert.Equal("v2", world[0].FindRow(world.Pump)!.State.Current);
    }

    [Fact]
    public void Loads_at_the_next_connect_what_was_built_while_it_was_away()
    {
        var world = new EmbeddedWorld(1);
        world[0].Disconnect();
        world.Release(world.Pump, "v2", 0);
        world.Pass(60);
        Assert.Equal("v1", world[0].FindRow(world.Pump)!.State.Current);
        world[0].Connect();
        world.Pass(2);
        Assert.Equal("v2", world[0].FindRow(world.Pump)!.State.Current);
    }

    [Theory]
    [InlineData(false, "nullVersion")]
    [InlineData(true, null)]
    public void Says_that_there_is_no_bundle_as_the_switch_says(bool isNull, string? word)
    {
        var world = new EmbeddedWorld(0, new LosantUnknowns { NoBundleIsNull = isNull });
        world.AddDevice();
        world.Release(world.Pump, "v1", 0);
        Assert.Equal(word, Text(world.Read(0), "currentBundleVersion"));
        Assert.Equal("newFlow", Text(world.Logs(0)[0], "updateType"));
    }

    [Theory]
    [InlineData(false, 2)]
    [InlineData(true, 1)]
    public void Lists_removed_flows_as_the_switch_says(bool vanish, int flows)
    {
        var world = new EmbeddedWorld(1, new LosantUnknowns { RemovedFlowsVanish = vanish });
        world.Release(world.Pump, null, 0);
        world.Pass(2);
        Assert.Equal(flows, world.Read(0).GetProperty("flows").EnumerateObject().Count());
    }

    [Theory]
    [InlineData(
        "{'flowId':'ID','version':'v2','releaseTag':'t','deviceIds':[]}",
        "deployment must include deviceIds or deviceTags"
    )]
    [InlineData("{'flowId':'ID','version':'v2','colour':1}", "deployment has additional properties")]
    [InlineData("{'flowId':'ID','version':''}", "deployment.version has less length than allowed")]
    [InlineData("{}", "deployment.flowId is required")]
    public void Says_what_is_wrong_with_a_release(string body, string message)
    {
        var world = new EmbeddedWorld(1);
        Assert.Equal(
            message,
            world.Post("release", body.Replace("ID", world.Pump.Id, StringComparison.Ordinal)).Message
        );
    }

    private static string? Text(JsonElement owner, string name) => owner.GetProperty(name).GetString();
}
