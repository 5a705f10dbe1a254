using EdgeRelease.Simulation;
using Xunit;

namespace EdgeRelease.Tests.Unit.Simulation;

public sealed class LosantValidationTests
{
    private const string Id = "575ecf887ae143cd83dc4aa2";
    private readonly LosantWorld world = new();

    [Theory]
    [InlineData("release", null, "deployment is required")]
    [InlineData("remove", null, "deployment is required")]
    [InlineData("replace", null, "deployment is required")]
    [InlineData("release", "{}", "deployment.flowId is required")]
    [InlineData("release", "[]", "deployment is the wrong type")]
    [InlineData("release", "{'flowId':'ID'}", "deployment.version is required")]
    [InlineData("release", "{'flowId':'abc','version':'v'}", "deployment.flowId pattern mismatch")]
    [InlineData("release", "{'flowId':null,'version':'v'}", "deployment.flowId is the wrong type")]
    [InlineData("replace", "{'flowId':null,'oldVersion':'v','newVersion':'w'}", "deployment.flowId is the wrong type")]
    [InlineData("release", "{'flowId':'ID','version':''}", "deployment.version has less length than allowed")]
    [InlineData("release", "{'flowId':'ID','version':'LONG'}", "deployment.version has longer length than allowed")]
    [InlineData("release", "{'flowId':'ID','version':7}", "deployment.version is the wrong type")]
    [InlineData("release", "{'flowId':'ID','version':'v','extra':1}", "deployment has additional properties")]
    [InlineData("release", "{'flowId':'ID','version':'v','releaseTag':'t'}", "deployment has additional properties")]
    [InlineData("release", "{'flowId':7,'extra':1}", "deployment.version is required")]
    [InlineData("release", "{'flowId':7,'version':'v','extra':1}", "deployment has additional properties")]
    [InlineData(
        "release",
        "{'flowId':'ID','version':'v','deviceIds':['x']}",
        "deployment.deviceIds.0 pattern mismatch"
    )]
    [InlineData(
        "release",
        "{'flowId':'ID','version':'v','deviceIds':IDS1001}",
        "deployment.deviceIds has more items than allowed"
    )]
    [InlineData("release", "{'flowId':'ID','version':'v','deviceIds':'ID'}", "deployment.deviceIds is the wrong type")]
    [InlineData("release", "{'flowId':'ID','version':'v','deviceIds':null}", "deployment.deviceIds is the wrong type")]
    [InlineData(
        "release",
        "{'flowId':'ID','version':'v','deviceTags':[{'key':'a b'}]}",
        "deployment.deviceTags.0.key pattern mismatch"
    )]
    [InlineData(
        "release",
        "{'flowId':'ID','version':'v','deviceTags':[{'value':''}]}",
        "deployment.deviceTags.0.value has less length than allowed"
    )]
    [InlineData(
        "release",
        "{'flowId':'ID','version':'v','deviceTags':[{'x':1}]}",
        "deployment.deviceTags.0 has additional properties"
    )]
    [InlineData(
        "release",
        "{'flowId':'ID','version':'v','deviceTags':TAGS101}",
        "deployment.deviceTags has more items than allowed"
    )]
    [InlineData("remove", "{}", "deployment.flowId is required")]
    [InlineData("remove", "{'flowId':null}", "deployment.deviceId is required")]
    [InlineData(
        "replace",
        "{'flowId':'ID','oldVersion':null,'newVersion':'v'}",
        "deployment.oldVersion is the wrong type"
    )]
    [InlineData("replace", "{'flowId':'ID','oldVersion':'v'}", "deployment.newVersion is required")]
    public void Refuses_a_body_with_the_words_of_losant(string verb, string? body, string message)
    {
        var reply = world.Send(new LosantAsk("POST", $"{world.Deployments}/{verb}") { Body = Expanded(body) });
        Assert.Equal((400, "Validation", message), (reply.Status, reply.Type, reply.Message));
    }

    [Theory]
    [InlineData("sortField=name", "sortField must be an enum value")]
    [InlineData("sortDirection=ASC", "sortDirection must be an enum value")]
    [InlineData("deviceId=", "deviceId pattern mismatch")]
    [InlineData("deviceId=abc", "deviceId pattern mismatch")]
    [InlineData("flowId=abc", "flowId pattern mismatch")]
    [InlineData("page=1&page=2", "page is the wrong type")]
    public void Refuses_a_query_parameter_of_deployments(string query, string message)
    {
        var reply = world.Rows(query);
        Assert.Equal((400, message), (reply.Status, reply.Message));
    }

    [Theory]
    [InlineData("deviceClass=toaster", "deviceClass no (or more than one) schemas match")]
    [InlineData("tagFilter=a", "tagFilter is the wrong type")]
    [InlineData("tagFilter[0][x]=a", "tagFilter.0 has additional properties")]
    [InlineData("query={", "query is the wrong type")]
    [InlineData("query={\"colour\":1}", "query has additional properties")]
    [InlineData("query={\"id\":\"abc\"}", "query.id no (or more than one) schemas match")]
    [InlineData("query={\"$and\":[{\"colour\":1}]}", "query.$and.0 has additional properties")]
    [InlineData("filterField=id", "filterField must be an enum value")]
    public void Refuses_a_query_parameter_of_devices(string query, string message)
    {
        var reply = world.ListDevices(query.Replace("{", "%7B", StringComparison.Ordinal));
        Assert.Equal((400, message), (reply.Status, reply.Message));
    }

