using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using EdgeRelease.Simulation;
using Xunit;

namespace EdgeRelease.Tests.Unit.Simulation;

/// <summary>The simulated Losant as a server, and the paths that control it.</summary>
public sealed class LosantServerTests : IAsyncLifetime
{
    private readonly HttpClient client = new();
    private SimulationServer server = null!;

    public async ValueTask InitializeAsync() => await StartAsync(null);

    public async ValueTask DisposeAsync()
    {
        client.Dispose();
        await server.DisposeAsync();
    }

    [Fact]
    public async Task Serves_a_packaging_line_at_its_first_version_with_three_gateways_offline()
    {
        var rows = await JsonAsync(Deployments + "?perPage=1000&flowId=575ed18f7ae143cd83dc4aa6");
        var devices = await JsonAsync($"{Application}/devices?perPage=1000");
        Assert.Equal(12, rows.GetProperty("totalCount").GetInt32());
        Assert.All(
            rows.GetProperty("items").EnumerateArray(),
            row => Assert.Equal("v1.3.0", row.GetProperty("currentVersion").GetString())
        );
        Assert.Equal(
            3,
            devices
                .GetProperty("items")
                .EnumerateArray()
                .Count(device => device.GetProperty("connectionInfo").GetProperty("connected").GetInt32() == 0)
        );
    }

    [Fact]
    public async Task Applies_a_release_and_shows_it_in_the_log_after_a_number()
    {
        await CommandAsync("""{"set":{"applyLatency":"30s"}}""");
        await ReleaseAsync();
        await CommandAsync("""{"advance":"30s"}""");
        var log = await LogAsync(0);
        var change = log.Single(line =>
            line.GetProperty("kind").GetString() == "device" && line.GetProperty("field").GetString() == "current"
        );
        Assert.Equal("v1.4.0", change.GetProperty("to").GetString());
        var later = await LogAsync(change.GetProperty("seq").GetInt64() - 1);
        Assert.Equal(change.GetRawText(), later[0].GetRawText());
    }

    [Fact]
    public async Task Says_the_time_that_the_control_added()
    {
        using var before = await client.GetAsync(Application, Cancel);
        await CommandAsync("""{"advance":"24h"}""");
        using var after = await client.GetAsync(Application, Cancel);
        Assert.InRange((after.Headers.Date - before.Headers.Date)!.Value.TotalHours, 23.9, 24.1);
    }

