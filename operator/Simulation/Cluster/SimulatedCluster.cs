using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using EdgeRelease.Kubernetes;

namespace EdgeRelease.Simulation;

/// <summary>A Kubernetes API server in memory and in virtual time, held to the real one by the conversations that the
/// tests have with both. Its clients see latency and faults; the test itself sees and changes the truth at
/// once.</summary>
public sealed class SimulatedCluster
{
    private const string User = "user";
    private readonly List<SimulatedWatch> _watches = [];
    private DateTimeOffset _downUntil;
    private long _calls;

    /// <summary>An empty cluster that serves Secrets, ConfigMaps, Leases and Events.</summary>
    /// <param name="time">The time of the simulation.</param>
    public SimulatedCluster(VirtualTime time)
    {
        Time = time;
        Store = new ObjectStore(time) { Committed = OnCommitted };
        Writes = new ObjectWrites(Kinds, Store, time);
    }

    /// <summary>The time of the simulation; also the server's clock, but for <see cref="ClockOffset"/>.</summary>
    public VirtualTime Time { get; }

    /// <summary>What the clock is wrong by that dates objects and deletions. Default zero.</summary>
    public TimeSpan ClockOffset
    {
        get => Writes.ClockOffset;
        set => Writes.ClockOffset = value;
    }

    /// <summary>How long one way through the network takes, asked for every message. Default 1 ms.</summary>
    public Func<TimeSpan> Latency { get; set; } = static () => TimeSpan.FromMilliseconds(1);

    /// <summary>Decides what befalls each call and each watch event; null for nothing. Asked once, when the call leaves
    /// the client or the event leaves the server. Default: nothing.</summary>
    public Func<ClusterCall, ClusterFault?> Fault { get; set; } = static _ => null;

    /// <summary>What has befallen calls and events so far.</summary>
    public ClusterFaultCounts Faults { get; } = new();

    /// <summary>How long a watch or a continued list can look back, before it gets 410. Default 5 min.</summary>
    public TimeSpan HistoryWindow
    {
        get => Store.HistoryWindow;
        set => Store.HistoryWindow = value;
    }

