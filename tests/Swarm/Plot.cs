using System.Text.Json.Nodes;
using EdgeRelease.Api;
using EdgeRelease.Controller;
using EdgeRelease.Kubernetes;
using EdgeRelease.Simulation;

namespace EdgeRelease.Tests.Swarm;

/// <summary>One random schedule: a fleet, releases, people, faults; the same seed makes the same one.</summary>
internal sealed class Plot
{
    public const string FlowName = "line-monitor";

    private static readonly string[] Versions = ["v1", "v2", "v3", "v4", "v5"];

    private readonly World _world;
    private readonly Random _random;
    private readonly Menu _menu;
    private int _added;

    public Plot(World world)
    {
        _world = world;
        _random = world.Random;
        _menu = new Menu(_random);
        Plant = new Plant(world, FlowName, Versions);
        var size = _random.Next(10) == 0 ? _random.Next(13, 200) : _random.Next(2, 13);
        for (var i = 0; i < size; i++)
        {
            AddDevice();
        }
    }

    /// <summary>What is in the field.</summary>
    public Plant Plant { get; }

    /// <summary>What was done, for the story of a failure.</summary>
    public List<string> Told { get; } = [];

    /// <summary>The releases, each with its spec.</summary>
    public List<string> Names { get; } = [];

    /// <summary>Creates the releases and runs the acts in random order of time.</summary>
    public void Play()
    {
        var releases = _random.Next(4) == 0 ? 2 : 1;
        for (var i = 0; i < releases; i++)
        {
            Names.Add($"release-{i + 1}");
            Apply(Names[^1], _menu.Spec(Versions));
        }

        var acts = _random.Next(3, 12);
        for (var act = 0; act < acts; act++)
        {
            _world.Run(TimeSpan.FromSeconds(Math.Pow(10, _random.NextDouble() * 2.9)));
            Act();
        }

        _world.Run(TimeSpan.FromMinutes(_random.Next(1, 20)));
    }

    /// <summary>Faults end, devices keep still, and everybody lets the releases go on.</summary>
    public void Calm()
    {
        _world.Losant.Faults.Clear();
        _world.Cluster.Fault = _ => null;
        foreach (var device in Plant.Application.Devices)
        {
            device.Behaviour = device.Behaviour with { Reconnects = null };
        }

        if (_world.Process is null)
        {
            _world.Start();
        }

        Tell("calm");
    }

    private void Act()
    {
        switch (_random.Next(22))
        {
            case < 4:
                Apply(Any(Names), _menu.Spec(Versions));
                break;
            case 4:
                Edit("rolloutPercentage", _random.Next(0, 101));
                break;
            case 5:
                Edit("paused", _random.Next(2) == 0);
                break;
            case 6:
                Ask(Annotations.Abort);
                break;
            case 7:
                Ask(Annotations.Retry);
                break;
            case 8:
                Approve();
                break;
            case 9:
                Retag();
                break;
            case 10:
                RemoveOrAdd();
                break;
            case 11:
                Foreign();
                break;
            case 12 or 13:
                Connection();
                break;
            case 14:
                Recreate();
                break;
            case 15 or 16:
                Crash();
                break;
            case 17:
                JumpClock();
                break;
            case 18 or 19:
                LosantFault();
                break;
            case 20:
                ClusterFaults();
                break;
            default:
                Republish();
                break;
        }
    }

    private void Apply(string name, JsonObject spec)
    {
        Tell($"apply {name} {spec.ToJsonString()}");
        if (_world.Release(name) is not null)
        {
            var key = new ResourceKey(World.Namespace, name);
            _world.Cluster.Edit(Kinds.Release, key, root => root["spec"] = spec.DeepClone());
            return;
        }

        _world.Apply(name, spec);
    }

    private void Edit(string member, JsonNode value)
    {
        var name = Any(Names);
        if (_world.Release(name) is null)
        {
            return;
        }

        Tell($"set {name} {member}={value}");
        _world.Cluster.Edit(
            Kinds.Release,
            new ResourceKey(World.Namespace, name),
            root => root["spec"]![member] = value.DeepClone()
        );
    }

