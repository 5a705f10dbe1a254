using System.Text.Json;
using EdgeRelease.Kubernetes;

namespace EdgeRelease.Simulation;

/// <summary>Deletes objects whose owners are all gone, as the controller manager of a cluster does.</summary>
internal static class GarbageCollector
{
    /// <summary>Looks through all objects once.</summary>
    /// <param name="store">The objects.</param>
    /// <param name="writes">Deletes them.</param>
    public static void Collect(ObjectStore store, ObjectWrites writes)
    {
        var all = store
            .Kinds.SelectMany(kind => store.At(kind, store.Version).Values.Select(item => (kind, item)))
            .ToList();
        var alive = all.Select(one => ObjectJson.Metadata(one.item, "uid")?.ToString())
            .ToHashSet(StringComparer.Ordinal);
        foreach (var (kind, item) in all.Where(one => IsOrphan(one.item, alive)))
        {
            writes.Delete(new WriteOrigin("garbage-collector", ClusterVerb.Delete, kind), ObjectJson.KeyOf(item));
        }
    }

    private static bool IsOrphan(JsonElement item, HashSet<string?> alive) =>
        ObjectJson.Metadata(item, "ownerReferences") is { ValueKind: JsonValueKind.Array } owners
        && owners.EnumerateArray().All(owner => !alive.Contains(ObjectJson.Text(owner, "uid")));
}
