using System.Text.Json;
using System.Text.Json.Nodes;
using EdgeRelease.Api;
using EdgeRelease.Controller;
using EdgeRelease.Kubernetes;
using EdgeRelease.Simulation;

namespace EdgeRelease.Tests.Swarm;

/// <summary>One scenario as it is told: a plant, what people and devices do, and what the operator does about it.
/// Every latency is fixed, so that a story reads the same until the operator behaves otherwise.</summary>
internal sealed class Story : IDisposable
{
    public const string Name = "line-monitor";

    private readonly StoryText _text;
    private readonly Referee _referee;
    private readonly BundleJudge _bundles;
    private readonly bool _isEmbedded;
    private IReadOnlyList<string> _sentences = [];
    private JsonObject? _spec;
    private int _added;

    public Story(LosantUnknowns? unknowns = null, bool isEmbedded = false)
    {
        World = new World(1, unknowns) { IsSteady = true };
        _isEmbedded = isEmbedded;
        Plant = new Plant(World, World.Losant.AddApplication("plant"), Setup(Plot.FlowName), ["v1", "v2", "v3", "v4"]);
        _referee = new Referee(World, Plant);
        _bundles = new BundleJudge(World, Plant.Application);
        _text = new StoryText(World, Plant.Application, Plant.Flow) { Release = Name };
    }

    public World World { get; }

    public Plant Plant { get; }

    public IReadOnlyList<SimulatedDevice> Devices => Plant.Application.Devices;

    /// <summary>What the referee found; null for nothing.</summary>
    public string? Broken => _referee.Found?.Message ?? _bundles.Found;

    /// <summary>Two or three sentences that say the situation; the durations and limits of the first spec follow.</summary>
    public void Begins(params string[] sentences) => _sentences = sentences;

    /// <summary>Adds devices that run a version, or nothing.</summary>
    public void Add(int count, string? version, params KeyValuePair<string, string>[] tags)
    {
        for (var i = 0; i < count; i++)
        {
            var setup = new DeviceSetup
            {
                Name = $"{Noun}-{++_added}",
                Tags = [new("line", "a"), .. tags],
                Behaviour = new DeviceBehaviour { ApplyLatency = new Spread(Terms.Applying, Terms.Applying) },
            };
            Plant.Add(setup, version);
        }
    }

    /// <summary>The devices of these numbers, from 1.</summary>
    public IEnumerable<SimulatedDevice> Gateways(params int[] numbers) => numbers.Select(number => Devices[number - 1]);

    /// <summary>Adds another flow to the boards, at v1, in the same bundles.</summary>
    public SimulatedFlow AddFlow(string name)
    {
        var plant = new Plant(World, Plant.Application, Setup(name), ["v1", "v2"]);
        foreach (var device in Devices)
        {
            plant.Application.Install(device, plant.Flow, "v1");
        }

        return plant.Flow;
    }

    /// <summary>The operator starts and has a look at the plant.</summary>
    public void Start()
    {
        World.Connect(Plant.Application, Terms.LookActive, Terms.LookIdle);
        World.Start();
        Run("10s");
    }

    /// <summary>Somebody commits a release to Git.</summary>
    /// <param name="why">In the words of that person.</param>
    /// <param name="spec">The spec without flow, application and devices, in JSON with single quotes.</param>
    /// <param name="name">The release; another one than the story's own is named in the lines.</param>
    public void Apply(string why, string spec, string name = Name)
    {
        _text.Tell($"apply: {why}");
        var read = Spec(spec);
        _spec ??= read.DeepClone().AsObject();
        World.Apply(name, read);
    }

    /// <summary>Somebody commits a change of members of the spec.</summary>
    /// <param name="what">The members, as they stand in the spec.</param>
    /// <param name="edit">Changes them.</param>
    public void Edit(string what, Action<JsonObject> edit)
    {
        _text.Tell($"commit: {what}");
        World.Cluster.Edit(
            Kinds.Release,
            new ResourceKey(World.Namespace, Name),
            root => edit(root["spec"]!.AsObject())
        );
    }

    /// <summary>Somebody annotates the release.</summary>
    /// <param name="annotation">Its key.</param>
    /// <param name="value">Its value; null takes it away.</param>
    public void Annotate(string annotation, string? value)
    {
        _text.Tell($"annotate: {annotation.Split('/')[1]}{(value is null ? "-" : $"={value}")}");
        World.Annotate(Name, annotation, value);
    }

