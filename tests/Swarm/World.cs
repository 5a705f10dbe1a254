using System.Text.Json;
using System.Text.Json.Nodes;
using EdgeRelease.Api;
using EdgeRelease.Controller;
using EdgeRelease.Kubernetes;
using EdgeRelease.Losant;
using EdgeRelease.Simulation;
using Microsoft.Extensions.Logging.Abstractions;

namespace EdgeRelease.Tests.Swarm;

/// <summary>The whole operator on a simulated API server and a simulated Losant, in one thread and virtual time.</summary>
internal sealed class World : IDisposable
{
    public const string Namespace = "plant-a";
    public const string Token = "token-of-plant-a";

    private readonly List<Life> _lives = [];
    private int _born;

    public World(int seed, LosantUnknowns? unknowns = null)
    {
        Random = new Random(seed);
        Time = new VirtualTime(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
        Losant = new SimulatedLosant(
            new SimulationOptions
            {
                Seed = seed,
                StartAt = Time.Now,
                Unknowns = unknowns ?? new LosantUnknowns(),
            }
        );
        Losant.Ride(Time);
        Cluster = new SimulatedCluster(Time) { Latency = () => Milliseconds(1, 20) };
        Cluster.Register(new KindRules(Kinds.Release) { HasStatus = true, Admission = Defaulted });
        Cluster.Register(new KindRules(Kinds.Application) { HasStatus = true, Admission = Defaulted });
        Cluster.Register(new KindRules(Kinds.Revision));
    }

    public Random Random { get; }

    /// <summary>Whether every way through a network takes 10 ms; else a random time.</summary>
    public bool IsSteady { get; init; }

    public VirtualTime Time { get; }

    public SimulatedLosant Losant { get; }

    public SimulatedCluster Cluster { get; }

    /// <summary>The operator's process; null before the first start and after a kill.</summary>
    public VirtualProcess? Process => _lives.LastOrDefault(life => !life.Process.IsDead)?.Process;

    /// <summary>Starts a replica of the operator.</summary>
    public VirtualProcess Start()
    {
        var process = new VirtualProcess(Time, $"operator-{++_born}");
        var metrics = new ReleaseMetrics(process);
        var connector = new LosantConnector(
            new LosantOptions
            {
                Time = process,
                LimitsRate = false,
                Random = Random.NextDouble,
                PrimaryHandler = _ => new SimulatedTransport(Losant, process, () => Milliseconds(5, 60)),
            }
        );
        var ports = new Ports
        {
            Cluster = Cluster.Client(process),
            Losant = connector,
            Time = process,
            Random = Random,
            Log = NullLogger.Instance,
            Metrics = metrics,
            Instance = process.Name,
        };
        var options = new ReplicaOptions { Identity = process.Name, Lease = new ResourceKey("default", "edgerelease") };
        var stop = new CancellationTokenSource();
        _lives.Add(
            new Life(process, stop, metrics, new Replica(ports, options).RunAsync(stop.Token, CancellationToken.None))
        );
        return process;
    }

    /// <summary>What a life's replica ended with; null while it runs or when it ended well.</summary>
    public Exception? Crash => _lives.Select(life => life.Run.Exception).FirstOrDefault(error => error is not null);

    /// <summary>kill -9.</summary>
    public void Kill() => Process?.Kill();

    /// <summary>Lets time pass.</summary>
    public void Run(TimeSpan length)
    {
        Time.RunUntil(Time.Now + length);
        if (Crash is { } crash)
        {
            throw new InvalidOperationException("a replica ended", crash);
        }
    }

    /// <summary>Lets time pass until something holds; false when it did not within the time.</summary>
    public bool RunUntil(Func<bool> holds, TimeSpan most)
    {
        var until = Time.Now + most;
        while (!holds())
        {
            if (Time.Now >= until)
            {
                return false;
            }

            Run(TimeSpan.FromSeconds(10));
        }

        return true;
    }

    public ReleaseObject? Release(string name) =>
        Cluster.Get(Kinds.Release, new ResourceKey(Namespace, name)) is { } json ? ReleaseObject.Of(json) : null;

    /// <summary>Creates or edits a release; the spec is YAML-like JSON of the contract.</summary>
    public void Apply(string name, JsonObject spec) =>
        Cluster.Apply(
            new JsonObject
            {
                ["apiVersion"] = ApiGroup.ApiVersion,
                ["kind"] = Kinds.Release.Kind,
                ["metadata"] = new JsonObject { ["name"] = name, ["namespace"] = Namespace },
                ["spec"] = spec,
            }
        );

    public void Annotate(string name, string annotation, string? value) =>
        Cluster.Edit(
            Kinds.Release,
            new ResourceKey(Namespace, name),
            root =>
            {
                var metadata = root["metadata"]!.AsObject();
                var annotations = metadata["annotations"] as JsonObject ?? [];
                metadata["annotations"] = annotations;
                if (value is null)
                {
                    annotations.Remove(annotation);
                }
                else
                {
                    annotations[annotation] = value;
                }
            }
        );

    /// <summary>The Secret and the LosantApplication of an application of the simulated Losant.</summary>
    public void Connect(SimulatedApplication application, TimeSpan pollActive, TimeSpan pollIdle)
    {
        application.AddToken(new TokenSetup(Token));
        Cluster.Apply(
            new JsonObject
            {
                ["apiVersion"] = "v1",
                ["kind"] = "Secret",
                ["metadata"] = new JsonObject { ["name"] = "losant", ["namespace"] = Namespace },
                ["data"] = new JsonObject
                {
                    ["token"] = Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(Token)),
                },
            }
        );
        Cluster.Apply(
            new JsonObject
            {
                ["apiVersion"] = ApiGroup.ApiVersion,
                ["kind"] = Kinds.Application.Kind,
                ["metadata"] = new JsonObject { ["name"] = "plant-a", ["namespace"] = Namespace },
                ["spec"] = new JsonObject
                {
                    ["applicationId"] = application.Id,
                    ["tokenSecretRef"] = new JsonObject { ["name"] = "losant", ["key"] = "token" },
                    ["api"] = new JsonObject
                    {
                        ["pollActive"] = Durations.Format(pollActive),
                        ["pollIdle"] = Durations.Format(pollIdle),
                    },
                },
            }
        );
    }

    public void Dispose()
    {
        foreach (var life in _lives)
        {
            life.Process.Kill();
            life.Metrics.Dispose();
            life.Stop.Dispose();
        }
    }

    private TimeSpan Milliseconds(int least, int most) =>
        TimeSpan.FromMilliseconds(IsSteady ? 10 : Random.Next(least, most));

    /// <summary>The default of the CRD that the operator relies on.</summary>
    private static string? Defaulted(JsonObject candidate, JsonElement? stored)
    {
        candidate["status"] ??= new JsonObject { ["observedGeneration"] = -1 };
        return null;
    }

    private sealed record Life(VirtualProcess Process, CancellationTokenSource Stop, ReleaseMetrics Metrics, Task Run);
}
