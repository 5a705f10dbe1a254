using EdgeRelease.Simulation;
using Xunit;

namespace EdgeRelease.Tests.Unit.Simulation;

public sealed class LosantDeviceQueryTests
{
    private readonly LosantWorld world = new(0);

    public LosantDeviceQueryTests()
    {
        Add("a", "edgeCompute", ("ring", "canary"), ("site", "berlin"));
        Add("b", "edgeCompute", ("ring", "canary"), ("ring", "lab"));
        Add("c", "edgeCompute", ("site", "lyon"));
        Add("d", "standalone");
        world.Devices[2].Disconnect();
        world.Pass(60);
        world.Devices[1].Retag(new KeyValuePair<string, string>("ring", "canary"), new("ring", "lab"));
    }

    [Theory]
    [InlineData("{'tags':{'ring':'canary'}}", "ab")]
    [InlineData("{'tags':{'ring':{'$in':['lab','x']}}}", "b")]
    [InlineData("{'tags':{'ring':{'$nin':['lab']}}}", "acd")]
    [InlineData("{'tags':{'ring':null}}", "cd")]
    [InlineData("{'tags':{'$tagKey':'site'}}", "ac")]
    [InlineData("{'tags':{'$tagValue':'lyon'}}", "c")]
    [InlineData("{'tags':{'$tagKey':'site','$tagValue':'berlin'}}", "a")]
    [InlineData("{'tags':{'$tagKey':{'$in':['site']},'$tagValue':{'$nin':['berlin']}}}", "c")]
    [InlineData("{'tags':null}", "d")]
    [InlineData("{'tags':{'$eq':{'ring':'lab'}}}", "b")]
    [InlineData("{'tags':{'$ne':{'ring':'canary'}}}", "cd")]
    [InlineData("{'tags':{'ring':'canary','site':'berlin'}}", "a")]
    [InlineData("{'deviceClass':'edgeCompute','connectionStatus':'connected'}", "ab")]
    [InlineData("{'connectionStatus':'disconnected'}", "c")]
    [InlineData("{'$and':[{'deviceClass':'edgeCompute'},{'tags':{'site':'lyon'}}]}", "c")]
    [InlineData("{'$or':[{'name':'a'},{'name':'d'}]}", "ad")]
    [InlineData("{'$nor':[{'name':'a'},{'name':'d'}]}", "bc")]
    [InlineData("{'name':{'$in':['a','c']}}", "ac")]
    [InlineData("{'name':{'$nin':['a','c']}}", "bd")]
    [InlineData("{'name':{'$ne':'a'}}", "bcd")]
    [InlineData("{'name':{'$gt':'a','$lte':'c'}}", "bc")]
    [InlineData("{'name':{'$gte':'c'}}", "cd")]
    [InlineData("{'name':{'$lt':'b'}}", "a")]
    [InlineData("{'deviceClass':{'$startsWith':'stand'}}", "d")]
    [InlineData("{'deviceClass':{'$endsWith':'compute','$ci':true}}", "abc")]
    [InlineData("{'deviceClass':{'$endsWith':'compute'}}", "")]
    [InlineData("{'deviceClass':{'$contains':'eCom'}}", "abc")]
    [InlineData("{'parentId':null}", "abcd")]
    [InlineData("{'lastUpdated':{'$gt':'2026-01-01T00:00:30.000Z'}}", "b")]
    [InlineData("{'lastUpdated':{'$gt':1767225630000}}", "b")]
    [InlineData("{'lastUpdated':{'$lte':'2026-01-01T00:00:30.000Z'}}", "acd")]
    [InlineData("{'disconnectedAt':{'$gte':'2026-01-01T00:00:00.000Z'}}", "c")]
    [InlineData("{}", "abcd")]
    public void Finds_the_devices_that_fit(string query, string names) => Assert.Equal(names, Find(query));

    [Fact]
    public void Finds_the_devices_after_an_id_for_paging_by_id()
    {
        var ids = world.Devices.Select(device => device.Id).ToArray();
        Assert.Equal("cd", Find($"{{'id':{{'$gt':'{ids[1]}'}}}}"));
        Assert.Equal("bcd", Find($"{{'id':{{'$gte':'{ids[1]}'}}}}"));
        Assert.Equal("bd", Find($"{{'id':{{'$in':['{ids[1]}','{ids[3]}']}}}}"));
        Assert.Equal("c", Find($"{{'deviceClass':'edgeCompute','id':{{'$gt':'{ids[1]}'}}}}"));
    }

    [Fact]
    public void Lets_a_query_override_the_plain_filters() =>
        Assert.Equal("d", Find("{'name':'d'}", "&deviceClass=edgeCompute&filterField=name&filter=a"));

    [Fact]
    public void Filters_by_one_class_or_several()
    {
        Assert.Equal(1, world.ListDevices("deviceClass=standalone").Total);
        Assert.Equal(4, world.ListDevices("deviceClass[0]=standalone&deviceClass[1]=edgeCompute").Total);
        Assert.Equal(4, world.ListDevices("deviceClass=standalone&deviceClass=edgeCompute").Total);
    }

    [Theory]
    [InlineData(Combination.And, 1)]
    [InlineData(Combination.Or, 3)]
    public void Combines_tag_filters_as_the_switch_says(Combination combination, int devices)
    {
        var other = new LosantWorld(3, new LosantUnknowns { TagFilter = combination });
        other.Devices[1].Retag(new KeyValuePair<string, string>("ring", "odd"), new("site", "x"));
        Assert.Equal(
            devices,
            other.ListDevices("tagFilter[0][key]=ring&tagFilter[1][key]=site&tagFilter[1][value]=x").Total
        );
    }

    [Fact]
    public void Hides_deleted_devices_unless_they_are_asked_for()
    {
        world.Devices[0].Remove();
        Assert.Equal("bcd", Find("{}"));
        Assert.Equal("a", Find("{}", "&queryDeleted=true"));
        world.Devices[0].Restore();
        Assert.Equal("abcd", Find("{}"));
    }

    private string Find(string query, string more = "")
    {
        var reply = world.ListDevices("query=" + Uri.EscapeDataString(query.Replace('\'', '"')) + more);
        Assert.True(reply.Status == 200, reply.Text);
        return string.Concat(reply.Items.Select(item => item.GetProperty("name").GetString()));
    }

    private void Add(string name, string deviceClass, params (string Key, string Value)[] tags) =>
        world.Application.AddDevice(
            new DeviceSetup
            {
                Name = name,
                DeviceClass = deviceClass,
                Tags = [.. tags.Select(tag => KeyValuePair.Create(tag.Key, tag.Value))],
            }
        );
}