    private void Ask(string annotation)
    {
        var name = Any(Names);
        if (_world.Release(name) is { Status.Revision: > 0 } release)
        {
            Tell($"annotate {name} {annotation}=r{release.Status.Revision}");
            _world.Annotate(name, annotation, $"r{release.Status.Revision}");
        }
    }

    private void Approve()
    {
        foreach (var name in Names)
        {
            if (_world.Release(name)?.Status?.Pause?.Token is { } token)
            {
                Tell($"approve {name} {token}");
                _world.Annotate(name, Annotations.Approve, token);
            }
        }
    }

    private void Retag()
    {
        if (AnyDevice() is { } device)
        {
            Plant.Touch(device);
            var line = _random.Next(3) == 0 ? "other" : "a";
            Tell($"retag {device.Id} line={line}");
            device.Retag(
                new KeyValuePair<string, string>("line", line),
                new("ring", _random.Next(2) == 0 ? "lab" : "field")
            );
        }
    }

    private void RemoveOrAdd()
    {
        if (_random.Next(2) == 0 && AnyDevice() is { } device)
        {
            Plant.Touch(device);
            Tell($"{(device.DeletedAt is null ? "remove" : "restore")} {device.Id}");
            if (device.DeletedAt is null)
            {
                device.Remove();
            }
            else
            {
                device.Restore();
            }

            return;
        }

        Tell($"add {AddDevice().Id}");
    }

    private void Foreign()
    {
        if (AnyDevice() is { DeletedAt: null } device)
        {
            Plant.Touch(device);
            var version = Any(Versions);
            Tell($"foreign {device.Id} {version}");
            Plant.Application.ForeignWrite(device, Plant.Flow, version);
        }
    }

    private void Connection()
    {
        if (AnyDevice() is { } device)
        {
            Tell($"{(device.Connected ? "disconnect" : "connect")} {device.Id}");
            if (device.Connected)
            {
                device.Disconnect();
            }
            else
            {
                device.Connect();
            }
        }
    }

    private void Recreate()
    {
        var name = Any(Names);
        var key = new ResourceKey(World.Namespace, name);
        Tell($"delete {name}");
        _world.Cluster.Remove(Kinds.Release, key);
        if (_random.Next(2) == 0)
        {
            _world.Run(TimeSpan.FromSeconds(_random.Next(1, 60)));
            Apply(name, _menu.Spec(Versions));
        }
    }

    private void Crash()
    {
        Tell("kill -9");
        _world.Kill();
        _world.Run(TimeSpan.FromSeconds(_random.Next(0, 90)));
        _world.Start();
    }

    private void JumpClock()
    {
        var jump = TimeSpan.FromMinutes(_random.Next(-60, 61));
        Tell($"clock jumps {jump}");
        if (_world.Process is { } process)
        {
            process.WallClockOffset += jump;
        }
    }

    private void Republish()
    {
        Plant.MayFailInnocently = true;
        var version = Any(Versions);
        Tell($"republish {version}");
        Plant.Flow.Republish(version);
    }

    private void LosantFault()
    {
        var rule = _menu.LosantFault(_world.Time.Now);
        Tell($"fault {rule.Kind} until {rule.Until} {rule.Probability}");
        _world.Losant.Faults.Add(rule);
    }

    private void ClusterFaults()
    {
        var until = _world.Time.Now + TimeSpan.FromSeconds(_random.Next(5, 300));
        var probability = _random.NextDouble() * 0.2;
        Tell($"cluster faults until {until} {probability}");
        _world.Cluster.Fault = _ =>
            _world.Time.Now < until && _random.NextDouble() < probability ? _menu.ClusterFault() : null;
    }

    private SimulatedDevice AddDevice()
    {
        var setup = _menu.Device(++_added);
        var version = _random.Next(12) == 0 ? null : Versions[_random.Next(3) == 0 ? 1 : 0];
        return Plant.Add(setup, version);
    }

    private SimulatedDevice? AnyDevice() =>
        Plant.Application.Devices.Count == 0
            ? null
            : Plant.Application.Devices[_random.Next(Plant.Application.Devices.Count)];

    private T Any<T>(IReadOnlyList<T> items) => items[_random.Next(items.Count)];

    private void Tell(string what) => Told.Add($"{_world.Time.Now:HH:mm:ss} {what}");
}
