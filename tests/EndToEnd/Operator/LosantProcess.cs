using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Xunit;

namespace EdgeRelease.Tests.EndToEnd.Operator;

/// <summary>The simulated Losant as a process of its own, and its own record of what happened.</summary>
internal sealed class LosantProcess : IAsyncDisposable
{
    private readonly Child child;
    private readonly HttpClient http;
    private readonly string flow;

    private LosantProcess(Child child, JsonElement greeting)
    {
        this.child = child;
        Url = greeting.GetProperty("url").GetString()!;
        ApplicationId = greeting.GetProperty("applicationId").GetString()!;
        Token = greeting.GetProperty("token").GetString()!;
        flow = greeting.GetProperty("flows")[0].GetProperty("id").GetString()!;
        http = new HttpClient { BaseAddress = new Uri(Url) };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Token);
    }

    public string Url { get; }

    public string ApplicationId { get; }

    public string Token { get; }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static async Task<LosantProcess> StartAsync(int devices, int microcontrollers = 0, string token = "t0ken")
    {
        var program = Path.Combine(AppContext.BaseDirectory, "EdgeRelease.Simulation.dll");
        var (started, greeting) = await Child.StartAsync(
            "dotnet",
            [
                "exec",
                program,
                "serve",
                "--devices",
                $"{devices}",
                "--microcontrollers",
                $"{microcontrollers}",
                "--token",
                token,
            ]
        );
        return new LosantProcess(started, greeting);
    }

    /// <summary>The server's own record after an entry.</summary>
    public async Task<Record> RecordAsync(long after = 0) =>
        Record.Of(await http.GetStringAsync(new Uri($"/_simulator/log?after={after}", UriKind.Relative), Cancel));

    /// <summary>Does what the simulator's README says for a path below <c>/_simulator/</c>.</summary>
    /// <returns>How many things were reached.</returns>
    public async Task<int> TellAsync(string what, string json)
    {
        using var body = new StringContent(json, Encoding.UTF8, "application/json");
        using var answer = await http.PostAsync(new Uri($"/_simulator/{what}", UriKind.Relative), body, Cancel);
        var text = await answer.Content.ReadAsStringAsync(Cancel);
        Assert.True(answer.IsSuccessStatusCode, text);
        return JsonElement.Parse(text).GetProperty("reached").GetInt32();
    }

    /// <summary>All devices as they are now with the flow line-monitor, of a fleet that fits a page.</summary>
    public async Task<Fleet> FleetAsync()
    {
        var devices = await ItemsAsync("devices?perPage=1000");
        var rows = await ItemsAsync($"edge/deployments?perPage=1000&flowId={flow}");
        var fleet = new Fleet();
        foreach (var device in devices)
        {
            fleet[device.GetProperty("id").GetString()!] = new Device(
                device.GetProperty("connectionInfo").GetProperty("connected").GetInt32() == 1,
                null,
                null
            );
        }

        foreach (var row in rows)
        {
            var id = row.GetProperty("deviceId").GetString()!;
            fleet[id] = fleet[id] with { Desired = Text(row, "desiredVersion"), Current = Text(row, "currentVersion") };
        }

        return fleet;
    }

    /// <summary>The version that each microcontroller runs of a flow, as its current bundle has it.</summary>
    public async Task<IReadOnlyList<string?>> BundledAsync(string flowName)
    {
        var rows = await ItemsAsync("embedded/deployments?sortField=id&sortDirection=asc");
        return
        [
            .. rows.SelectMany(row => row.GetProperty("flows").EnumerateObject())
                .Where(each => each.Value.GetProperty("flowName").GetString() == flowName)
                .Select(each => Text(each.Value, "currentVersion")),
        ];
    }

    /// <summary>The ids of the microcontrollers that have flows.</summary>
    public async Task<IReadOnlyList<string>> BoardsAsync()
    {
        var rows = await ItemsAsync("embedded/deployments?sortField=id&sortDirection=asc");
        return [.. rows.Select(row => row.GetProperty("deviceId").GetString()!)];
    }

    public async ValueTask DisposeAsync()
    {
        http.Dispose();
        await child.DisposeAsync();
    }

    private async Task<IReadOnlyList<JsonElement>> ItemsAsync(string what)
    {
        var text = await http.GetStringAsync(
            new Uri($"/applications/{ApplicationId}/{what}", UriKind.Relative),
            Cancel
        );
        return [.. JsonElement.Parse(text).GetProperty("items").EnumerateArray()];
    }

    private static string? Text(JsonElement row, string name) =>
        row.TryGetProperty(name, out var value) ? value.GetString() : null;
}
