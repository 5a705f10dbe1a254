using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;

namespace EdgeRelease.Kubernetes;

/// <summary>The objects of one kind as last seen, in order of namespace and name. Reads never wait.</summary>
public sealed class ResourceStore
{
    private static readonly Comparer<ResourceKey> ByName = Comparer<ResourceKey>.Create(
        (a, b) =>
            string.CompareOrdinal(a.Namespace, b.Namespace) is var order and not 0
                ? order
                : string.CompareOrdinal(a.Name, b.Name)
    );

    private ImmutableSortedDictionary<ResourceKey, JsonElement> objects = ImmutableSortedDictionary.Create<
        ResourceKey,
        JsonElement
    >(ByName);

    /// <summary>A store of objects that are not watched.</summary>
    /// <param name="resources">The objects; one without a name is left out.</param>
    public static ResourceStore Of(IEnumerable<JsonElement> resources)
    {
        ArgumentNullException.ThrowIfNull(resources);
        var store = new ResourceStore();
        foreach (var resource in resources)
        {
            if (ResourceJson.KeyOf(resource) is { } key)
            {
                store.Put(key, resource);
            }
        }

        return store;
    }

    /// <summary>All objects at one moment, without managedFields; the server's answer, unchecked.</summary>
    public IReadOnlyDictionary<ResourceKey, JsonElement> All => Volatile.Read(ref objects);

    /// <summary>One object; null when there is none.</summary>
    /// <param name="key">Its namespace and name.</param>
    public JsonElement? Find(ResourceKey key) =>
        Volatile.Read(ref objects).TryGetValue(key, out var found) ? found : null;

    /// <summary>The keys of one namespace; of all when it is null.</summary>
    internal IEnumerable<ResourceKey> Keys(string? ns) =>
        Volatile
            .Read(ref objects)
            .Keys.Where(key => ns is null || string.Equals(key.Namespace, ns, StringComparison.Ordinal));

    internal void Put(ResourceKey key, JsonElement resource) =>
        ImmutableInterlocked.Update(ref objects, all => all.SetItem(key, resource));

    internal void Remove(ResourceKey key) => ImmutableInterlocked.Update(ref objects, all => all.Remove(key));

    /// <summary>Whether a version is later than another. Versions of one kind compare as numbers; others never do.</summary>
    /// <param name="version">A resourceVersion; null is never later.</param>
    /// <param name="than">Another; with null nothing is later.</param>
    public static bool IsLater(string? version, string? than) =>
        ulong.TryParse(version, NumberStyles.None, CultureInfo.InvariantCulture, out var left)
        && ulong.TryParse(than, NumberStyles.None, CultureInfo.InvariantCulture, out var right)
        && left > right;
}
