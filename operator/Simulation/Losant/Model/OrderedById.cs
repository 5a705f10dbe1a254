namespace EdgeRelease.Simulation;

/// <summary>Things in the order of their ids. Adding a largest id, the usual case, costs nothing.</summary>
internal sealed class OrderedById<T>(Func<T, string> id)
{
    private readonly List<T> items = [];
    private readonly Dictionary<string, T> byId = new(StringComparer.Ordinal);

    /// <summary>By rising id.</summary>
    public IReadOnlyList<T> Items => items;

    /// <summary>Adds a thing at its place.</summary>
    /// <exception cref="ArgumentException">The id is taken.</exception>
    public void Add(T item)
    {
        byId.Add(id(item), item);
        var place = items.Count;
        if (place > 0 && string.CompareOrdinal(id(items[place - 1]), id(item)) > 0)
        {
            place = ~items.BinarySearch(
                item,
                Comparer<T>.Create((left, right) => string.CompareOrdinal(id(left), id(right)))
            );
        }

        items.Insert(place, item);
    }

    /// <summary>The thing with this id, of either case; null when there is none.</summary>
    public T? Find(string wanted) =>
        byId.TryGetValue(wanted, out var exact) ? exact : byId.GetValueOrDefault(wanted.ToLowerInvariant());
}
