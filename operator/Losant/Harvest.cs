using EdgeRelease.Observation;

namespace EdgeRelease.Losant;

/// <summary>The rows of a scan as they come, and whether their ids rose.</summary>
internal sealed class Harvest<T>
{
    /// <summary>The rows so far, in the order of reading.</summary>
    public List<T> Rows { get; } = [];

    /// <summary>The id of the first row since the page was turned; null before it.</summary>
    public DeviceId? First { get; private set; }

    /// <summary>The id of the newest row since the page was turned; null before it.</summary>
    public DeviceId? Last { get; private set; }

    /// <summary>Whether each id was larger than the one before it, but for those that a turned page parts.</summary>
    public bool Rises { get; private set; } = true;

    /// <summary>Takes the next row.</summary>
    public void Add(DeviceId id, T row)
    {
        Rises &= Last is not { } last || last < id;
        First ??= id;
        Last = id;
        Rows.Add(row);
    }

    /// <summary>Makes room for all rows of the list at once; once for a list, as it costs a copy.</summary>
    /// <param name="total">How many there are, as Losant says.</param>
    public void Expect(int total)
    {
        // A twentieth of the rows may stand on two pages. To grow by doubling would cost twice the room.
        var room = Math.Min(total + (total / 16), Rows.Count + 200_000);
        Rows.Capacity = Math.Max(Rows.Capacity, room);
    }

    /// <summary>Goes to a page whose ids may lie before those read.</summary>
    public void TurnPage() => (First, Last) = (null, null);
}
