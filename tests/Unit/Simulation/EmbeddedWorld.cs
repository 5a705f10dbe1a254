using System.Text.Json;
using EdgeRelease.Simulation;

namespace EdgeRelease.Tests.Unit.Simulation;

/// <summary>A simulated Losant with microcontrollers that run pump at v1 and valve at v1 in one bundle each, and load
/// another in exactly one second.</summary>
internal sealed class EmbeddedWorld
{
    private readonly LosantWorld _world;

    public EmbeddedWorld(int devices = 2, LosantUnknowns? unknowns = null)
    {
        _world = new LosantWorld(0, unknowns);
        Pump = Flow("pump");
        Valve = Flow("valve");
        for (var number = 0; number < devices; number++)
        {
            var device = AddDevice();
            Application.Install(device, Pump, "v1");
            Application.Install(device, Valve, "v1");
        }
    }

    public SimulatedApplication Application => _world.Application;

    public SimulatedLosant Losant => _world.Losant;

    public SimulatedFlow Pump { get; }

    public SimulatedFlow Valve { get; }

    public string Deployments => $"/applications/{Application.Id}/embedded/deployments";

    public SimulatedDevice this[int number] => Application.Devices[number];

    public SimulatedDevice AddDevice() =>
        Application.AddDevice(
            new DeviceSetup
            {
                DeviceClass = "embedded",
                Behaviour = new DeviceBehaviour
                {
                    ApplyLatency = new Spread(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1)),
                },
            }
        );

    public void Pass(double seconds) => _world.Pass(seconds);

    public LosantReply Get(string path, string query = "") => _world.Get(path, query);

    public LosantReply List(string query = "") => _world.Get(Deployments, query);

    /// <summary>A device's deployment as a client reads it.</summary>
    public JsonElement Read(int device) => _world.Get($"{Deployments}/{this[device].Bundle!.Id}").Json;

    /// <summary>The log of a device's deployment, newest first.</summary>
    public IReadOnlyList<JsonElement> Logs(int device) => [.. Read(device).GetProperty("logs").EnumerateArray()];

    public LosantReply Post(string verb, string? body) =>
        _world.Send(
            new LosantAsk("POST", $"{Deployments}/{verb}")
            {
                Body = body?.Replace('\'', '"'),
                ContentType = body is null ? null : "application/json",
            }
        );

    public LosantReply Release(SimulatedFlow flow, string? version, params int[] devices)
    {
        var ids = string.Join(',', devices.Select(number => $"'{this[number].Id}'"));
        var name = version is null ? "null" : $"'{version}'";
        return Post("release", $"{{'flowId':'{flow.Id}','version':{name},'deviceIds':[{ids}]}}");
    }

    private SimulatedFlow Flow(string name)
    {
        var flow = Application.AddFlow(new FlowSetup(name) { FlowClass = "embedded" });
        flow.AddVersion("v1");
        flow.AddVersion("v2");
        return flow;
    }
}
