using EdgeRelease.Observation;

namespace EdgeRelease.Planning;

/// <summary>Device ids in a sentence.</summary>
internal static class Names
{
    private const int Limit = 10;

    /// <summary>At most ten ids, and how many more there are.</summary>
    public static string Of(IEnumerable<DeviceId> ids)
    {
        var all = ids.Order().ToList();
        var first = string.Join(", ", all.Take(Limit));
        return all.Count <= Limit ? first : $"{first} and {all.Count - Limit} more";
    }
}
