using EdgeRelease.Observation;

namespace EdgeRelease.Losant;

/// <summary>The rows of a scan as they come, and whether their ids rose.</summary>
internal sealed class Harvest<T>
{
    /// <summary>The most rows of one scan: ten times the largest fleet known. More is a server that does not end.
    /// </summary>
    public const int MostRows = 2_000_000;

    /// <summary>The rows so far.</summary>
    public List<T> Rows { get; } = [];

    /// <summary>The id of the newest row; null before the first.</summary>
    public DeviceId? Last { get; private set; }

    /// <summary>Whether each id was larger than the one before it.</summary>
    public bool Rises { get; private set; } = true;

    /// <summary>Takes the next row.</summary>
    /// <exception cref="UnreadableException">There are too many.</exception>
    public void Add(DeviceId id, T row)
    {
        if (Rows.Count == MostRows)
        {
            throw new UnreadableException("the list does not end");
        }

        Rises &= Last is not { } last || last < id;
        Last = id;
        Rows.Add(row);
    }

    /// <summary>Makes room for all rows of the list at once.</summary>
    /// <param name="total">How many there are, as Losant says; null when it does not.</param>
    public void Expect(int? total) => Rows.EnsureCapacity(Math.Min(total ?? 0, Rows.Count + 200_000));

    /// <summary>This moment, to come back to.</summary>
    public Mark Here() => new(Rows.Count, Last, Rises);

    /// <summary>Forgets what came after a moment.</summary>
    public void Return(Mark to)
    {
        Rows.RemoveRange(to.Count, Rows.Count - to.Count);
        (Last, Rises) = (to.Last, to.Rises);
    }

    /// <summary>A moment of a harvest.</summary>
    /// <param name="Count">The rows then.</param>
    /// <param name="Last">The newest id then.</param>
    /// <param name="Rises">Whether the ids rose till then.</param>
    public readonly record struct Mark(int Count, DeviceId? Last, bool Rises);
}