    /// <summary>From bookmark to bookmark on a watch. Default 1 min.</summary>
    public TimeSpan BookmarkInterval { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>After what time the server ends a watch. Default 290 s, which is what ClusterClient asks for.</summary>
    public TimeSpan WatchLifetime { get; set; } = TimeSpan.FromSeconds(290);

    /// <summary>How long after its last owner an owned object is deleted; null, the default, for never, as in a
    /// cluster without a controller manager.</summary>
    public TimeSpan? OwnedObjectsOutliveOwner { get; set; }

    /// <summary>Every committed write, in order.</summary>
    public IReadOnlyList<ClusterWrite> Record => Store.Log;

    /// <summary>Whether the server answers nobody.</summary>
    public bool IsDown => _downUntil > Time.Now;

    /// <summary>The kinds that are served.</summary>
    internal ServedKinds Kinds { get; } = new();

    /// <summary>The objects and their history.</summary>
    internal ObjectStore Store { get; }

    /// <summary>The rules for writes.</summary>
    internal ObjectWrites Writes { get; }

    /// <summary>Serves a kind, or changes the rules of one that is served.</summary>
    /// <param name="rules">Its rules.</param>
    public void Register(KindRules rules) => Kinds.Register(rules);

    /// <summary>A client with a process of its own.</summary>
    /// <param name="name">Its name in <see cref="Record"/> and in calls.</param>
    public SimulatedClient Client(string name) => Client(new VirtualProcess(Time, name));

    /// <summary>A client in a process.</summary>
    /// <param name="process">The process; its name is that of the client.</param>
    public SimulatedClient Client(VirtualProcess process) => new(this, process);

    /// <summary>Takes the server down: calls that arrive get no answer, watches break.</summary>
    /// <param name="length">From now on.</param>
    public void StopFor(TimeSpan length)
    {
        var until = Time.Now + length;
        _downUntil = until > _downUntil ? until : _downUntil;
        foreach (var watch in _watches.ToArray())
        {
            Faults.Count(ClusterFaultKind.ServerDown);
            watch.Break(Latency());
        }
    }

    /// <summary>Forgets old versions: watches from before, and lists begun before, get 410.</summary>
    public void Compact() => Store.Compact();

    /// <summary>Creates an object, or changes it as <c>kubectl apply</c> does: the body's spec and other fields, labels
    /// and annotations replace those of the object; what the body lacks, and the status, stay.</summary>
    /// <param name="body">The object, with apiVersion, kind, name and namespace.</param>
    /// <returns>The object as stored.</returns>
    public JsonElement Apply(JsonObject body)
    {
        var element = ObjectJson.Element(body);
        var kind = Kinds.KindOf(element);
        var key = ObjectJson.KeyOf(element);
        return Get(kind, key) is null
            ? Writes.Create(new WriteOrigin(User, ClusterVerb.Create, kind), element)
            : Edit(kind, key, stored => Overlay(body, stored));
    }

    /// <summary>Changes an object as <c>kubectl edit</c> does.</summary>
    /// <param name="kind">Its kind.</param>
    /// <param name="key">The object; 404 when there is none.</param>
    /// <param name="edit">Changes a copy.</param>
    /// <param name="subresource">As <c>status</c>; null for the object itself.</param>
    /// <returns>The object as stored.</returns>
    public JsonElement Edit(ResourceKind kind, ResourceKey key, Action<JsonObject> edit, string? subresource = null)
    {
        var copy = JsonObject.Create(Get(kind, key) ?? throw Refusal.NotFound($"{kind.Plural} {key}"))!;
        edit(copy);
        var origin = new WriteOrigin(User, ClusterVerb.Replace, kind, subresource);
        return Writes.Replace(origin, ObjectJson.Element(copy));
    }

    /// <summary>Stores an object as it is, status included, past admission and versions: what nobody could write, but
    /// an older server, an older schema or a restored backup has left.</summary>
    /// <param name="body">The object, with apiVersion, kind, name and namespace.</param>
    /// <returns>The object as stored.</returns>
    public JsonElement Plant(JsonObject body)
    {
        var element = ObjectJson.Element(body);
        return Writes.Plant(new WriteOrigin(User, ClusterVerb.Create, Kinds.KindOf(element)), element);
    }

    /// <summary>Deletes an object; finalizers hold it up.</summary>
    /// <param name="kind">Its kind.</param>
    /// <param name="key">The object.</param>
    /// <returns>False when there is none.</returns>
    public bool Remove(ResourceKind kind, ResourceKey key) =>
        Writes.Delete(new WriteOrigin(User, ClusterVerb.Delete, kind), key);

    /// <summary>One object as it is now; null when there is none.</summary>
    /// <param name="kind">Its kind.</param>
    /// <param name="key">The object.</param>
    public JsonElement? Get(ResourceKind kind, ResourceKey key) => Store.Find(kind, key);

    /// <summary>All objects of a kind as they are now, by namespace and name.</summary>
    /// <param name="kind">The kind.</param>
    public IReadOnlyList<JsonElement> All(ResourceKind kind) => [.. Store.At(kind, Store.Version).Values];

    /// <summary>The next call or watch event.</summary>
    /// <param name="client">Whose.</param>
    /// <param name="verb">What it does.</param>
    /// <param name="kind">What it concerns.</param>
    internal ClusterCall Number(SimulatedClient client, ClusterVerb verb, ResourceKind kind) =>
        new(++_calls, client.Process.Name, verb, kind);

    /// <summary>Opens a watch.</summary>
    /// <param name="client">For whom.</param>
    /// <param name="scope">What it shows.</param>
    /// <param name="resourceVersion">After which version; empty or 0 to begin with all objects as they are now.</param>
    internal SimulatedWatch Open(SimulatedClient client, WatchScope scope, string resourceVersion)
    {
        Kinds.RulesOf(scope.Kind);
        if (!long.TryParse(resourceVersion, CultureInfo.InvariantCulture, out var version) && resourceVersion != "")
        {
            throw Refusal.Invalid($"invalid resource version {resourceVersion}");
        }

        if (version != 0 && Store.IsTooOld(version))
        {
            throw Refusal.Gone(resourceVersion);
        }

        var watch = new SimulatedWatch(this, client, scope);
        _watches.Add(watch);
        if (version == 0)
        {
            watch.Show(All(scope.Kind));
        }
        else
        {
            Store.After(version).Where(scope.Shows).ToList().ForEach(watch.Publish);
        }

        return watch;
    }

    /// <summary>The open watches of a client.</summary>
    /// <param name="client">The client.</param>
    internal IReadOnlyList<SimulatedWatch> WatchesOf(SimulatedClient client) =>
        _watches.FindAll(watch => watch.Client == client);

    /// <summary>Drops a watch that is closed.</summary>
    /// <param name="watch">It.</param>
    internal void Forget(SimulatedWatch watch) => _watches.Remove(watch);

    private static void Overlay(JsonObject body, JsonObject stored)
    {
        foreach (var (name, value) in body.Where(member => member.Key is not ("metadata" or "status")))
        {
            stored[name] = value?.DeepClone();
        }

        foreach (var (name, value) in body["metadata"]!.AsObject().Where(m => m.Key is "labels" or "annotations"))
        {
            stored["metadata"]![name] = value?.DeepClone();
        }
    }

    private void OnCommitted(ClusterWrite write)
    {
        // A fault chosen for one event may close other watches.
        foreach (var watch in _watches.FindAll(watch => watch.Scope.Shows(write)))
        {
            watch.Publish(write);
        }

        if (write.Event == WatchEventKind.Deleted && OwnedObjectsOutliveOwner is { } delay)
        {
            Time.Schedule(delay, () => GarbageCollector.Collect(Store, Writes));
        }
    }
}
