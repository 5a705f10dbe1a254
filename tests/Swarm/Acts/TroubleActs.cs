using EdgeRelease.Simulation;

namespace EdgeRelease.Tests.Swarm;

/// <summary>What goes wrong with processes, servers, clocks and tokens.</summary>
internal sealed class TroubleActs
{
    private readonly Stage _stage;
    private DateTimeOffset _faultyUntil;
    private double _probability;
    private int _tokens;

    public TroubleActs(Stage stage) => _stage = stage;

    public IReadOnlyList<Action> All =>
        [Crash, Crash, Pause, JumpClock, LosantFault, LosantFault, ClusterFaults, RotateToken, ExpireToken];

    private World World => _stage.World;

    private Random Random => _stage.Random;

    /// <summary>What befalls a call of the operator to the API server now.</summary>
    public ClusterFault? Fault(ClusterCall call) =>
        World.Time.Now < _faultyUntil && Random.NextDouble() < _probability
            ? _stage.Menu.Faults.ClusterFault(call)
            : null;

    /// <summary>Nothing goes wrong any more.</summary>
    public void End()
    {
        World.Losant.Faults.Clear();
        _faultyUntil = World.Time.Now;
    }

    private void Crash()
    {
        _stage.Tell("kill -9", Deed.Killed);
        World.Kill();
        World.Run(TimeSpan.FromSeconds(Random.Next(0, 90)));
        _stage.StartReplica();
    }

    /// <summary>From a third of the lease's length to twice of it.</summary>
    private void Pause()
    {
        var length = World.Timing.Duration * (Random.Next(10, 61) / 30.0);
        _stage.Tell($"the leader stands still for {length}");
        if (World.Process is { } leader && length > World.Timing.Duration)
        {
            _stage.Count(Deed.StoodStillBeyondLease);
        }

        World.Process?.PauseFor(length);
    }

    private void JumpClock()
    {
        var jump = TimeSpan.FromMinutes(Random.Next(-60, 61));
        _stage.Tell($"clock jumps {jump}", Deed.ClockJumped);
        if (World.Process is { } process)
        {
            process.WallClockOffset += jump;
        }
    }

    private void LosantFault()
    {
        var rule = _stage.Menu.Faults.LosantFault(World.Time.Now);
        _stage.Tell($"fault {rule.Kind} until {rule.Until} {rule.Probability}");
        World.Losant.Faults.Add(rule);
    }

    private void ClusterFaults()
    {
        _faultyUntil = World.Time.Now + TimeSpan.FromSeconds(Random.Next(5, 300));
        _probability = Random.NextDouble() * 0.2;
        _stage.Tell($"cluster faults until {_faultyUntil} {_probability}");
    }

    private void RotateToken()
    {
        _stage.Tell("rotate the token");
        Replace();
    }

    private void ExpireToken()
    {
        _stage.Tell("the token expires");
        World.LosantToken.Expire();
        World.Run(TimeSpan.FromSeconds(Random.Next(1, 400)));
        _stage.Tell("a new token");
        Replace();
    }

    /// <summary>Losant knows the new token first; the Secret follows.</summary>
    private void Replace()
    {
        var text = $"token-{++_tokens}-of-plant-a";
        World.LosantToken.Rotate(text);
        World.Run(TimeSpan.FromSeconds(Random.Next(0, 30)));
        World.Store(text);
    }
}
