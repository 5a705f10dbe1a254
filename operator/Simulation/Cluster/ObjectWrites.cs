using System.Text.Json;
using System.Text.Json.Nodes;
using EdgeRelease.Kubernetes;

namespace EdgeRelease.Simulation;

/// <summary>The API server's rules for POST, PUT and DELETE, without time and without faults.</summary>
internal sealed class ObjectWrites
{
    // The default of a new object's status is shown on reading but stored with the next write, which so is a change.
    private readonly HashSet<string> _statusNotStored = new(StringComparer.Ordinal);
    private readonly ServedKinds _kinds;
    private readonly ObjectStore _store;
    private readonly VirtualTime _time;
    private long _created;

    /// <summary>Rules over a store.</summary>
    /// <param name="kinds">The kinds.</param>
    /// <param name="store">The store.</param>
    /// <param name="time">The server's clock.</param>
    public ObjectWrites(ServedKinds kinds, ObjectStore store, VirtualTime time)
    {
        _kinds = kinds;
        _store = store;
        _time = time;
    }

    /// <summary>What the server's clock is wrong by.</summary>
    public TimeSpan ClockOffset { get; set; }

    /// <summary>POST.</summary>
    /// <param name="origin">Who, and what kind.</param>
    /// <param name="body">The object.</param>
    public JsonElement Create(WriteOrigin origin, JsonElement body)
    {
        var rules = _kinds.RulesOf(origin.Kind);
        var key = ObjectJson.KeyOf(body);
        if (!string.IsNullOrEmpty(VersionOf(body)))
        {
            throw new ClusterException(500, "resourceVersion should not be set on objects to be created");
        }

        var next = Whole(rules, body, ObjectMetadata.Created(body, _created + 1, _time.Now + ClockOffset));
        if (rules.IsCustom)
        {
            next["metadata"]!["generation"] = 1;
        }

        if (rules.HasStatus)
        {
            next.Remove("status");
        }

        Admit(rules, next, null);
        if (_store.Find(rules.Kind, key) is not null)
        {
            throw Refusal.Conflict("it already exists");
        }

        _created++;
        if (rules.HasStatus && next.ContainsKey("status"))
        {
            _statusNotStored.Add(next["metadata"]!["uid"]!.GetValue<string>());
        }

        return _store.Put(_store.Stamped(next), null, origin);
    }

    /// <summary>PUT of an object or its status, with a resourceVersion.</summary>
    /// <param name="origin">Who, what kind and subresource.</param>
    /// <param name="body">The object.</param>
    public JsonElement Replace(WriteOrigin origin, JsonElement body)
    {
        var rules = _kinds.RulesOf(origin.Kind);
        var key = ObjectJson.KeyOf(body);
        var ofStatus = origin.Subresource is not null;
        if (ofStatus && !(rules.HasStatus && origin.Subresource == "status"))
        {
            throw Refusal.NotFound("the subresource is");
        }

        if (_store.Find(rules.Kind, key) is not { } stored)
        {
            CheckUid(body, null);
            return rules.AllowsCreateByReplace && !ofStatus
                ? Create(origin, WithoutVersion(body))
                : throw Refusal.NotFound("it is");
        }

        CheckUid(body, stored);
        CheckVersion(body, stored);
        var next = ofStatus ? WithStatus(stored, body) : Merged(rules, body, stored);
        Admit(rules, next, stored);
        return Settle(rules, next, stored, origin);
    }

    /// <summary>DELETE; finalizers hold it up.</summary>
    /// <param name="origin">Who, and what kind.</param>
    /// <param name="key">The object.</param>
    /// <param name="seen">The object as it must still be; null for any.</param>
    /// <returns>False when there is none.</returns>
    public bool Delete(WriteOrigin origin, ResourceKey key, JsonElement? seen = null)
    {
        if (_store.Find(_kinds.RulesOf(origin.Kind).Kind, key) is not { } stored)
        {
            return false;
        }

        if (seen is { } known)
        {
            CheckUid(known, stored);
            CheckVersion(known, stored);
        }

        if (ObjectJson.MetadataTexts(stored, "finalizers").Count == 0)
        {
            _store.Remove(stored, origin);
        }
        else if (ObjectJson.Metadata(stored, "deletionTimestamp") is null)
        {
            var marked = JsonObject.Create(stored)!;
            ObjectMetadata.MarkDeleted(marked, _time.Now + ClockOffset);
            _store.Put(_store.Stamped(marked), stored, origin);
        }

        return true;
    }

