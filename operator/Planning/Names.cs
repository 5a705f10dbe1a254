using EdgeRelease.Observation;

namespace EdgeRelease.Planning;

/// <summary>Device ids in a sentence.</summary>
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
}
