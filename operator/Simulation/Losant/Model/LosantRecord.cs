namespace EdgeRelease.Simulation;

/// <summary>All that happened at the simulated Losant, in order: its own truth, whatever clients were told.</summary>
public sealed class LosantRecord
{
    private readonly List<RecordEntry> entries = [];
    private readonly List<RecordEntry> held = [];
    private readonly List<Action<RecordEntry>> subscribers = [];
    private readonly int? limit;
    private long last;
    private bool holding;

    internal LosantRecord(int? limit) => this.limit = limit;

    /// <summary>The entries by rising <see cref="RecordEntry.Seq"/>; all, or the newest within the limit.</summary>
    public IReadOnlyList<RecordEntry> Entries => entries;

    /// <summary>Calls a function with each entry right after it is appended, on the thread of the model.</summary>
    /// <param name="subscriber">What to call; it must not call the model's <c>Handle</c> or <c>AdvanceTo</c>.</param>
    public void Subscribe(Action<RecordEntry> subscriber) => subscribers.Add(subscriber);

    /// <summary>The entries after a sequence number, in order.</summary>
    /// <param name="seq">The last one already known; 0 gives all.</param>
    public IEnumerable<RecordEntry> After(long seq)
    {
        var low = 0;
        var high = entries.Count;
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = entries[middle].Seq <= seq ? (middle + 1, high) : (low, middle);
        }

        return entries.Skip(low);
    }

    /// <summary>Takes the number of a request; what it changes is held back until the request is closed.</summary>
    internal long OpenRequest()
    {
        holding = true;
        return ++last;
    }

    /// <summary>Appends the request, then what it changed.</summary>
    internal void CloseRequest(RequestRecord request)
    {
        holding = false;
        Append(request);
        foreach (var change in held)
        {
            Append(change);
        }

        held.Clear();
    }

    /// <summary>Appends a change under the next number.</summary>
    internal void Add(DeviceChangeRecord change)
    {
        var numbered = change with { Seq = ++last };
        if (holding)
        {
            held.Add(numbered);
        }
        else
        {
            Append(numbered);
        }
    }

    private void Append(RecordEntry entry)
    {
        if (entries.Count >= limit)
        {
            entries.RemoveRange(0, (entries.Count / 2) + 1);
        }

        entries.Add(entry);
        foreach (var subscriber in subscribers)
        {
            subscriber(entry);
        }
    }
}
