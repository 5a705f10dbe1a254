using EdgeRelease.Api;
using EdgeRelease.Observation;
using EdgeRelease.Planning;
using Xunit;

namespace EdgeRelease.Tests.Unit.Planning;

/// <summary>A random fleet, a random order and random trouble, all from one seed.</summary>
internal sealed class PlannerScenario
{
    private readonly Random _random;
    private readonly PlannerOrder _order;
    private readonly PlannerWorld _world;

    public PlannerScenario(int seed)
    {
        _random = new Random(seed);
        _order = new PlannerOrder(_random);
        _world = World();
        Loop = A.Loop(_order.Make(), _world);
    }

    public PlannerLoop Loop { get; }

    /// <summary>Whether people and networks interfere, and not only devices.</summary>
    public bool HasVisitors { get; init; }

    /// <summary>What each device ran at the beginning.</summary>
    public Dictionary<DeviceId, string?> Original { get; } = [];

    /// <summary>Passes with trouble for some hours, then passes in peace.</summary>
    public PlannerScenario Run()
    {
        foreach (var gateway in _world.Gateways)
        {
            Original[gateway.Id] = gateway.Runs;
        }

        for (var pass = 0; pass < 150; pass++)
        {
            Trouble();
            Loop.Pass(Glimpse());
            _world.Advance(TimeSpan.FromSeconds(_random.Next(1, 90)));
        }

        Loop.Loses = null;
        foreach (var gateway in _world.Gateways.Where(gateway => !gateway.Connected && _random.Maybe(0.7)))
        {
            _world.Connect(gateway);
        }

        return this;
    }

    /// <summary>Passes until nothing has been sent for six hours but to devices that cannot take it; fails when that takes more than a week.</summary>
    public void Settle()
    {
        var deadline = _world.Now + TimeSpan.FromDays(7);
        var quietSince = _world.Now;
        while (_world.Now - quietSince < TimeSpan.FromHours(6))
        {
            var told = Loop.Pass().Batches.SelectMany(batch => batch.Devices).ToHashSet();
            var refusing = Loop
                .Plan.Fleet!.Devices.Where(device => device.Standing.IsFailingBack)
                .Select(device => device.Id);
            var deaf = _world.Gateways.Where(gateway => gateway.IsDeafToLosant).Select(gateway => gateway.Id);
            told.ExceptWith(refusing.Concat(deaf));
            if (told.Count > 0)
            {
                quietSince = _world.Now;
            }

            Assert.True(_world.Now < deadline, $"still sending after a week: {Loop.Phase}: {Loop.Message}");
            _world.Advance(TimeSpan.FromMinutes(2));
        }
    }

    private PlannerWorld World()
    {
        var world = A.Fleet();
        world.HasEtags = _random.Maybe(0.7);
        world.KeepsLogs = _random.Maybe(0.8);
        var count = (int)Math.Exp(_random.NextDouble() * Math.Log(40)) + 1;
        var (bad, dark, mute) = (_random.OneOf(0, 0, 0.1, 0.4), _random.OneOf(0, 0, 0.1), _random.OneOf(0, 0, 0.1));
        for (var i = 0; i < count; i++)
        {
            var gateway = world.Join(_random.OneOf("v0", "v1", "v1", null, _random.Maybe(0.2) ? "v2" : "v1"));
            gateway.Tags = new TagSet([
                new("line", _random.Maybe(0.9) ? "a" : "b"),
                new("ring", _random.OneOf("lab", "rest", "rest")),
            ]);
            gateway.Agent = _random.Maybe(0.05) ? "1.1.0" : "1.40.0";
            Burden(gateway, bad, dark, mute);
            if (_random.Maybe(0.2))
            {
                world.Disconnect(gateway);
            }
        }

        return world;
    }

    private void Burden(PlannerGateway gateway, double bad, double dark, double mute)
    {
        foreach (var version in new[] { "v2", "v3" })
        {
            _ = _random.Maybe(bad) && gateway.Refuses.Add(version);
            _ = _random.Maybe(dark) && gateway.DiesOf.Add(version);
            _ = _random.Maybe(mute) && gateway.Ignores.Add(version);
        }

        gateway.IsDeafToLosant = _random.Maybe(0.02);
    }

    private void Trouble()
    {
        var gateway = _world[_random.Next(_world.Gateways.Count)];
        if (_random.Maybe(0.1))
        {
            if (gateway.Connected)
            {
                _world.Disconnect(gateway);
            }
            else
            {
                _world.Connect(gateway);
            }
        }

        Loop.Loses = _random.Maybe(0.1) ? _ => true : null;
        if (HasVisitors)
        {
            Visit(gateway);
        }
    }

    private void Visit(PlannerGateway gateway)
    {
        var builder = new ReleaseBuilder { Built = Loop.Wanted };
        switch (_random.Next(400))
        {
            case 0 when !gateway.IsDeafToLosant:
                _world.Schedule(gateway, _random.OneOf("v0", "v1", "v2", "v9", null));
                break;
            case 1:
                gateway.Tags = new TagSet([
                    new("line", _random.Maybe(0.5) ? "a" : "b"),
                    new("ring", _random.OneOf("lab", "rest")),
                ]);
                break;
            case 2:
                Original[_world.Join("v1").Id] = "v1";
                _world.Gateways[^1].Tags = new TagSet([new("line", "a"), new("ring", "rest")]);
                break;
            case 3:
                gateway.IsDeleted = true;
                break;
            case 4 or 5:
                Loop.Wanted = builder.At(_random.OneOf(0, 20, 50, 100)).Percent();
                break;
            case 6:
                Loop.Wanted = builder.To(_random.OneOf("v2", "v3", "v1"));
                break;
            case 7:
                Loop.Wanted = builder.Aborting($"r{Loop.Memory.Revision}");
                break;
            case 8:
                Loop.Wanted = builder.Retrying($"r{Loop.Memory.Revision}");
                break;
            case 9:
                Loop.Wanted = builder.With(spec => spec with { Paused = !spec.Paused });
                break;
            case 10:
                Loop.Wanted = builder.In(_order.Steps());
                break;
            case 11 when Loop.Memory.Pause is { } pause:
                Loop.Wanted = builder.Approving(pause.Token);
                break;
            case >= 12 and < 16 when Loop.Plan?.Verdict.WaitingFor?.Token is { } token:
                Loop.Wanted = _random.Maybe(0.5) ? builder.Approving(token) : builder.Annotating(token);
                break;
            case 16:
                Loop.Wanted = builder.Promoting($"r{Loop.Memory.Revision}");
                break;
        }
    }

    /// <summary>What one poll shows; now and then with rows missing, or with devices missing.</summary>
    private Snapshot Glimpse()
    {
        var seen = _world.Seen();
        _world.Advance(TimeSpan.FromSeconds(1));
        if (_random.Maybe(0.03))
        {
            var rows = seen.Deployments.Where(_ => _random.Maybe(0.8)).ToDictionary();
            return seen with { Deployments = rows, AbsentRowsAreCertain = false };
        }

        return _random.Maybe(0.03)
            ? seen with
            {
                Devices = [.. seen.Devices.Where(_ => _random.Maybe(0.5))],
                Believed = false,
            }
            : seen;
    }
}
