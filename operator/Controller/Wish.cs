using System.Text.Json;

namespace EdgeRelease.Controller;

/// <summary>What a person can change of an object: everything but its status and bookkeeping.</summary>
internal static class Wish
{
    public static string Of(JsonElement json)
    {
        var meta = json.GetProperty("metadata");
        return $"{Text(meta, "uid")} {Text(meta, "generation")} {Text(meta, "deletionTimestamp")} {Text(meta, "annotations")}";
    }

    private static string Text(JsonElement meta, string name) =>
        meta.TryGetProperty(name, out var value) ? value.GetRawText() : "";
}
