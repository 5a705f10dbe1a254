using System.Text.Json;

namespace EdgeRelease.Simulation;

/// <summary>The part of the control that reaches devices.</summary>
internal sealed class DeviceControl(SimulatedLosant losant)
{
    /// <summary>Adds a device to the first application: name, tags, agentVersion, connected, install {flow,
    /// version}.</summary>
    public Func<int> Add(JsonElement device)
    {
        var setup = new DeviceSetup
        {
            Name = device.TryGetProperty("name", out var name) ? name.GetString() : null,
            Tags = device.TryGetProperty("tags", out var tags) ? TagsOf(tags) : [],
            DeviceClass = device.TryGetProperty("deviceClass", out var sort) ? sort.GetString()! : "edgeCompute",
            AgentVersion = device.TryGetProperty("agentVersion", out var version) ? version.GetString() : "2.1.0",
            Connected = !device.TryGetProperty("connected", out var connected) || connected.GetBoolean(),
        };
        (string? Flow, string Version)? install = device.TryGetProperty("install", out var installed)
            ? (FlowIn(installed), installed.GetProperty("version").GetString()!)
            : null;
        return () =>
        {
            var flow = install is { } there ? Flow(there.Flow) : null;
            var added = losant.Applications[0].AddDevice(setup);
            if (flow is not null)
            {
                losant.Applications[0].Install(added, flow, install!.Value.Version);
            }

            return 1;
        };
    }

    /// <summary>Does each member of <c>set</c> to the devices of <c>select</c>, all when that is absent.</summary>
    /// <returns>Does it to all of them and says how many there were.</returns>
    public Func<int> Set(JsonElement body)
    {
        var select = Select(body.TryGetProperty("select", out var selection) ? selection : null);
        var changes = body.GetProperty("set").EnumerateObject().Select(Change).ToArray();
        return () =>
        {
            var selected = select();
            foreach (var change in changes.Select(change => change()).ToArray())
            {
                selected.ForEach(change);
            }

            return selected.Count;
        };
    }

    /// <summary>The flow with this id or name; the first one when it is null.</summary>
    /// <exception cref="FormatException">There is none.</exception>
    public SimulatedFlow Flow(string? idOrName) =>
        losant
            .Applications.SelectMany(application => application.Flows)
            .FirstOrDefault(flow => idOrName is null || flow.Id == idOrName || flow.Name == idOrName)
        ?? throw new FormatException($"unknown flow {idOrName}");

    private Func<List<SimulatedDevice>> Select(JsonElement? select)
    {
        var first = int.MaxValue;
        var selectors = new List<Func<SimulatedDevice, bool>>();
        foreach (var member in select?.EnumerateObject() ?? default)
        {
            if (member.Name == "first")
            {
                first = member.Value.GetInt32();
            }
            else
            {
                selectors.Add(Selector(member.Name, member.Value));
            }
        }

        return () =>
            [
                .. losant
                    .Applications.SelectMany(application => application.Devices)
                    .Where(device => selectors.TrueForAll(selector => selector(device)))
                    .Take(first),
            ];
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

    /// <summary>What a member of <c>set</c> does to a device, once it is known that it can be done.</summary>
    private Func<Action<SimulatedDevice>> Change(JsonProperty member)
    {
        var value = member.Value;
        switch (member.Name)
        {
            case "connected":
                return Always(value.GetBoolean() ? device => device.Connect() : device => device.Disconnect());
            case "deleted":
                return Always(value.GetBoolean() ? device => device.Remove() : device => device.Restore());
            case "agentVersion":
                var agent = value.GetString();
                return Always(device => device.SetAgentVersion(agent));
            case "tags":
                var tags = TagsOf(value);
                return Always(device => device.Retag(tags));
            case "loadedByHand" when value.GetBoolean():
                return Always(device => device.LoadByHand());
            case "outcome":
                var version = value.GetProperty("version").GetString();
                var outcome = OutcomeOf(value);
                return Always(device => device.SetOutcome(version, outcome));
            case "foreignWrite":
                return ForeignWrite(value);
            default:
                var changed = BehaviourOf(member.Name, value);
                return Always(device => device.Behaviour = changed(device.Behaviour));
        }
    }

    private static Func<Action<SimulatedDevice>> Always(Action<SimulatedDevice> change) => () => change;

    private static Func<DeviceBehaviour, DeviceBehaviour> BehaviourOf(string name, JsonElement value)
    {
        switch (name)
        {
            case "applyLatency":
                var latency =
                    value.ValueKind == JsonValueKind.Array
                        ? new Spread(Span(value[0]), Span(value[1]))
                        : new Spread(Span(value), Span(value));
                return before => before with { ApplyLatency = latency };
            case "reconnects":
                var pattern =
                    value.ValueKind == JsonValueKind.Null
                        ? null
                        : new ReconnectPattern(Span(value.GetProperty("up")), Span(value.GetProperty("down")));
                return before => before with { Reconnects = pattern };
            default:
                throw new FormatException($"a device has no {name} to set");
        }
    }

    private Func<Action<SimulatedDevice>> ForeignWrite(JsonElement value)
    {
        var named = FlowIn(value);
        var version = value.GetProperty("version").GetString();
        LogSource? by =
            value.TryGetProperty("sourceType", out var type) && value.TryGetProperty("sourceId", out var id)
                ? new LogSource(type.GetString()!, id.GetString()!)
                : null;
        return () =>
        {
            var flow = Flow(named);
            return device => device.Application.ForeignWrite(device, flow, version, by);
        };
    }

    private static string? FlowIn(JsonElement value) =>
        value.TryGetProperty("flow", out var named) ? named.GetString() : null;

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
            "worksThenFails" => Outcome.WorksThenFails(Span(value.GetProperty("after")), error),
            var other => throw new FormatException($"unknown outcome {other}"),
        };
    }

    private static TimeSpan Span(JsonElement value) => Durations.Parse(value.GetString()!);

    private static List<KeyValuePair<string, string>> TagsOf(JsonElement tags) =>
        [.. tags.EnumerateObject().Select(tag => KeyValuePair.Create(tag.Name, tag.Value.GetString()!))];
}
