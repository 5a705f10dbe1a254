using System.Text;
using System.Text.Json;
using EdgeRelease.Simulation;

namespace EdgeRelease.Tests.Unit.Simulation;

/// <summary>A simulated Losant with one application, the flow line-monitor at v1 and v2, and devices that run v1 and
/// apply in exactly one second. Devices are tagged ring=even or ring=odd, number 0 first.</summary>
internal sealed class LosantWorld
{
    public const string Token = "token-a";

    public LosantWorld(int devices = 3, LosantUnknowns? unknowns = null, int seed = 1)
    {
        Losant = new SimulatedLosant(
            new SimulationOptions { Seed = seed, Unknowns = unknowns ?? new LosantUnknowns() }
        );
        Application = Losant.AddApplication("plant-a");
        Application.AddToken(new TokenSetup(Token));
        Flow = Application.AddFlow(new FlowSetup("line-monitor"));
        Flow.AddVersion("v1");
        Flow.AddVersion("v2");
        for (var number = 0; number < devices; number++)
        {
            var device = AddDevice(("ring", number % 2 == 0 ? "even" : "odd"));
            Application.Install(device, Flow, "v1");
        }
    }

    public SimulatedLosant Losant { get; }

    public SimulatedApplication Application { get; }

    public SimulatedFlow Flow { get; }

    public IReadOnlyList<SimulatedDevice> Devices => Application.Devices;

    public string Deployments => $"/applications/{Application.Id}/edge/deployments";

    public SimulatedDevice AddDevice(params (string Key, string Value)[] tags) =>
        Application.AddDevice(
            new DeviceSetup
            {
                Tags = [.. tags.Select(tag => KeyValuePair.Create(tag.Key, tag.Value))],
                Behaviour = new DeviceBehaviour
                {
                    ApplyLatency = new Spread(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1)),
                },
            }
        );

    public SimulatedRow Row(int device) => Devices[device].FindRow(Flow)!;

    public void Pass(double seconds) => Losant.AdvanceTo(Losant.Now + TimeSpan.FromSeconds(seconds));

    public LosantReply Get(string path, string query = "", string? token = Token) =>
        Send(new LosantAsk("GET", path) { Query = query, Token = token });

    public LosantReply ListDevices(string query) => Get($"/applications/{Application.Id}/devices", query);

    public LosantReply Rows(string query = "") => Get(Deployments, query);

    public LosantReply Post(string verb, string body, string? token = Token) =>
        Send(new LosantAsk("POST", $"{Deployments}/{verb}") { Body = body, Token = token });

    public LosantReply Release(string? version, params int[] devices)
    {
        var ids = string.Join(',', devices.Select(number => $"\"{Devices[number].Id}\""));
        var name = version is null ? "null" : $"\"{version}\"";
        return Post("release", $$"""{"flowId":"{{Flow.Id}}","version":{{name}},"deviceIds":[{{ids}}]}""");
    }

    public LosantReply Send(LosantAsk ask)
    {
        var headers = new Dictionary<string, string>();
        if (ask.Token is not null)
        {
            headers["Authorization"] = $"Bearer {ask.Token}";
        }

        if (ask.Body is not null && ask.ContentType is not null)
        {
            headers["Content-Type"] = ask.ContentType;
        }

        var body = Encoding.UTF8.GetBytes(ask.Body ?? "");
        return new LosantReply(Losant.Handle(new SimulatedRequest(ask.Method, ask.Path, ask.Query, headers, body)));
    }
}

internal sealed record LosantAsk(string Method, string Path)
{
    public string Query { get; init; } = "";

    public string? Body { get; init; }

    public string? ContentType { get; init; } = "application/json";

    public string? Token { get; init; } = LosantWorld.Token;
}

internal sealed record LosantReply(SimulatedResponse Response)
{
    public int Status => Response.Status;

    public string Text => Encoding.UTF8.GetString(Response.Body);

    public JsonElement Json => JsonElement.Parse(Response.Body);

    public string Type => Json.GetProperty("type").GetString()!;

    public string Message => Json.GetProperty("message").GetString()!;

    public IReadOnlyList<JsonElement> Items => [.. Json.GetProperty("items").EnumerateArray()];

    public string[] Ids => [.. Items.Select(item => item.GetProperty("id").GetString()!)];

    public int Total => Json.GetProperty("totalCount").GetInt32();
}
