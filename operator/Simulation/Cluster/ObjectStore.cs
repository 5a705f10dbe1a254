using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using EdgeRelease.Kubernetes;

namespace EdgeRelease.Simulation;

/// <summary>What etcd is to the API server: the objects, one version counter, and every write in order.</summary>
internal sealed class ObjectStore
{
    /// <summary>The version of the empty store; as in a real cluster, nobody can watch from 1.</summary>
    private const long FirstVersion = 1000;

    private readonly Dictionary<ResourceKind, SortedDictionary<string, JsonElement>> _objects = [];
    private readonly List<ClusterWrite> _log = [];
    private readonly VirtualTime _time;
    private long _floor = FirstVersion;

    /// <summary>An empty store.</summary>
    /// <param name="time">The server's clock.</param>
    public ObjectStore(VirtualTime time) => _time = time;

    /// <summary>Called after each write.</summary>
    public Action<ClusterWrite> Committed { get; set; } = static _ => { };

    /// <summary>How long old versions are kept.</summary>
    public TimeSpan HistoryWindow { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>The version of the last write.</summary>
    public long Version => FirstVersion + _log.Count;

    /// <summary>Every write so far.</summary>
    public IReadOnlyList<ClusterWrite> Log => _log;

    /// <summary>The kinds of which there is or was an object.</summary>
    public IReadOnlyList<ResourceKind> Kinds => [.. _objects.Keys];

    /// <summary>One object; null when there is none.</summary>
    /// <param name="kind">Its kind.</param>
    /// <param name="key">Its key.</param>
    public JsonElement? Find(ResourceKind kind, ResourceKey key) =>
        Objects(kind).TryGetValue(PathOf(key), out var found) ? found : null;

    /// <summary>The objects of a kind by path, as they were at a version.</summary>
    /// <param name="kind">The kind.</param>
    /// <param name="version">The version; not too old.</param>
    public IReadOnlyDictionary<string, JsonElement> At(ResourceKind kind, long version)
    {
        if (version >= Version)
        {
            return Objects(kind);
        }

        var past = new SortedDictionary<string, JsonElement>(Objects(kind), StringComparer.Ordinal);
        for (var i = _log.Count - 1; i >= 0 && _log[i].Sequence > version; i--)
        {
            if (_log[i].Kind == kind)
            {
                Set(past, PathOf(_log[i].Key), _log[i].Before);
            }
        }

        return past;
    }

    /// <summary>The writes after a version, oldest first.</summary>
    /// <param name="version">The version; not too old.</param>
    public IEnumerable<ClusterWrite> After(long version) => _log.Skip((int)Math.Max(version - FirstVersion, 0));

    /// <summary>Whether the history no longer reaches back to a version.</summary>
    /// <param name="version">The version.</param>
    public bool IsTooOld(long version) =>
        version < _floor || (version < Version && After(version).First().At < _time.Now - HistoryWindow);

    /// <summary>Forgets all versions but the current.</summary>
    public void Compact() => _floor = Version;

    /// <summary>An object with the next version.</summary>
    /// <param name="item">The object.</param>
    public JsonElement Stamped(JsonObject item)
    {
        item["metadata"]!["resourceVersion"] = (Version + 1).ToString(CultureInfo.InvariantCulture);
        return ObjectJson.Element(item);
    }

    /// <summary>Stores an object under the next version.</summary>
    /// <param name="next">The object, stamped.</param>
    /// <param name="stored">What it replaces; null for a creation.</param>
    /// <param name="origin">Who did what.</param>
    /// <returns>The object as stored.</returns>
    public JsonElement Put(JsonElement next, JsonElement? stored, WriteOrigin origin)
    {
        var happened = stored is null ? WatchEventKind.Added : WatchEventKind.Modified;
        Commit(origin, happened, stored, next);
        return next;
    }

    /// <summary>Removes an object.</summary>
    /// <param name="stored">The object as it was.</param>
    /// <param name="origin">Who did what.</param>
    public void Remove(JsonElement stored, WriteOrigin origin) =>
        Commit(origin, WatchEventKind.Deleted, stored, Stamped(JsonObject.Create(stored)!));

    /// <summary>Where an object stands in lists.</summary>
    /// <param name="key">Its key.</param>
    public static string PathOf(ResourceKey key) =>
        key.Namespace.Length == 0 ? key.Name : $"{key.Namespace}/{key.Name}";

    private static void Set(SortedDictionary<string, JsonElement> objects, string path, JsonElement? item)
    {
        if (item is { } present)
        {
            objects[path] = present;
        }
        else
        {
            objects.Remove(path);
        }
    }

    private void Commit(WriteOrigin origin, WatchEventKind happened, JsonElement? before, JsonElement after)
    {
        var key = ObjectJson.KeyOf(after);
        Set(Objects(origin.Kind), PathOf(key), happened == WatchEventKind.Deleted ? null : after);
        var write = new ClusterWrite
        {
            Sequence = Version + 1,
            At = _time.Now,
            Verb = origin.Verb,
            Event = happened,
            Kind = origin.Kind,
            Key = key,
            Subresource = origin.Subresource,
            Who = origin.Who,
            Before = before,
            After = after,
        };
        _log.Add(write);
        Committed(write);
    }

    private SortedDictionary<string, JsonElement> Objects(ResourceKind kind)
    {
        if (!_objects.TryGetValue(kind, out var objects))
        {
            _objects[kind] = objects = new SortedDictionary<string, JsonElement>(StringComparer.Ordinal);
        }

        return objects;
    }
}

/// <summary>Who writes, and by what call.</summary>
/// <param name="Who">The client's name.</param>
/// <param name="Verb">The call.</param>
/// <param name="Kind">What is written.</param>
/// <param name="Subresource">As <c>status</c>; null for the object itself.</param>
internal sealed record WriteOrigin(string Who, ClusterVerb Verb, ResourceKind Kind, string? Subresource = null);
