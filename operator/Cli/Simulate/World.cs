using System.Text.Json;
using System.Text.Json.Nodes;
using EdgeRelease.Api;
using EdgeRelease.Controller;
using EdgeRelease.Kubernetes;
using EdgeRelease.Simulation;

namespace EdgeRelease.Cli;

/// <summary>The whole operator on a simulated API server and a simulated Losant, in one thread and virtual time.</summary>
internal sealed class World : IDisposable
{
    public const string Namespace = "plant-a";

    /// <summary>The only LosantApplication.</summary>
    public const string ApplicationName = "plant-a";

    public const string Token = "token-of-plant-a";

    /// <summary>What the replicas agree by.</summary>
    public static readonly ResourceKey Lease = new("default", "edgerelease");

    private readonly List<Life> _lives = [];

    public World(int seed, LosantUnknowns? unknowns = null, DateTimeOffset? startAt = null)
    {
        Random = new Random(seed);
        Time = new VirtualTime(startAt);
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

    /// <summary>Whether there is only ever one replica, so that none needs a lease.</summary>
    public bool IsAlone { get; init; }

    /// <summary>The times of the lease.</summary>
    public LeaseTiming Timing { get; init; } = new();

    /// <summary>Whether every way through a network takes 10 ms; else a random time.</summary>
    public bool IsSteady { get; init; }

    public VirtualTime Time { get; }

    public SimulatedLosant Losant { get; }

    public SimulatedCluster Cluster { get; }

    /// <summary>What stands between the replicas that start from now on and the API server. Default nothing.</summary>
    public Func<SimulatedClient, VirtualProcess, ICluster> Before { get; set; } = (client, _) => client;

    /// <summary>What stands between them and Losant. Default nothing.</summary>
    public Func<HttpMessageHandler, VirtualProcess, HttpMessageHandler> BeforeLosant { get; set; } =
        (transport, _) => transport;

    /// <summary>The process that leads, else the youngest that is alive; null when none is.</summary>
    public VirtualProcess? Process => (_lives.FindLast(IsLeading) ?? _lives.FindLast(IsAlive))?.Process;

    /// <summary>Starts a replica of the operator.</summary>
    /// <param name="jitter">What its waits are spread by; null for the world's own randomness.</param>
    public VirtualProcess Start(Random? jitter = null)
    {
        var life = new Life(this, $"operator-{_lives.Count + 1}", jitter ?? Random);
        _lives.Add(life);
        life.Begin();
        return life.Process;
    }

    /// <summary>What a life's replica ended with; null while it runs or when it ended well.</summary>
    public Exception? Crash => _lives.Select(life => life.Failure).FirstOrDefault(error => error is not null);

    /// <summary>kill -9 of the leader.</summary>
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

    /// <summary>Lets time pass until something holds; false when it did not within the time. It is looked at every
    /// 10 s, or as often as is said.</summary>
    public bool RunUntil(Func<bool> holds, TimeSpan most, TimeSpan? every = null)
    {
        var until = Time.Now + most;
        while (!holds())
        {
            if (Time.Now >= until)
            {
                return false;
            }

            Run(every ?? TimeSpan.FromSeconds(10));
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

    /// <summary>The token of the application; only after connecting.</summary>
    public SimulatedToken LosantToken { get; private set; } = null!;

    /// <summary>The Secret and the LosantApplication of an application of the simulated Losant.</summary>
    public void Connect(SimulatedApplication application, TimeSpan pollActive, TimeSpan pollIdle) =>
        Connect(
            application,
            new JsonObject
            {
                ["api"] = new JsonObject
                {
                    ["pollActive"] = Durations.Format(pollActive),
                    ["pollIdle"] = Durations.Format(pollIdle),
                },
            }
        );

    /// <summary>The same with the limits that the LosantApplication has.</summary>
    public void Connect(SimulatedApplication application, JsonObject limits)
    {
        LosantToken = application.AddToken(new TokenSetup(Token));
        Store(Token);
        Limit(application, limits);
    }

    /// <summary>A further application, with a token of its own.</summary>
    public void Connect(SimulatedApplication application, JsonObject limits, string name)
    {
        var token = $"token-of-{name}";
        application.AddToken(new TokenSetup(token));
        Store(token, name);
        Limit(application, limits, name, name);
    }

    /// <summary>Creates or edits the LosantApplication.</summary>
    public void Limit(
        SimulatedApplication application,
        JsonObject limits,
        string name = ApplicationName,
        string secret = "losant"
    )
    {
        limits["applicationId"] = application.Id;
        limits["tokenSecretRef"] = new JsonObject { ["name"] = secret, ["key"] = "token" };
        Cluster.Apply(
            new JsonObject
            {
                ["apiVersion"] = ApiGroup.ApiVersion,
                ["kind"] = Kinds.Application.Kind,
                ["metadata"] = new JsonObject { ["name"] = name, ["namespace"] = Namespace },
                ["spec"] = limits,
            }
        );
    }

    /// <summary>Puts a token into the Secret.</summary>
    public void Store(string token, string secret = "losant") =>
        Cluster.Apply(
            new JsonObject
            {
                ["apiVersion"] = "v1",
                ["kind"] = "Secret",
                ["metadata"] = new JsonObject { ["name"] = secret, ["namespace"] = Namespace },
                ["data"] = new JsonObject
                {
                    ["token"] = Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(token)),
                },
            }
        );

    public void Dispose()
    {
        foreach (var life in _lives)
        {
            life.Dispose();
        }
    }

    /// <summary>The time of one way through a network, drawn between two.</summary>
    public TimeSpan Milliseconds(int least, int most) =>
        TimeSpan.FromMilliseconds(IsSteady ? 10 : Random.Next(least, most));

    /// <summary>The default of the CRD that the operator relies on.</summary>
    private static string? Defaulted(JsonObject candidate, JsonElement? stored)
    {
        candidate["status"] ??= new JsonObject { ["observedGeneration"] = -1 };
        return null;
    }

    private static bool IsAlive(Life life) => !life.Process.IsDead;

    private static bool IsLeading(Life life) => IsAlive(life) && life.IsLeading;
}
