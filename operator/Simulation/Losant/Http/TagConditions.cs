using System.Text.Json;
using Tags = System.Collections.Generic.IReadOnlyList<System.Collections.Generic.KeyValuePair<string, string>>;

namespace EdgeRelease.Simulation;

/// <summary>The old way to select by tags: a list of keys, values, or both.</summary>
internal static class TagConditions
{
    /// <summary>Whether tags fit; all do when there is no list. An empty condition fits nobody.</summary>
    public static Predicate<Tags> Of(JsonElement? list, Combination combination)
    {
        if (list is not { } conditions)
        {
            return _ => true;
        }

        var tests = conditions.EnumerateArray().Select(Of).ToArray();
        return combination == Combination.And
            ? tags => Array.TrueForAll(tests, test => test(tags))
            : tags => Array.Exists(tests, test => test(tags));
    }

    /// <summary>Whether a list says anything at all.</summary>
    public static bool SaysAnything(JsonElement list) =>
        list.EnumerateArray().Any(condition => condition.EnumerateObject().Any());

    private static Predicate<Tags> Of(JsonElement condition)
    {
        var key = condition.TryGetProperty("key", out var keyText) ? keyText.GetString() : null;
        var value = condition.TryGetProperty("value", out var valueText) ? valueText.GetString() : null;
        return tags =>
            (key ?? value) is not null
            && tags.Any(tag => (key is null || tag.Key == key) && (value is null || tag.Value == value));
    }
}
