using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using EdgeRelease.Simulation;
using Xunit;

namespace EdgeRelease.Tests.EndToEnd.Simulation;

/// <summary>Every answer of the simulated Losant agrees with the schemas that Losant publishes with its client.</summary>
public sealed class LosantSchemaTests
{
    [Theory]
    [InlineData("application", "")]
    [InlineData("devices", "/devices")]
    [InlineData("device", "/devices/DEVICE")]
    [InlineData("flows", "/flows?flowClass=edge")]
    [InlineData("flow", "/flows/FLOW")]
    [InlineData("flowVersions", "/flows/FLOW/versions")]
    [InlineData("flowVersion", "/flows/FLOW/versions/v1.4.0")]
    [InlineData("edgeDeployments", "/edge/deployments")]
    [InlineData("edgeDeployment", "/edge/deployments/ROW")]
    [InlineData("error", "/devices/000000000000000000000000")]
    [InlineData("error", "/devices?sortField=colour")]
    public async Task Answers_as_the_published_schema_says(string schema, string path)
    {
        await using var server = await SimulationServer.StartAsync(new SimulationServerOptions { Devices = 6 });
        using var client = new HttpClient { BaseAddress = new Uri(server.Url) };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", server.Token);
        var application = server.Application;
        var target = path.Replace("DEVICE", application.Devices[0].Id, StringComparison.Ordinal)
            .Replace("FLOW", application.Flows[0].Id, StringComparison.Ordinal)
            .Replace("ROW", application.Rows[0].Id, StringComparison.Ordinal);
        await ReleaseAsync(client, application);
        using var reply = await client.GetAsync($"/applications/{application.Id}{target}", Cancel);
        var answer = JsonElement.Parse(await reply.Content.ReadAsByteArrayAsync(Cancel));
        Assert.Equal([], SchemaFaults.Of(answer, await SchemaAsync(schema)));
    }

    [Fact]
    public async Task Notices_an_answer_that_does_not_agree()
    {
        var schema = await SchemaAsync("edgeDeployments");
        var answer = JsonElement.Parse("""{"count":"1","items":[{"id":"x","logs":[{"changeType":"other"}]}]}""");
        Assert.Equal(
            ["$.count: type", "$.items[].id: pattern", "$.items[].logs[].changeType: enum"],
            SchemaFaults.Of(answer, schema).Order()
        );
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private static async Task ReleaseAsync(HttpClient client, SimulatedApplication application)
    {
        var body = $$"""{"flowId":"{{application.Flows[0].Id}}","version":"v1.4.0","deviceTags":[{"key":"line"}]}""";
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        using var reply = await client.PostAsync(
            $"/applications/{application.Id}/edge/deployments/release",
            content,
            Cancel
        );
        var answer = JsonElement.Parse(await reply.Content.ReadAsByteArrayAsync(Cancel));
        Assert.Equal([], SchemaFaults.Of(answer, await SchemaAsync("success")));
    }

    private static async Task<JsonElement> SchemaAsync(string name)
    {
        var packages = await ControlPlane.ToolAsync("losant-rest");
        var file = Path.Combine(packages, "node_modules", "losant-rest", "lib", "schemas", $"{name}.json");
        return JsonElement.Parse(await File.ReadAllBytesAsync(file, Cancel));
    }
}