    [Fact]
    public async Task Acts_out_faults_on_the_connection()
    {
        foreach (var fault in (string[])["ConnectionRefused", "ResetBefore", "ResetAfter", "CutBody"])
        {
            await CommandAsync($$"""{"fault":"{{fault}}","count":1,"route":"edgeDeployments.get"}""");
            await Assert.ThrowsAnyAsync<HttpRequestException>(() => client.GetStringAsync(Deployments, Cancel));
        }

        await CommandAsync("""{"fault":"TimeoutAfter","count":1,"route":"edgeDeployments.get"}""");
        using var patience = new CancellationTokenSource(TimeSpan.FromMilliseconds(200), TimeProvider.System);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            client.GetStringAsync(Deployments, patience.Token)
        );
        await CommandAsync("""{"fault":"SlowBody","count":1,"delay":"50ms","route":"edgeDeployments.get"}""");
        Assert.Equal(24, (await JsonAsync(Deployments)).GetProperty("totalCount").GetInt32());
        var counts = await JsonAsync(server.Url + "/_simulator/faults");
        Assert.All(
            (string[])["ConnectionRefused", "ResetBefore", "ResetAfter", "CutBody", "TimeoutAfter", "SlowBody"],
            fault => Assert.Equal(1, counts.GetProperty(fault).GetInt32())
        );
    }

    [Theory]
    [InlineData("""{"select":{"names":["gateway-001"]},"set":{"connected":false}}""", 1)]
    [InlineData(
        """{"select":{"tags":{"line":"packaging"},"first":4},"set":{"agentVersion":"3.0.0","tags":{"a":"b"}}}""",
        4
    )]
    [InlineData("""{"select":{"connected":false},"set":{"connected":true,"deleted":true}}""", 3)]
    [InlineData("""{"set":{"outcome":{"version":"v1.4.0","kind":"failsThenWorks","failures":2,"error":"e"}}}""", 12)]
    [InlineData("""{"set":{"outcome":{"version":"v1.4.0","kind":"worksThenFails","after":"2m","error":"e"}}}""", 12)]
    [InlineData("""{"set":{"reconnects":{"up":"1m","down":"1s"},"applyLatency":["1s","2s"]}}""", 12)]
    [InlineData(
        """{"set":{"foreignWrite":{"flow":"line-monitor","version":null,"sourceType":"flow","sourceId":"575ed18f7ae143cd83dc4aa6"}}}""",
        12
    )]
    [InlineData("""{"add":{"name":"new","tags":{"a":"b"},"install":{"version":"v1.3.0"}}}""", 1)]
    [InlineData("""{"clear":true}""", 1)]
    [InlineData("""{"version":"v1.6.0","action":"add","minimumAgentVersion":"2.0.0"}""", 1)]
    [InlineData("""{"version":"v1.4.0","action":"republish","flow":"line-monitor"}""", 1)]
    [InlineData("""{"token":"t2","action":"add","scopes":["all.User.read"]}""", 1)]
    [InlineData("""{"token":"secret","action":"rotate","to":"t3"}""", 1)]
    public async Task Does_what_a_control_body_says(string body, int reached)
    {
        var reply = await CommandAsync(body);
        Assert.Equal((HttpStatusCode.OK, $$"""{"reached":{{reached}}}"""), reply);
    }

    [Theory]
    [InlineData("""{""")]
    [InlineData("""[]""")]
    [InlineData("""{"colour":"red"}""")]
    [InlineData("""{"set":{"colour":"red"}}""")]
    [InlineData("""{"set":{"connected":"yes"}}""")]
    [InlineData("""{"select":{"colour":"red"},"set":{}}""")]
    [InlineData("""{"fault":"Status418"}""")]
    [InlineData("""{"fault":"ForeignWrite"}""")]
    [InlineData("""{"fault":"Status500","path":"("}""")]
    [InlineData("""{"fault":"Status500","for":"99999999999h"}""")]
    [InlineData("""{"set":{"applyLatency":["1s"]}}""")]
    [InlineData("""{"advance":"soon"}""")]
    [InlineData("""{"advance":"99999999999h"}""")]
    [InlineData("""{"advance":"90000000h"}""")]
    [InlineData("""{"token":"secret","action":"rotate"}""")]
    [InlineData("""{"advance":"1..5s"}""")]
    [InlineData("""{"version":"v9","action":"delete"}""")]
    [InlineData("""{"version":"v1.4.0","action":"add"}""")]
    [InlineData("""{"token":"nobody","action":"expire"}""")]
    public async Task Refuses_a_control_body_that_it_does_not_understand(string body)
    {
        var (status, text) = await CommandAsync(body);
        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.NotEmpty(JsonElement.Parse(text).GetProperty("error").GetString()!);
        Assert.Equal(HttpStatusCode.OK, (await CommandAsync("""{"advance":"1s"}""")).Status);
    }

    [Theory]
    [InlineData("devices", """{"advance":"1h"}""")]
    [InlineData("faults", """{"set":{"connected":true}}""")]
    [InlineData("time", """{"version":"v9"}""")]
    [InlineData("versions", """{"token":"t2","action":"add"}""")]
    [InlineData("tokens", """{"fault":"Status500"}""")]
    public async Task Takes_no_body_of_another_path(string path, string body)
    {
        Assert.Equal(HttpStatusCode.BadRequest, (await CommandAsync(body, path)).Status);
        Assert.Equal(HttpStatusCode.OK, (await CommandAsync(body)).Status);
    }

    [Theory]
    [InlineData("""{"set":{"connected":false,"colour":"red"}}""")]
    [InlineData("""{"set":{"connected":false,"foreignWrite":{"flow":"nobody","version":null}}}""")]
    [InlineData("""{"set":{"connected":false,"applyLatency":"soon"}}""")]
    [InlineData("""{"add":{"name":"new","install":{"flow":"nobody","version":"v1.3.0"}}}""")]
    public async Task Does_nothing_of_a_body_that_it_does_not_understand_in_full(string body)
    {
        var before = (await LogAsync(0)).Length;

        Assert.Equal(HttpStatusCode.BadRequest, (await CommandAsync(body)).Status);

        Assert.Equal(before, (await LogAsync(0)).Length);
        Assert.Equal(12, (await JsonAsync($"{Application}/devices")).GetProperty("totalCount").GetInt32());
    }

    [Fact]
    public async Task Answers_what_losant_leaves_open_as_it_is_told()
    {
        await server.DisposeAsync();
        await StartAsync(null, new LosantUnknowns { MaxPerPage = 5, RefusesLargePages = true });

        using var reply = await client.GetAsync(Deployments + "?perPage=1000", Cancel);

        Assert.Equal(HttpStatusCode.BadRequest, reply.StatusCode);
    }

    [Fact]
    public async Task Follows_a_scenario()
    {
        await server.DisposeAsync();
        await StartAsync("""[{"at":"1m30s","fault":"Status503"},{"at":"1m","set":{"connected":false}}]""");
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync(Application, Cancel)).StatusCode);
        await CommandAsync("""{"advance":"2m"}""");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await client.GetAsync(Application, Cancel)).StatusCode);
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private string Application => $"{server.Url}/applications/{server.Application.Id}";

    private string Deployments => Application + "/edge/deployments";

    private async Task StartAsync(string? scenario, LosantUnknowns? unknowns = null)
    {
        var options = new SimulationServerOptions
        {
            Devices = 12,
            Token = "secret",
            Unknowns = unknowns ?? new LosantUnknowns(),
        };
        server = await SimulationServer.StartAsync(
            scenario is null ? options : options with { Scenario = Encoding.UTF8.GetBytes(scenario) }
        );
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", "secret");
    }

    private async Task ReleaseAsync()
    {
        var device = server.Application.Devices[0].Id;
        var body =
            $$"""{"flowId":"{{server.Application.Flows[0].Id}}","version":"v1.4.0","deviceIds":["{{device}}"]}""";
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        using var reply = await client.PostAsync(Deployments + "/release", content);
        Assert.Equal(HttpStatusCode.Created, reply.StatusCode);
    }

    private async Task<(HttpStatusCode Status, string Text)> CommandAsync(string body, string? path = null)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        using var reply = await client.PostAsync($"{server.Url}/_simulator/{path ?? PathOf(body)}", content);
        return (reply.StatusCode, await reply.Content.ReadAsStringAsync());
    }

    /// <summary>The path that takes bodies with the first member of this one.</summary>
    private static string PathOf(string body) =>
        body.Split('"') switch
        {
            [_, "fault" or "clear", ..] => "faults",
            [_, "advance", ..] => "time",
            [_, "version", ..] => "versions",
            [_, "token", ..] => "tokens",
            _ => "devices",
        };

    private async Task<JsonElement> JsonAsync(string url) => JsonElement.Parse(await client.GetStringAsync(url));

    private async Task<JsonElement[]> LogAsync(long after)
    {
        var lines = await client.GetStringAsync($"{server.Url}/_simulator/log?after={after}");
        return [.. lines.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonElement.Parse(line))];
    }
}
