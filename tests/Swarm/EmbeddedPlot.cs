using EdgeRelease.Cli;
using EdgeRelease.Simulation;

namespace EdgeRelease.Tests.Swarm;

/// <summary>A random story of microcontrollers that run two flows in one bundle each, with a release of each flow, and in
/// every second world gateways with a release of their own.</summary>
internal sealed class EmbeddedPlot
{
    private readonly World _world;
    private readonly List<Stage> _stages;
    private readonly List<Action> _acts = [];
    private readonly List<FieldActs> _fields = [];
    private readonly List<ReleaseActs> _releases = [];
    private readonly TroubleActs _trouble;
    private readonly CutActs _cuts;

    public EmbeddedPlot(World world)
    {
        _world = world;
        var isMixed = world.Random.Next(2) == 0;
        var application = world.Losant.AddApplication("plant");
        var touched = new Dictionary<string, DateTimeOffset>();
        Plants =
        [
            .. new[] { ("pump", "embedded"), ("valve", "embedded"), ("line-monitor", "edge") }
                .Take(isMixed ? 3 : 2)
                .Select(flow => new Plant(
                    world,
                    application,
                    new FlowSetup(flow.Item1) { FlowClass = flow.Item2 },
                    Stage.Versions
                )
                {
                    IsMixed = isMixed,
                    Touched = touched,
                }),
        ];
        _stages = [.. Plants.Select(plant => new Stage(world, plant))];
        _trouble = new TroubleActs(_stages[0]);
        _cuts = new CutActs(_stages[0]);
        Bundles = new BundleJudge(world, application);
        Exports = new ExportJudge(world, Plants[0]);
        world.Cluster.Fault = call => _cuts.Fault(call) ?? _trouble.Fault(call);
        Fill(world.Random.Next(2, 9), isMixed);
    }

    /// <summary>The flows, each with what others did to its devices.</summary>
    public IReadOnlyList<Plant> Plants { get; }

    public BundleJudge Bundles { get; }

    public ExportJudge Exports { get; }

    /// <summary>What was done, for the story of a failure.</summary>
    public IEnumerable<string> Told => _stages.SelectMany(stage => stage.Told).Order(StringComparer.Ordinal);

    private Random Random => _world.Random;

    /// <summary>Starts the operator, creates the releases and runs the acts in random order of time.</summary>
    public void Play()
    {
        _world.Connect(Plants[0].Application, TimeSpan.FromSeconds(Random.Next(15, 61)), TimeSpan.FromMinutes(2));
        _world.Start();
        foreach (var stage in _stages)
        {
            var releases = new ReleaseActs(stage);
            releases.Create($"{stage.Plant.Flow.Name}-1");
            _acts.AddRange([releases.Change, releases.Change, .. releases.All]);
            _fields.Add(new FieldActs(stage));
            _releases.Add(releases);
        }

        _acts.AddRange([.. _trouble.All, .. _cuts.All, Globals, ByHand, Retag, Connection, Connection, Foreign]);
        for (var act = Random.Next(3, 14); act > 0; act--)
        {
            _world.Run(TimeSpan.FromSeconds(Math.Pow(10, Random.NextDouble() * 2.9)));
            _acts[Random.Next(_acts.Count)]();
        }

        _world.Run(TimeSpan.FromMinutes(Random.Next(1, 20)));
    }

    /// <summary>Faults end, devices keep still.</summary>
    public void Calm()
    {
        _trouble.End();
        _fields.ForEach(field => field.KeepStill());
        _releases.ForEach(releases => releases.End());
        if (_world.Process is null)
        {
            _world.Start();
        }
    }

    private void Fill(int boards, bool isMixed)
    {
        for (var i = 0; i < boards; i++)
        {
            var board = _stages[0].AddDevice();
            if (Random.Next(6) > 0)
            {
                Plants[1].Application.Install(board, Plants[1].Flow, Stage.Versions[0]);
            }
        }

        for (var i = 0; isMixed && i < boards; i++)
        {
            _stages[2].AddDevice();
        }
    }

    private void Globals()
    {
        _stages[0].Tell("the globals change");
        Plants[0].Application.ChangeGlobals();
    }

    private void ByHand()
    {
        if (AnyBoard() is not { Bundle: not null } board)
        {
            return;
        }

        _stages[0].Tell($"{board.Id} is loaded by hand");
        foreach (var plant in Plants)
        {
            plant.Touch(board);
            plant.Foreign[board.Id] = _world.Time.Now;
        }

        board.LoadByHand();
    }

    private void Retag()
    {
        var device = AnyDevice();
        var line = Random.Next(3) == 0 ? "other" : "a";
        Plants[0].Touch(device);
        _stages[0].Tell($"retag {device.Id} line={line}");
        device.Retag(new KeyValuePair<string, string>("line", line), new("ring", "field"));
    }

    private void Connection()
    {
        var device = AnyDevice();
        _stages[0].Tell($"{(device.Connected ? "disconnect" : "connect")} {device.Id}");
        if (device.Connected)
        {
            device.Disconnect();
        }
        else
        {
            device.Connect();
        }
    }

    private void Foreign()
    {
        var plant = Plants[Random.Next(2)];
        if (AnyBoard() is { } board)
        {
            var version = Stage.Versions[Random.Next(Stage.Versions.Count)];
            _stages[0].Tell($"foreign {board.Id} {plant.Flow.Name} {version}");
            plant.Write(board, version);
        }
    }

    private SimulatedDevice AnyDevice() =>
        Plants[0].Application.Devices[Random.Next(Plants[0].Application.Devices.Count)];

    private SimulatedDevice? AnyBoard() => AnyDevice() is { DeviceClass: "embedded" } board ? board : null;
}
