using EdgeRelease.Observation;

namespace EdgeRelease.Losant;

/// <summary>The rows of a scan as they come, and whether their ids rose.</summary>
internal sealed class Harvest<T>
{
    // Rows on the page that is being read and on the pages before meet at this id.
    private DeviceId? border;
    private DeviceId? first;

    /// <summary>The rows so far, in the order of reading.</summary>
    public List<T> Rows { get; } = [];

    /// <summary>The id of the newest row, on this page when pages are turned; null before it.</summary>
    public DeviceId? Last { get; private set; }

    /// <summary>Whether each id was larger than the one before it on its page.</summary>
    public bool Rises { get; private set; } = true;

    /// <summary>How many rows stand not before the lowest row of the pages read earlier: these were read twice.</summary>
    public int Overlap { get; private set; }

    /// <summary>Takes the next row.</summary>
    public void Add(DeviceId id, T row)
    {
        Rises &= Last is not { } last || last < id;
        Overlap += border <= id ? 1 : 0;
        first ??= id;
        Last = id;
        Rows.Add(row);
    }

    /// <summary>Makes room for all rows of the list at once.</summary>
    /// <param name="total">How many there are, as Losant says.</param>
    public void Expect(int total) => Rows.EnsureCapacity(Math.Min(total, Rows.Count + 200_000));

    /// <summary>Goes to the page that stands before all pages read so far.</summary>
    public void TurnBack()
    {
        border = first is null || border < first ? border : first;
        (first, Last) = (null, null);
    }
}
