using EdgeRelease.Observation;

namespace EdgeRelease.Planning;

/// <summary>Device ids, and how many of them, in a sentence.</summary>
public static class Names
{
    private const int Limit = 10;

    /// <summary>At most ten ids by rising order, and how many more there are.</summary>
    /// <param name="ids">The ids.</param>
    public static string Of(IEnumerable<DeviceId> ids)
    {
        var all = ids.Order().ToList();
        var first = string.Join(", ", all.Take(Limit));
        return all.Count <= Limit ? first : $"{first} and {all.Count - Limit} more";
    }

    /// <summary>As <c>1 device</c>, <c>2 devices</c>.</summary>
    /// <param name="count">How many.</param>
    /// <param name="one">The word for one of them; the word for several ends in an s more.</param>
    public static string Count(int count, string one) => count == 1 ? $"1 {one}" : $"{count} {one}s";

    /// <summary>As <c>1 device</c>, <c>2 devices</c>.</summary>
    /// <param name="count">How many.</param>
    public static string Count(int count) => Count(count, "device");
}
