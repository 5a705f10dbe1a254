using EdgeRelease.Simulation;

namespace EdgeRelease.Tests.Swarm;

/// <summary>What happens to devices and versions, and what others do to them.</summary>
internal sealed class FieldActs(Stage stage)
{
    private readonly HashSet<SimulatedDevice> _dark = [];

    public IReadOnlyList<Action> All =>
        [Retag, RemoveOrAdd, Foreign, Connection, Connection, Outage, Republish, Delete, Shrink];

    private Plant Plant => stage.Plant;

    /// <summary>No device loses its connection by itself any more, and outages end.</summary>
    public void KeepStill()
    {
        _dark.ToList().ForEach(Return);
        foreach (var device in Plant.Application.Devices)
        {
            device.Behaviour = device.Behaviour with { Reconnects = null };
        }
    }

    private void Retag()
    {
        var device = stage.AnyDevice();
        Plant.Touch(device);
        var line = stage.Random.Next(3) == 0 ? "other" : "a";
        stage.Tell($"retag {device.Id} line={line}");
        device.Retag(
            new KeyValuePair<string, string>("line", line),
            new("ring", stage.Random.Next(2) == 0 ? "lab" : "field")
        );
    }

    private void RemoveOrAdd()
    {
        if (stage.Random.Next(2) == 0)
        {
            stage.Tell($"add {stage.AddDevice().Id}");
            return;
        }

        var device = stage.AnyDevice();
        Plant.Touch(device);
        stage.Tell($"{(device.DeletedAt is null ? "remove" : "restore")} {device.Id}");
        if (device.DeletedAt is null)
        {
            device.Remove();
        }
        else
        {
            device.Restore();
        }
    }

    private void Foreign()
    {
        var device = stage.AnyDevice();
        var version = stage.Any(Stage.Versions);
        if (device.DeletedAt is null && Plant.Flow.FindVersion(version) is not null)
        {
            stage.Tell($"foreign {device.Id} {version}");
            Plant.Write(device, version);
        }
    }

    private void Connection()
    {
        var device = stage.AnyDevice();
        stage.Tell($"{(device.Connected ? "disconnect" : "connect")} {device.Id}");
        if (device.Connected)
        {
            device.Disconnect();
        }
        else
        {
            device.Connect();
        }
    }

    /// <summary>Most devices of a site are away within seconds, and come back one by one (F050).</summary>
    private void Outage()
    {
        var site = KeyValuePair.Create("site", $"s{stage.Random.Next(3)}");
        var there = Plant
            .Application.Devices.Where(device => device.Connected && device.Tags.Contains(site))
            .Where(_ => stage.Random.Next(8) != 0)
            .ToList();
        if (there.Count < 2)
        {
            return;
        }

        var length = TimeSpan.FromSeconds(stage.Random.Next(30, 1800));
        stage.Tell($"{there.Count} devices of {site.Value} are away for {length}", Deed.SiteOutage);
        foreach (var device in there)
        {
            _dark.Add(device);
            stage.World.Time.Schedule(TimeSpan.FromSeconds(stage.Random.Next(10)), device.Disconnect);
            stage.World.Time.Schedule(length + TimeSpan.FromSeconds(stage.Random.Next(200)), () => Return(device));
        }
    }

    private void Return(SimulatedDevice device)
    {
        if (_dark.Remove(device))
        {
            device.Connect();
        }
    }

    private void Republish()
    {
        var version = stage.Any(Stage.Versions);
        if (Plant.Flow.FindVersion(version) is not null)
        {
            Plant.MayFailInnocently = true;
            stage.Tell($"republish {version}");
            Plant.Flow.Republish(version);
            if (stage.World.Losant.Options.Unknowns.RepublishRedeploys)
            {
                Redeployed(version);
            }
        }
    }

    /// <summary>Where Losant sends what was published anew to the devices, that is somebody else's write.</summary>
    private void Redeployed(string version)
    {
        foreach (var device in Plant.Application.Devices)
        {
            if (device.FindRow(Plant.Flow)?.State.Desired == version)
            {
                Plant.Touch(device);
                Plant.Foreign[device.Id] = stage.World.Time.Now;
            }
        }
    }

    /// <summary>A version that devices run or go back to is gone.</summary>
    private void Delete()
    {
        var version = stage.Any(Stage.Versions);
        if (Plant.Flow.FindVersion(version) is not null)
        {
            Plant.MayFailInnocently = true;
            stage.Tell($"delete version {version}");
            Plant.Flow.DeleteVersion(version);
        }
    }

    /// <summary>Half of the fleet is gone at once.</summary>
    private void Shrink()
    {
        var there = Plant.Application.Devices.Where(device => device.DeletedAt is null).ToList();
        if (there.Count < 6)
        {
            return;
        }

        stage.Tell($"remove {there.Count / 2} of {there.Count} devices");
        Plant.Shrink(there.Take(there.Count / 2));
    }
}