    /// <summary>Stores an object as it is, status included, past all rules: what an older server or schema
    /// left.</summary>
    /// <param name="origin">Who, and what kind.</param>
    /// <param name="body">The object, with a name.</param>
    public JsonElement Plant(WriteOrigin origin, JsonElement body)
    {
        var rules = _kinds.RulesOf(origin.Kind);
        var stored = _store.Find(rules.Kind, ObjectJson.KeyOf(body));
        var metadata = stored is { } present
            ? ObjectMetadata.Replaced(body, present)
            : ObjectMetadata.Created(body, ++_created, _time.Now + ClockOffset);
        if (stored is null && rules.IsCustom)
        {
            metadata["generation"] = 1;
        }

        return _store.Put(_store.Stamped(Whole(rules, body, metadata)), stored, origin);
    }

    private static void Admit(KindRules rules, JsonObject next, JsonElement? stored)
    {
        if (rules.Admission?.Invoke(next, stored) is { } reason)
        {
            throw Refusal.Unprocessable(reason);
        }
    }

    private static void CheckUid(JsonElement body, JsonElement? stored)
    {
        var uid = ObjectJson.Metadata(body, "uid")?.ToString();
        var present = stored is { } item ? ObjectJson.Metadata(item, "uid")?.ToString() : "";
        if (!string.IsNullOrEmpty(uid) && uid != present)
        {
            throw Refusal.Conflict($"Precondition failed: uid {uid}, in the store '{present}'");
        }
    }

    private static void CheckVersion(JsonElement body, JsonElement stored)
    {
        if (VersionOf(body) != VersionOf(stored))
        {
            throw Refusal.Conflict("the object has been modified");
        }
    }

    private static JsonObject Merged(KindRules rules, JsonElement body, JsonElement stored)
    {
        var added = ObjectJson.MetadataTexts(body, "finalizers").Except(ObjectJson.MetadataTexts(stored, "finalizers"));
        if (ObjectJson.Metadata(stored, "deletionTimestamp") is not null && added.Any())
        {
            throw Refusal.Unprocessable("metadata.finalizers: Forbidden: no new ones while it is being deleted");
        }

        var next = Whole(rules, body, ObjectMetadata.Replaced(body, stored));
        if (rules.HasStatus)
        {
            CopyStatus(stored, next);
        }

        return next;
    }

    private static JsonObject WithStatus(JsonElement stored, JsonElement body)
    {
        var next = JsonObject.Create(stored)!;
        CopyStatus(body, next);
        return next;
    }

    private static void CopyStatus(JsonElement from, JsonObject to)
    {
        to.Remove("status");
        if (from.TryGetProperty("status", out var status))
        {
            to["status"] = ObjectJson.Node(status);
        }
    }

    private static JsonObject Whole(KindRules rules, JsonElement body, JsonObject metadata)
    {
        var whole = JsonObject.Create(body)!;
        whole["apiVersion"] = rules.Kind.ApiVersion;
        whole["kind"] = rules.Kind.Kind;
        whole["metadata"] = metadata;
        return whole;
    }

    private static JsonElement WithoutVersion(JsonElement body)
    {
        var copy = JsonObject.Create(body)!;
        copy["metadata"]!.AsObject().Remove("resourceVersion");
        return ObjectJson.Element(copy);
    }

    private static string? VersionOf(JsonElement item) => ObjectJson.Metadata(item, "resourceVersion")?.ToString();

    private JsonElement Settle(KindRules rules, JsonObject next, JsonElement stored, WriteOrigin origin)
    {
        var candidate = _store.Stamped(next);
        var isSettled = !_statusNotStored.Remove(ObjectJson.Metadata(stored, "uid")!.Value.GetString()!);
        if (isSettled && ObjectJson.IsSameButVersion(candidate, stored))
        {
            return stored;
        }

        var isDeleted = ObjectJson.Metadata(candidate, "deletionTimestamp") is not null;
        if (isDeleted && ObjectJson.MetadataTexts(candidate, "finalizers").Count == 0)
        {
            _store.Remove(stored, origin);
            return candidate;
        }

        if (origin.Subresource is null && !ObjectJson.HasSameContent(candidate, stored, withStatus: !rules.HasStatus))
        {
            ObjectMetadata.Advance(next);
            candidate = _store.Stamped(next);
        }

        return _store.Put(candidate, stored, origin);
    }
}
