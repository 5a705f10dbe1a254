using EdgeRelease.Simulation;

namespace EdgeRelease.Tests.Swarm;

/// <summary>One random schedule: a fleet, releases, people, faults; the same seed makes the same one.</summary>
internal sealed class Plot
{
    public const string FlowName = "line-monitor";

    private readonly Stage _stage;
    private readonly ReleaseActs _releases;
    private readonly FieldActs _field;
    private readonly TroubleActs _trouble;
    private readonly RailActs _rails;
    private readonly CutActs _cuts;
    private readonly Action[] _acts;

    public Plot(World world)
    {
        _stage = new Stage(world);
        _releases = new ReleaseActs(_stage);
        _field = new FieldActs(_stage);
        _trouble = new TroubleActs(_stage);
        _rails = new RailActs(_stage);
        _cuts = new CutActs(_stage);
        _acts =
        [
            .. Enumerable.Repeat<Action>(_releases.Change, 4),
            _releases.LoseLedger,
            .. _releases.All,
            .. _field.All,
            .. _trouble.All,
            .. _rails.All,
            .. _cuts.All,
        ];
        world.Cluster.Fault = call =>
        {
            _releases.See(call);
            return _cuts.Fault(call) ?? _trouble.Fault(call);
        };
        var size = Size(world.Random);
        for (var i = 0; i < size; i++)
        {
            _stage.AddDevice();
        }
    }

    /// <summary>What is in the field.</summary>
    public Plant Plant => _stage.Plant;

    /// <summary>How often each deed was done.</summary>
    public IReadOnlyDictionary<Deed, long> Deeds => _stage.Deeds;

    /// <summary>What was done, for the story of a failure.</summary>
    public IReadOnlyList<string> Told => _stage.Told;

    /// <summary>Starts the operator, creates the releases and runs the acts in random order of time.</summary>
    /// <param name="others">What may happen beside its own acts.</param>
    public void Play(IEnumerable<Action> others)
    {
        Action[] possible = [.. _acts, .. others];
        var (world, random) = (_stage.World, _stage.Random);
        world.Connect(Plant.Application, TimeSpan.FromSeconds(random.Next(15, 121)), TimeSpan.FromMinutes(2));
        _rails.Begin();
        _stage.StartReplica();
        if (random.Next(3) == 0)
        {
            _stage.Tell("a second replica waits");
            _stage.StartReplica();
        }

        var releases = random.Next(4) == 0 ? random.Next(2, 5) : 1;
        for (var i = 0; i < releases; i++)
        {
            _releases.Create($"release-{i + 1}");
        }

        var acts = random.Next(3, 12);
        for (var act = 0; act < acts; act++)
        {
            world.Run(TimeSpan.FromSeconds(Math.Pow(10, random.NextDouble() * 2.9)));
            possible[random.Next(possible.Length)]();
        }

        world.Run(TimeSpan.FromMinutes(random.Next(1, 20)));
    }

    /// <summary>Faults end, devices keep still, and everybody lets the releases go on.</summary>
    /// <param name="isAnew">Whether all replicas end and a new one starts.</param>
    public void Calm(bool isAnew)
    {
        _stage.CountConsequences();
        _trouble.End();
        while (isAnew && _stage.World.Process is not null)
        {
            _stage.World.Kill();
        }

        _field.KeepStill();
        _rails.End();
        _releases.End();
        if (_stage.World.Process is null)
        {
            _stage.World.Start();
        }

        _stage.Tell("calm");
    }

    /// <summary>2 to 200, smaller ones far more often: three of four are up to 12.</summary>
    private static int Size(Random random) => (int)(2 * Math.Pow(100, Math.Pow(random.NextDouble(), 3)));
}
