namespace EdgeRelease.Simulation;

/// <summary>Remembers filtered and sorted lists of an application until anything changes, so that a scan in pages
/// filters and sorts once.</summary>
internal sealed class Listings
{
    private const int MostLists = 16;
    private readonly Dictionary<string, object> lists = [];
    private long changes = -1;

    /// <summary>The list of a key, made anew only when the application changed or an older state is read.</summary>
    public IReadOnlyList<T> Of<T>(Call call, string key, Func<IReadOnlyList<T>> make)
    {
        var application = call.Application;
        if (call.ReadAt < application.AllVisibleAt)
        {
            return make();
        }

        if (changes != application.Changes || lists.Count >= MostLists)
        {
            lists.Clear();
            changes = application.Changes;
        }

        if (lists.TryGetValue(key, out var known))
        {
            return (IReadOnlyList<T>)known;
        }

        var made = make();
        lists[key] = made;
        return made;
    }
}
