using System.Text.Json;
using Tags = System.Collections.Generic.IReadOnlyList<System.Collections.Generic.KeyValuePair<string, string>>;

namespace EdgeRelease.Simulation;

/// <summary>Turns the <c>tags</c> member of an advanced query into a test of a device's tags.</summary>
internal static class TagQuery
{
    /// <summary>Whether tags fit: null means no tags, several members must all hold.</summary>
    public static Predicate<Tags> Compile(JsonElement query)
    {
        if (query.ValueKind == JsonValueKind.Null)
        {
            return tags => tags.Count == 0;
        }

        if (query.TryGetProperty("$eq", out var equal))
        {
            return Compile(equal);
        }

        if (query.TryGetProperty("$ne", out var different))
        {
            var test = Compile(different);
            return tags => !test(tags);
        }

        return query.TryGetProperty("$tagKey", out _) || query.TryGetProperty("$tagValue", out _)
            ? CompilePair(query)
            : CompileKeys(query);
    }

    private static Predicate<Tags> CompilePair(JsonElement query)
    {
        var key = TextOf(query, "$tagKey");
        var value = TextOf(query, "$tagValue");
        return tags => tags.Any(tag => key(tag.Key) && value(tag.Value));
    }

    private static Predicate<Tags> CompileKeys(JsonElement query)
    {
        var tests = query.EnumerateObject().Select(member => CompileKey(member.Name, member.Value)).ToArray();
        return tags => Array.TrueForAll(tests, test => test(tags));
    }

    /// <summary>Null and <c>$nin</c> also fit devices without the key.</summary>
    private static Predicate<Tags> CompileKey(string key, JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.Null)
        {
            return tags => !tags.Any(tag => tag.Key == key);
        }

        if (value.ValueKind == JsonValueKind.Object && value.TryGetProperty("$nin", out var excluded))
        {
            var texts = Texts(excluded);
            return tags => !tags.Any(tag => tag.Key == key && texts.Contains(tag.Value));
        }

        var fits = TextOf(value);
        return tags => tags.Any(tag => tag.Key == key && fits(tag.Value));
    }

    private static Predicate<string> TextOf(JsonElement query, string name) =>
        query.TryGetProperty(name, out var text) ? TextOf(text) : _ => true;

    private static Predicate<string> TextOf(JsonElement text)
    {
        if (text.ValueKind != JsonValueKind.Object)
        {
            var exact = text.GetString();
            return candidate => candidate == exact;
        }

        var within = text.TryGetProperty("$in", out var list);
        var texts = Texts(within ? list : text.GetProperty("$nin"));
        return candidate => texts.Contains(candidate) == within;
    }

    private static HashSet<string> Texts(JsonElement list) =>
        [.. list.EnumerateArray().Select(text => text.GetString()!)];
}
