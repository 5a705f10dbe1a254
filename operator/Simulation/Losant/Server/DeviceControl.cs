using System.Text.Json;

namespace EdgeRelease.Simulation;

/// <summary>The part of the control that reaches devices.</summary>
internal sealed class DeviceControl(SimulatedLosant losant)
{
    /// <summary>Adds a device to the first application: name, tags, agentVersion, connected, install {flow,
    /// version}.</summary>
    public int Add(JsonElement device)
    {
        var application = losant.Applications[0];
        var added = application.AddDevice(
            new DeviceSetup
            {
                Name = device.TryGetProperty("name", out var name) ? name.GetString() : null,
                Tags = device.TryGetProperty("tags", out var tags) ? TagsOf(tags) : [],
                AgentVersion = device.TryGetProperty("agentVersion", out var version) ? version.GetString() : "2.1.0",
                Connected = !device.TryGetProperty("connected", out var connected) || connected.GetBoolean(),
            }
        );
        if (device.TryGetProperty("install", out var install))
        {
            var flow = install.TryGetProperty("flow", out var named) ? named.GetString() : null;
            application.Install(added, Flow(flow), install.GetProperty("version").GetString()!);
        }

        return 1;
    }

    /// <summary>Does each member of <c>set</c> to the devices of <c>select</c>, all when that is absent.</summary>
    /// <returns>How many devices were reached.</returns>
    public int Set(JsonElement body)
    {
        var selected = Select(body.TryGetProperty("select", out var select) ? select : null);
        foreach (var member in body.GetProperty("set").EnumerateObject())
        {
            foreach (var device in selected)
            {
                Set(device, member.Name, member.Value);
            }
        }

        return selected.Count;
    }

    /// <summary>The flow with this id or name; the first one when it is null.</summary>
    /// <exception cref="FormatException">There is none.</exception>
    public SimulatedFlow Flow(string? idOrName) =>
        losant
            .Applications.SelectMany(application => application.Flows)
            .FirstOrDefault(flow => idOrName is null || flow.Id == idOrName || flow.Name == idOrName)
        ?? throw new FormatException($"unknown flow {idOrName}");

    private List<SimulatedDevice> Select(JsonElement? select)
    {
        var devices = losant.Applications.SelectMany(application => application.Devices);
        var first = int.MaxValue;
        foreach (var member in select?.EnumerateObject() ?? default)
        {
            if (member.Name == "first")
            {
                first = member.Value.GetInt32();
            }
            else
            {
                devices = devices.Where(Selector(member.Name, member.Value));
            }
        }

        return [.. devices.Take(first)];
    }

    private static Func<SimulatedDevice, bool> Selector(string name, JsonElement value)
    {
        switch (name)
        {
            case "deviceIds":
                var ids = value.EnumerateArray().Select(id => id.GetString()).ToHashSet();
                return device => ids.Contains(device.Id);
            case "names":
                var names = value.EnumerateArray().Select(text => text.GetString()).ToHashSet();
                return device => names.Contains(device.Name);
            case "tags":
                var tags = TagsOf(value);
                return device => tags.TrueForAll(tag => device.Tags.Contains(tag));
            case "connected":
                var connected = value.GetBoolean();
                return device => device.Connected == connected;
            default:
                throw new FormatException($"unknown selector {name}");
        }
    }

    private void Set(SimulatedDevice device, string name, JsonElement value)
    {
        switch (name)
        {
            case "connected" when value.GetBoolean():
                device.Connect();
                break;
            case "connected":
                device.Disconnect();
                break;
            case "deleted" when value.GetBoolean():
                device.Remove();
                break;
            case "deleted":
                device.Restore();
                break;
            case "agentVersion":
                device.SetAgentVersion(value.GetString());
                break;
            case "tags":
                device.Retag(TagsOf(value));
                break;
            case "outcome":
                device.SetOutcome(value.GetProperty("version").GetString(), OutcomeOf(value));
                break;
            case "foreignWrite":
                WriteForeign(device, value);
                break;
            default:
                device.Behaviour = BehaviourOf(device.Behaviour, name, value);
                break;
        }
    }

    private static DeviceBehaviour BehaviourOf(DeviceBehaviour before, string name, JsonElement value) =>
        name switch
        {
            "applyLatency" when value.ValueKind == JsonValueKind.Array => before with
            {
                ApplyLatency = new Spread(Span(value[0]), Span(value[1])),
            },
            "applyLatency" => before with { ApplyLatency = new Spread(Span(value), Span(value)) },
            "reconnects" when value.ValueKind == JsonValueKind.Null => before with { Reconnects = null },
            "reconnects" => before with
            {
                Reconnects = new ReconnectPattern(Span(value.GetProperty("up")), Span(value.GetProperty("down"))),
            },
            _ => throw new FormatException($"a device has no {name} to set"),
        };

    private void WriteForeign(SimulatedDevice device, JsonElement value)
    {
        var flow = Flow(value.TryGetProperty("flow", out var named) ? named.GetString() : null);
        LogSource? by =
            value.TryGetProperty("sourceType", out var type) && value.TryGetProperty("sourceId", out var id)
                ? new LogSource(type.GetString()!, id.GetString()!)
                : null;
        device.Application.ForeignWrite(device, flow, value.GetProperty("version").GetString(), by);
    }

    private static Outcome OutcomeOf(JsonElement value)
    {
        var error = value.TryGetProperty("error", out var text) ? text.GetString()! : "simulated failure";
        return value.GetProperty("kind").GetString() switch
        {
            "works" => Outcome.Works,
            "fails" => Outcome.Fails(error),
            "failsThenWorks" => Outcome.FailsThenWorks(value.GetProperty("failures").GetInt32(), error),
            "neverAnswers" => Outcome.NeverAnswers,
            "bricksConnection" => Outcome.BricksConnection,
            var other => throw new FormatException($"unknown outcome {other}"),
        };
    }

    private static TimeSpan Span(JsonElement value) => Durations.Parse(value.GetString()!);

    private static List<KeyValuePair<string, string>> TagsOf(JsonElement tags) =>
        [.. tags.EnumerateObject().Select(tag => KeyValuePair.Create(tag.Name, tag.Value.GetString()!))];
}