    /// <summary>Something else happens.</summary>
    public void Happens(string what, Action act)
    {
        _text.Tell(what);
        act();
    }

    /// <summary>Somebody reads a condition; the devices that it names by their ids are named behind it.</summary>
    public void Tells(string name, string type)
    {
        var found = World.Release(name)?.Status?.Conditions.FirstOrDefault(condition => condition.Type == type);
        _text.Tell(
            found is null
                ? $"read: {name} has no condition {type}"
                : Named($"read: {name} says {type}={found.Status}, {found.Reason}: {found.Message}")
        );
    }

    /// <summary>Somebody reads more than a line.</summary>
    /// <param name="what">What is read, or the command that is typed.</param>
    /// <param name="lines">What stands there.</param>
    public void Shows(string what, IEnumerable<string> lines) =>
        _text.Tell($"read: {what}\n           {string.Join("\n           ", lines.Select(line => Named(line, what)))}");

    /// <summary>Somebody reads a member of the status.</summary>
    /// <param name="name">Its name.</param>
    public void Shows(string name)
    {
        var status = World.Cluster.Get(Kinds.Release, new ResourceKey(World.Namespace, Name))!.Value;
        var value = JsonNode.Parse(status.GetProperty("status").GetProperty(name).GetRawText());
        Shows($"the status of {Name}", YamlText.Of(new JsonObject { [name] = value }).TrimEnd().Split('\n'));
    }

    /// <summary>Somebody reads the Events of a reason.</summary>
    public void TellsEvents(string reason)
    {
        foreach (var read in World.Cluster.All(ResourceKind.Event).Where(read => Member(read, "reason") == reason))
        {
            _text.Tell(Named($"read: Event {Member(read, "type")} {reason}: {Member(read, "note")}"));
        }
    }

    /// <summary>Lets time pass; a Go duration.</summary>
    public void Run(string length)
    {
        Assert.True(Durations.TryParse(length, out var span));
        World.Run(span);
    }

    /// <summary>Lets time pass until the release is in a phase, at most two hours.</summary>
    public void Until(Phase phase) =>
        Until(
            status => status.Phase == phase && status.ObservedGeneration == Release!.Meta.Generation,
            phase.ToString()
        );

    /// <summary>Lets time pass until the status says so, at most two hours.</summary>
    public void Until(Func<EdgeReleaseStatus, bool> holds, string what)
    {
        var isSo = World.RunUntil(() => Release?.Status is { } status && holds(status), TimeSpan.FromHours(2));
        Assert.True(isSo, $"never {what}: {Release?.Status?.Phase} {Release?.Status?.Message}\n{Text}");
    }

    public ReleaseObject? Release => World.Release(Name);

    /// <summary>The whole story.</summary>
    public string Text
    {
        get
        {
            var hasErrors = Plant.Application.Rows.Any(row => row.State.Logs.Any(entry => entry.Error is not null));
            _text.Introduction = [.. _sentences, "", .. Terms.Of(_spec ?? Spec("{}"), Noun, hasErrors)];
            return _text.ToString();
        }
    }

    public void Dispose() => World.Dispose();

    private string Noun => _isEmbedded ? "board" : "gateway";

    /// <summary>A text, and behind it the names of the devices whose ids stand in it.</summary>
    private string Named(string text, string known = "")
    {
        var names = Devices
            .Where(device => text.Contains(device.Id) && !known.Contains(device.Id))
            .Select(device => device.Name);
        return names.Any() ? $"{text} # {string.Join(", ", names)}" : text;
    }

    private static string Member(JsonElement json, string name) => json.GetProperty(name).GetString()!;

    private FlowSetup Setup(string name) => new(name) { FlowClass = _isEmbedded ? "embedded" : "edge" };

    private static JsonObject Spec(string json)
    {
        var spec = JsonNode.Parse(json.Replace('\'', '"'))!.AsObject();
        spec["flow"] ??= Plot.FlowName;
        spec["application"] = "plant-a";
        spec["deviceTags"] ??= new JsonObject { ["line"] = "a" };
        spec["health"] ??= new JsonObject { ["confirm"] = "30s", ["settleTimeout"] = "3m" };
        return spec;
    }
}
