using System.Text.Json;
using System.Text.Json.Nodes;
using EdgeRelease.Api;
using EdgeRelease.Controller;
using EdgeRelease.Kubernetes;
using EdgeRelease.Losant;
using EdgeRelease.Planning;
using EdgeRelease.Simulation;
using Xunit;

namespace EdgeRelease.Tests.Unit.Controller;

/// <summary>A replica without a lease on both simulated servers, in virtual time, with one application, one flow and one
/// release. Every latency is fixed.</summary>
internal sealed class Bench : IDisposable
{
    public const string Namespace = "plant-a";
    public const string Name = "line-monitor";

    private readonly CancellationTokenSource _stop = new();
    private readonly List<(VirtualProcess Process, ReleaseMetrics Metrics, Task Run)> _lives = [];
    private int _devices;

    public Bench(LosantUnknowns? unknowns = null)
    {
        Time = new VirtualTime(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
        var options = new SimulationOptions { Seed = 1, StartAt = Time.Now };
        Losant = new SimulatedLosant(unknowns is null ? options : options with { Unknowns = unknowns });
        Losant.Ride(Time);
        Cluster = new SimulatedCluster(Time);
        Cluster.Register(new KindRules(Kinds.Release) { HasStatus = true, Admission = Defaulted });
        Cluster.Register(new KindRules(Kinds.Application) { HasStatus = true, Admission = Defaulted });
        Cluster.Register(new KindRules(Kinds.Revision));
        Application = Losant.AddApplication("plant");
        Application.AddToken(new TokenSetup("token"));
        Flow = Application.AddFlow(new FlowSetup(Name));
        foreach (var version in new[] { "v1", "v2", "v3", "v4" })
        {
            Flow.AddVersion(version);
        }

        this.GiveToken("token");
        this.Connect(ApplicationKey.Name, Application.Id);
    }

    public static ResourceKey Key { get; } = new(Namespace, Name);

    public static ResourceKey ApplicationKey { get; } = new(Namespace, "plant-a");

    public VirtualTime Time { get; }

    public SimulatedLosant Losant { get; }

    public SimulatedCluster Cluster { get; }

    public SimulatedApplication Application { get; }

    public SimulatedFlow Flow { get; }

    /// <summary>What all processes logged, as <c>event: text</c>.</summary>
    public LineLog Log { get; } = new();

    public ReleaseObject? Release => Cluster.Get(Kinds.Release, Key) is { } json ? ReleaseObject.Of(json) : null;

    public bool IsGone => Cluster.Get(Kinds.Release, Key) is null;

    public EdgeReleaseStatus Status => Release!.Status!;

    /// <summary>The stored shards, by name.</summary>
    public IReadOnlyList<EdgeReleaseRevision> Shards =>
        [.. Cluster.All(Kinds.Revision).Select(json => json.Deserialize(ApiJson.Default.EdgeReleaseRevision)!)];

    /// <summary>The stored rows of all shards.</summary>
    public IReadOnlyList<LedgerRow> Rows => [.. Shards.SelectMany(shard => LedgerText.Rows(shard.Ledger))];

    /// <summary>The Events, as <c>reason: sentence</c>.</summary>
    public IReadOnlyList<string> Events =>
        [.. Cluster.All(ResourceKind.Event).Select(json => $"{Text(json, "reason")}: {Text(json, "note")}")];

    /// <summary>The release calls that Losant heard.</summary>
    public IReadOnlyList<RequestRecord> Posts => [.. Requests.Where(request => request.Method == "POST")];

    /// <summary>All calls that Losant heard.</summary>
    public IEnumerable<RequestRecord> Requests => Losant.Record.Entries.OfType<RequestRecord>();

    /// <summary>Adds devices that run a version, or nothing.</summary>
    public void Add(int count, string? version = "v1", DeviceBehaviour? behaviour = null)
    {
        for (var i = 0; i < count; i++)
        {
            var device = Application.AddDevice(
                new DeviceSetup
                {
                    Name = $"gateway-{++_devices}",
                    Tags = [new("line", "a")],
                    Behaviour = behaviour ?? new DeviceBehaviour(),
                }
            );
            if (version is not null)
            {
                Application.Install(device, Flow, version);
            }
        }
    }

    /// <summary>How many devices were told a version last.</summary>
    public int Desired(string version) =>
        Application.Devices.Count(device => device.FindRow(Flow)?.State.Desired == version);

    /// <summary>Creates or changes the release.</summary>
    /// <param name="spec">JSON with single quotes; flow, application and devices need not be named.</param>
    /// <param name="name">Its name; null for <see cref="Name"/>.</param>
    public void Apply(string spec, string? name = null)
    {
        var json = JsonNode.Parse(spec.Replace('\'', '"'))!.AsObject();
        json["flow"] ??= Name;
        json["application"] ??= "plant-a";
        json["deviceTags"] ??= new JsonObject { ["line"] = "a" };
        json["health"] ??= new JsonObject { ["confirm"] = "30s", ["settleTimeout"] = "3m" };
        Cluster.Apply(
            new JsonObject
            {
                ["apiVersion"] = ApiGroup.ApiVersion,
                ["kind"] = Kinds.Release.Kind,
                ["metadata"] = new JsonObject { ["name"] = name ?? Name, ["namespace"] = Namespace },
                ["spec"] = json,
            }
        );
    }

    /// <summary>Changes the stored release, as a person does.</summary>
    public void Edit(Action<JsonObject> edit, string? subresource = null) =>
        Cluster.Edit(Kinds.Release, Key, edit, subresource);

    public void EditSpec(Action<JsonObject> edit) => Edit(root => edit(root["spec"]!.AsObject()));

    public void Annotate(string annotation, string value) =>
        Edit(root =>
        {
            var metadata = root["metadata"]!.AsObject();
            metadata["annotations"] ??= new JsonObject();
            metadata["annotations"]![annotation] = value;
        });

    public void Delete() => Cluster.Remove(Kinds.Release, Key);

    /// <summary>Starts a process of the operator.</summary>
    /// <param name="shape">Changes the ports it gets; null for nothing.</param>
    /// <param name="lease">The Lease that it leads by; null for a replica that is alone.</param>
    public VirtualProcess Start(Func<Ports, Ports>? shape = null, ResourceKey? lease = null)
    {
        var process = new VirtualProcess(Time, $"operator-{_lives.Count + 1}");
        var ports = PortsOf(process);
        var options = new ReplicaOptions { Identity = process.Name, Lease = lease };
        var replica = new Replica(shape?.Invoke(ports) ?? ports, options);
        _lives.Add((process, ports.Metrics, replica.RunAsync(_stop.Token, CancellationToken.None)));
        return process;
    }

    /// <summary>What a process of the operator talks to.</summary>
    /// <param name="process">The process.</param>
    public Ports PortsOf(VirtualProcess process) =>
        new()
        {
            Cluster = Cluster.Client(process),
            Losant = new LosantConnector(
                new LosantOptions
                {
                    Time = process,
                    LimitsRate = false,
                    Random = () => 0.5,
                    PrimaryHandler = _ => new SimulatedTransport(Losant, process, () => TimeSpan.FromMilliseconds(10)),
                }
            ),
            Time = process,
            Random = new Random(1),
            Log = Log,
            Metrics = new ReleaseMetrics(process),
            Instance = process.Name,
        };

    /// <summary>SIGTERM.</summary>
    /// <returns>Ends with the process that was started last.</returns>
    public Task Stop()
    {
        _stop.Cancel();
        return _lives[^1].Run;
    }

    /// <summary>kill -9 of all processes.</summary>
    public void Kill() => _lives.ForEach(life => life.Process.Kill());

    /// <summary>Lets time pass.</summary>
    public void Run(TimeSpan length)
    {
        Time.RunUntil(Time.Now + length);
        Assert.All(_lives, life => Assert.Null(life.Run.Exception));
    }

    /// <summary>Lets time pass, a second at a time, until something holds, at most two hours.</summary>
    public void Until(Func<bool> holds)
    {
        for (var second = 0; !holds(); second++)
        {
            Assert.True(second < 7200, $"never: {Cluster.Get(Kinds.Release, Key)?.GetRawText()}");
            Run(TimeSpan.FromSeconds(1));
        }
    }

    /// <summary>Lets time pass until the release is in a phase for its spec, at most two hours.</summary>
    public void Until(Phase phase) =>
        Until(() =>
            Release is { Status: { } status } release
            && status.Phase == phase
            && status.ObservedGeneration == release.Meta.Generation
        );

    public void Dispose()
    {
        Kill();
        _lives.ForEach(life => life.Metrics.Dispose());
        _stop.Dispose();
    }

    private static string? Text(JsonElement json, string member) =>
        json.TryGetProperty(member, out var value) ? value.GetString() : null;

    /// <summary>The default of the CRD that the operator relies on.</summary>
    private static string? Defaulted(JsonObject candidate, JsonElement? stored)
    {
        candidate["status"] ??= new JsonObject { ["observedGeneration"] = -1 };
        return null;
    }
}
