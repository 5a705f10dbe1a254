using System.Collections.Concurrent;
using System.Text.Json;
using EdgeRelease.Kubernetes;

namespace EdgeRelease.Controller;

/// <summary>Objects of one kind, each read once a version.</summary>
/// <param name="read">Reads an object; what it throws is thrown each time.</param>
public sealed class Readings<T>(Func<JsonElement, T> read)
    where T : class
{
    private readonly ConcurrentDictionary<ResourceKey, Reading> _known = new();

    /// <summary>An object as it was read.</summary>
    /// <param name="key">Its namespace and name.</param>
    /// <param name="json">The object.</param>
    public T Of(ResourceKey key, JsonElement json)
    {
        var (uid, version) = (ResourceJson.UidOf(json), ResourceJson.ResourceVersionOf(json));
        if (version is null)
        {
            return read(json);
        }

        if (!_known.TryGetValue(key, out var known) || known.Version != version || known.Uid != uid)
        {
            _known[key] = known = new Reading(uid, version, read(json));
        }

        return known.Value;
    }

    /// <summary>An object as it was read; null when it is not of the contract.</summary>
    /// <param name="key">Its namespace and name.</param>
    /// <param name="json">The object.</param>
    public T? Readable(ResourceKey key, JsonElement json)
    {
        try
        {
            return Of(key, json);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>Forgets an object that is gone.</summary>
    /// <param name="key">Its namespace and name.</param>
    public void Forget(ResourceKey key) => _known.TryRemove(key, out _);

    private sealed record Reading(string? Uid, string Version, T Value);
}
