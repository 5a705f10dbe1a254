using System.Text;
using System.Text.Json.Nodes;
using EdgeRelease.Api;
using EdgeRelease.Controller;
using EdgeRelease.Kubernetes;
using EdgeRelease.Observation;
using EdgeRelease.Planning;
using EdgeRelease.Simulation;
using Outcome = EdgeRelease.Planning.Outcome;

namespace EdgeRelease.Tests.Swarm;

/// <summary>A release without an operator: the test stores what it wants and calls Losant itself. Devices are numbered
/// from 1, run v1 and are connected; the release brings v2 in steps of 20 and 100 % with a soak of 5 min.</summary>
internal sealed class Courtroom : IDisposable
{
    public const string Name = "release-1";

    private readonly CourtroomLedger _ledger = new();
    private long _batch;
    private int _step = 1;

    public Courtroom(int devices)
    {
        World = new World(1) { IsSteady = true };
        Plant = new Plant(World, Plot.FlowName, ["v1", "v2", "v3"]);
        var apply = TimeSpan.FromSeconds(20);
        for (var i = 1; i <= devices; i++)
        {
            Plant.Add(
                new DeviceSetup
                {
                    Tags = [new("line", "a")],
                    Behaviour = new DeviceBehaviour { ApplyLatency = new Spread(apply, apply) },
                },
                "v1"
            );
        }

        World.Connect(Plant.Application, TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(1));
        Referee = new Referee(World, Plant);
        World.Run(TimeSpan.FromHours(1));
    }

    public World World { get; }

    public Plant Plant { get; }

    public Referee Referee { get; }

    public IReadOnlyList<SimulatedDevice> Devices => Plant.Application.Devices;

    /// <summary>What the ledger says that the devices go back to.</summary>
    public string? Previous { get; set; } = "v1";

    /// <summary>Where the next call sends them back to; null sends them forward.</summary>
    public string? Back { get; set; }

    /// <summary>Why the next call sends them back.</summary>
    public BackCause Cause { get; set; }

    public bool IsLedgerStored { get; set; } = true;

    public JsonObject Spec { get; } = CourtroomObjects.Spec();

    /// <summary>Members of the status beside those that a call needs.</summary>
    public JsonObject Status { get; } = [];

    /// <summary>What people annotated the release with.</summary>
    public JsonObject Annotations { get; } = [];

    public void At(int step) => _step = step;

    /// <summary>Stores rows and intent, and sends devices.</summary>
    /// <returns>What the referee found; null for nothing.</returns>
    public string? Send(params int[] numbers)
    {
        var version = Back ?? "v2";
        _batch++;
        foreach (var number in numbers)
        {
            var device = Devices[number - 1];
            var row = new LedgerRow
            {
                Device = DeviceId.Parse(device.Id),
                Revision = 1,
                Previous = Previous,
                Step = _step - 1,
                Next = Next(version),
            };
            _ledger.Intend(row, device.FindRow(Plant.Flow)?.State.Desired);
        }

        Store(version, numbers.Length);
        Call("POST", "edge/deployments/release", Body(version, numbers));
        _ledger.Sent();
        return Referee.Found?.Message;
    }

    /// <summary>Somebody takes a device away, and it is sent again some minutes later.</summary>
    public string? Correct(int number)
    {
        World.Run(TimeSpan.FromMinutes(2));
        Plant.Write(Devices[number - 1], "v3");
        World.Run(TimeSpan.FromMinutes(5));
        return Send(number);
    }

    /// <summary>The operator looks at the deployments.</summary>
    public void Read() => Call("GET", "edge/deployments", null);

    /// <summary>The operator reads all devices.</summary>
    public void Scan() => Call("GET", "devices", null);

    /// <summary>The ledger says that a device runs the version.</summary>
    public void Confirm(int number) =>
        _ledger.Change(Devices[number - 1].Id, row => row with { Outcome = Outcome.Confirmed });

    /// <summary>The ledger that is stored says how a device's command ended.</summary>
    public void Ended(int number, Outcome outcome, string? error)
    {
        Store("v2", 1);
        _ledger.Change(
            Devices[number - 1].Id,
            row => row with { Outcome = outcome, OutcomeAt = World.Time.Now, Error = error }
        );
        Store("v2", 1);
    }

    /// <summary>The ledger says that a device failed, before the present step began.</summary>
    public void Fails(int number)
    {
        _ledger.Change(
            Devices[number - 1].Id,
            row => row with { Outcome = Outcome.Failed, OutcomeAt = World.Time.Now }
        );
        Status["step"] = new JsonObject
        {
            ["index"] = 2,
            ["of"] = 2,
            ["stepsHash"] = "h",
            ["startedAt"] = (World.Time.Now + TimeSpan.FromMinutes(1)).ToString("O"),
        };
    }

    /// <summary>Judges the status as it stands at the end.</summary>
    public void Judge()
    {
        Store("v2", 0);
        new StatusJudge(World, Plant).Judge([World.Release(Name)!]);
    }

    public void Dispose() => World.Dispose();

    private Command Next(string version) =>
        new()
        {
            Kind = Back is null ? CommandKind.Forward : CommandKind.Back,
            Version = version,
            From = Back is null ? "v1" : "v2",
            Batch = _batch,
            At = World.Time.Now,
            WasConnected = true,
            Cause = Back is null ? BackCause.None : Cause,
        };

    private void Store(string version, int count)
    {
        var status = new JsonObject
        {
            ["observedGeneration"] = 1,
            ["revision"] = 1,
            ["version"] = new JsonObject { ["name"] = "v2" },
            ["batch"] = _batch,
            ["step"] = new JsonObject
            {
                ["index"] = _step,
                ["of"] = 2,
                ["stepsHash"] = "h",
            },
            ["inFlight"] = new JsonObject
            {
                ["batch"] = _batch,
                ["version"] = version,
                ["count"] = count,
            },
        };
        foreach (var (name, value) in Status)
        {
            status[name] = value?.DeepClone();
        }

        var release = CourtroomObjects.Of(
            Kinds.Release,
            Name,
            ("spec", Spec.DeepClone()),
            ("status", new JsonObject())
        );
        release["metadata"]!["annotations"] = Annotations.DeepClone();
        World.Cluster.Plant(release);
        World.Cluster.Edit(
            Kinds.Release,
            new ResourceKey(World.Namespace, Name),
            root => root["status"] = status,
            "status"
        );
        if (IsLedgerStored)
        {
            var shard = CourtroomObjects.Of(Kinds.Revision, $"{Name}-r1-0", ("revision", 1), ("ledger", _ledger.Text));
            shard["metadata"]!["labels"] = new JsonObject { [ApiGroup.ReleaseUidLabel] = World.Release(Name)!.Uid };
            World.Cluster.Plant(shard);
        }
    }

    private JsonObject Body(string version, int[] numbers) =>
        new()
        {
            ["flowId"] = Plant.Flow.Id,
            ["version"] = version,
            ["deviceIds"] = new JsonArray([.. numbers.Select(number => JsonValue.Create(Devices[number - 1].Id))]),
        };

    private void Call(string method, string path, JsonObject? body)
    {
        var headers = new Dictionary<string, string>
        {
            ["Authorization"] = $"Bearer {World.Token}",
            ["Content-Type"] = "application/json",
        };
        var bytes = body is null ? [] : Encoding.UTF8.GetBytes(body.ToJsonString());
        World.Losant.Handle(
            new SimulatedRequest(method, $"/applications/{Plant.Application.Id}/{path}", "", headers, bytes)
            {
                Sender = "operator-1",
            }
        );
    }
}
