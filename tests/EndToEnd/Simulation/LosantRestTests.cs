using System.Text.Json;
using EdgeRelease.Simulation;
using Xunit;

namespace EdgeRelease.Tests.EndToEnd.Simulation;

/// <summary>Losant's official JavaScript client takes the simulated Losant for the real one.</summary>
public sealed class LosantRestTests
{
    [Fact]
    public async Task Serves_the_official_javascript_client()
    {
        var seen = await DriveAsync();
        Assert.Equal(6, seen.GetProperty("devices").GetInt32());
        Assert.Equal(1, seen.GetProperty("tagged").GetInt32());
        Assert.Equal("plant-a", Text(seen, "application"));
        Assert.Equal("edgeCompute", Text(seen, "device"));
        Assert.Equal("line-monitor", Text(seen, "flow"));
        Assert.Equal(2, seen.GetProperty("flows").GetInt32());
        Assert.Equal("v1.3.0,v1.4.0,v1.5.0", List(seen, "versions"));
        Assert.Equal("v1.4.0", Text(seen, "version"));
        Assert.Equal("v1.3.0,v1.3.0,v1.3.0,v1.3.0,v1.3.0,v1.3.0", List(seen, "before"));
        Assert.Equal("v1.4.0,v1.3.0,v1.3.0,v1.3.0,v1.3.0,v1.3.0", List(seen, "released"));
        Assert.Equal("v1.4.0,v1.4.0,v1.4.0,v1.4.0,v1.4.0,v1.4.0", List(seen, "replaced"));
        Assert.Equal("null,v1.4.0,v1.4.0,v1.4.0,v1.4.0,v1.4.0", List(seen, "removed"));
        Assert.All(
            (string[])["release", "replace", "remove"],
            write => Assert.Equal("""{"result":{"success":true}}""", seen.GetProperty(write).GetRawText())
        );
        AssertError(seen, "badId", (400, "Validation", "deployment.flowId pattern mismatch"));
        AssertError(seen, "extra", (400, "Validation", "deployment has additional properties"));
        AssertError(seen, "unknownVersion", (404, "NotFound", "Flow Version was not found"));
        AssertError(seen, "badToken", (401, "Unauthorized", "Invalid access token"));
        Assert.Equal(400, seen.GetProperty("nothing").GetProperty("statusCode").GetInt32());
        Assert.Equal(400, seen.GetProperty("noBody").GetProperty("statusCode").GetInt32());
    }

    [Fact]
    public async Task Serves_the_official_javascript_client_with_bundles_of_microcontrollers()
    {
        var options = new SimulationServerOptions { Devices = 0, Microcontrollers = 3 };
        var seen = await DriveAsync("losant-rest-embedded.js", options, "pump-control");
        Assert.Equal(3, seen.GetProperty("devices").GetInt32());
        Assert.Equal("embedded,desc,1000", List(seen, "order"));
        Assert.Equal("v1.0.0,v1.0.0,v1.0.0", List(seen, "before"));
        Assert.Equal("v1.1.0,v1.0.0,v1.0.0", List(seen, "released"));
        Assert.Equal("v1.1.0,v1.1.0,v1.1.0", List(seen, "replaced"));
        Assert.Equal("null,v1.1.0,v1.1.0", List(seen, "removed"));
        Assert.Equal("removeFlow", Text(seen, "one"));
        Assert.All(
            (string[])["release", "replace", "remove"],
            write => Assert.Equal("""{"result":{"success":true}}""", seen.GetProperty(write).GetRawText())
        );
        Assert.True(seen.GetProperty("export").GetProperty("result").GetProperty("jobQueued").GetBoolean());
        Assert.Equal(429, seen.GetProperty("again").GetProperty("statusCode").GetInt32());
        AssertError(seen, "trace", (400, "Validation", "options.traceLevel must be an enum value"));
        AssertError(seen, "nobody", (404, "NotFound", "Device was not found"));
    }

    private static async Task<JsonElement> DriveAsync(
        string script = "losant-rest.js",
        SimulationServerOptions? options = null,
        string flow = "line-monitor"
    )
    {
        var packages = await ControlPlane.ToolAsync("losant-rest");
        await using var server = await SimulationServer.StartAsync(
            options ?? new SimulationServerOptions { Devices = 6 }
        );
        var path = Path.Combine(ControlPlane.RepositoryRoot(), "tests", "EndToEnd", "Simulation", script);
        var flowId = server.Application.Flows.Single(each => each.Name == flow).Id;
        var output = await ControlPlane.RunAsync(
            "node",
            [path, packages, server.Url, server.Token, server.Application.Id, flowId]
        );
        return JsonElement.Parse(output);
    }

    private static void AssertError(JsonElement seen, string call, (int Status, string Type, string Message) expected)
    {
        var error = seen.GetProperty(call);
        Assert.Equal(
            expected,
            (error.GetProperty("statusCode").GetInt32(), Text(error, "type"), Text(error, "message"))
        );
    }

    private static string? Text(JsonElement owner, string name) => owner.GetProperty(name).GetString();

    private static string List(JsonElement seen, string name) =>
        string.Join(',', seen.GetProperty(name).EnumerateArray().Select(item => item.GetString() ?? "null"));
}