    [Fact]
    public void Reads_a_tag_filter_of_20_entries_and_refuses_one_of_22()
    {
        string Filter(int entries) =>
            string.Join('&', Enumerable.Range(0, entries).Select(index => $"tagFilter[{index}][key]=ring"));
        Assert.Equal(3, world.ListDevices(Filter(20)).Total);
        Assert.Equal("tagFilter is the wrong type", world.ListDevices(Filter(22)).Message);
    }

    [Fact]
    public void Takes_a_body_that_is_not_json_for_text()
    {
        var reply = world.Send(
            new LosantAsk("POST", $"{world.Deployments}/release") { Body = "{}", ContentType = "text/plain" }
        );
        Assert.Equal("deployment is the wrong type", reply.Message);
    }

    [Fact]
    public void Reads_a_form_as_an_object()
    {
        var reply = world.Send(
            new LosantAsk("POST", $"{world.Deployments}/release")
            {
                Body = $"flowId={world.Flow.Id}&version=v2&deviceIds[]={world.Devices[0].Id}",
                ContentType = "application/x-www-form-urlencoded",
            }
        );
        Assert.Equal(201, reply.Status);
        Assert.Equal("v2", world.Row(0).State.Desired);
    }

    [Fact]
    public void Answers_broken_json_without_a_type()
    {
        var reply = world.Post("release", "{");
        Assert.Equal(400, reply.Status);
        Assert.Equal("InvalidContent", reply.Json.GetProperty("code").GetString());
        Assert.False(reply.Json.TryGetProperty("type", out _));
    }

    [Fact]
    public void Refuses_an_application_id_that_is_none()
    {
        var reply = world.Get("/applications/abc/edge/deployments");
        Assert.Equal((400, "applicationId pattern mismatch"), (reply.Status, reply.Message));
    }

    [Fact]
    public void Takes_the_verb_of_a_write_for_an_id_when_it_is_read()
    {
        var reply = world.Get($"{world.Deployments}/release");
        Assert.Equal((400, "edgeDeploymentId pattern mismatch"), (reply.Status, reply.Message));
    }

    [Theory]
    [InlineData("POST", "/applications/ID/edge/deployments", "POST is not allowed")]
    [InlineData("GET", "/openapi.json", "GET is not allowed")]
    [InlineData("DELETE", "/applications/ID/edge/deployments/ID", "DELETE is not allowed")]
    [InlineData("GET", "/applications/ID/flows/ID/versions/LONG", "GET is not allowed")]
    public void Answers_405_for_what_is_not_there(string method, string path, string message)
    {
        var reply = world.Send(new LosantAsk(method, Expanded(path)!));
        Assert.Equal((405, "MethodNotAllowed", message), (reply.Status, reply.Type, reply.Message));
    }

    [Fact]
    public void Ignores_a_trailing_slash_and_unknown_parameters() =>
        Assert.Equal(3, world.Get(world.Deployments + "/", "colour=red").Total);

    private static string? Expanded(string? text) =>
        text
            ?.Replace('\'', '"')
            .Replace("IDS1001", $"[{string.Join(',', Enumerable.Repeat($"\"{Id}\"", 1001))}]", StringComparison.Ordinal)
            .Replace("TAGS101", $"[{string.Join(',', Enumerable.Repeat("{}", 101))}]", StringComparison.Ordinal)
            .Replace("LONG", new string('v', 256), StringComparison.Ordinal)
            .Replace("ID", Id, StringComparison.Ordinal);

    [Theory]
    [InlineData("""{"flowId":"\ud800","version":"v"}""")]
    [InlineData("""{"flowId":"575ecf887ae143cd83dc4aa2","version":"\udc00x"}""")]
    [InlineData("""{"flowId":"575ecf887ae143cd83dc4aa2","version":"v","\ud800":1}""")]
    public void Refuses_and_records_a_body_with_half_a_character(string body)
    {
        Assert.Equal(400, world.Post("release", body).Status);
        Assert.Equal(400, Assert.IsType<RequestRecord>(world.Losant.Record.Entries[^1]).Status);

        world.Release("v2", 0);
        Assert.IsType<DeviceChangeRecord>(world.Losant.Record.Entries[^1]);
    }

    [Theory]
    [InlineData("$gt", "1e300", 0)]
    [InlineData("$lt", "1e300", 3)]
    [InlineData("$gt", "-1e300", 3)]
    public void Compares_times_with_numbers_beyond_all_times(string comparison, string number, int found)
    {
        var query = Uri.EscapeDataString($"{{\"lastUpdated\":{{\"{comparison}\":{number}}}}}");

        var reply = world.ListDevices("query=" + query);

        Assert.Equal((200, found), (reply.Status, reply.Total));
    }
}
