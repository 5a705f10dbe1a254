using EdgeRelease.Observation;

namespace EdgeRelease.Losant;

/// <summary>Reads the newest rows of an application, whatever their flow, down to an instant (rule 37).</summary>
/// <remarks>
/// The list is sorted by what changes while it is read. A row that changes goes to its head, where the next poll finds it
/// because that one begins before this one's time; the others move to later places, which repeats rows and loses none.
/// Only a row that vanishes moves others to earlier places, over a page border: then the next page does not begin with a
/// row that was read.
/// </remarks>
/// <param name="wire">The line.</param>
/// <param name="read">Reads a page.</param>
/// <param name="key">A row's own id and when it changed.</param>
/// <param name="pageOf">Asks for a page, newest first.</param>
internal sealed class RecentRows<T>(
    Wire wire,
    RecentRows<T>.PageRead read,
    Func<T, (DeviceId Id, DateTimeOffset At)> key,
    Func<PageAsk, Call> pageOf
)
{
    /// <summary>The rows asked for first: mostly nothing changed, and no smaller list can be asked for.</summary>
    private const int FirstRows = 10;

    /// <summary>Reads a page into a harvest.</summary>
    public delegate PageFacts PageRead(ReadOnlySpan<byte> body, int size, Harvest<T> harvest);

    /// <summary>Reads until a row is older than the instant.</summary>
    public async Task<RecentlyChanged<T>> ReadAsync(DateTimeOffset since, CancellationToken cancel)
    {
        var rows = new Dictionary<DeviceId, T>();
        var page = new PageAsk(0, FirstRows);
        while (true)
        {
            var harvest = new Harvest<T>();
            var facts = await wire.GetPageAsync(pageOf, page, (body, size) => read(body, size, harvest), cancel);
            var isCertain =
                facts.PerPage <= page.Size
                && facts.HasAllRowsOf(page.Number)
                && Falls(harvest.Rows)
                && harvest.Rows.TrueForAll(row => key(row).At != default)
                && (page.Number == 0 || (harvest.First is { } first && rows.ContainsKey(first)));
            foreach (var row in harvest.Rows)
            {
                rows.TryAdd(key(row).Id, row);
            }

            var end = ((long)page.Number * facts.PerPage) + facts.Count;
            var isAtEnd = end >= facts.TotalCount || (harvest.Rows is [.., var last] && key(last).At < since);
            var next =
                page.Size == FirstRows && facts.PerPage == FirstRows
                    ? new PageAsk(0, PageReader.MostRows)
                    : PageAsk.From(end - 1, facts.PerPage);
            if (!isCertain || isAtEnd || next.End <= end)
            {
                return new RecentlyChanged<T>([.. rows.Values], facts.TotalCount, isCertain && isAtEnd);
            }

            page = next;
        }
    }

    private bool Falls(List<T> rows)
    {
        for (var i = 1; i < rows.Count; i++)
        {
            if (key(rows[i]).At > key(rows[i - 1]).At)
            {
                return false;
            }
        }

        return true;
    }
}

/// <summary>The rows that changed lately.</summary>
/// <param name="Rows">The rows in the order of reading, no row twice; a few older ones may be among them.</param>
/// <param name="TotalCount">All rows of the list, as Losant counts them.</param>
/// <param name="IsCertain">False when a row may have been missed.</param>
internal sealed record RecentlyChanged<T>(IReadOnlyList<T> Rows, int TotalCount, bool IsCertain);
