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

    private static async Task<JsonElement> DriveAsync()
    {
        var packages = await ControlPlane.ToolAsync("losant-rest");
        await using var server = await SimulationServer.StartAsync(new SimulationServerOptions { Devices = 6 });
        var script = Path.Combine(ControlPlane.RepositoryRoot(), "tests", "EndToEnd", "Simulation", "losant-rest.js");
        var output = await ControlPlane.RunAsync(
            "node",
            [script, packages, server.Url, server.Token, server.Application.Id, server.Application.Flows[0].Id]
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
