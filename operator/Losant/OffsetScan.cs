namespace EdgeRelease.Losant;

/// <summary>Reads one page of a list, by its number from 0, into a harvest.</summary>
internal delegate Task<PageFacts> PageSource<T>(int page, Harvest<T> harvest, CancellationToken cancel);

/// <summary>What a scan of a list by page numbers found.</summary>
/// <param name="Rows">The rows in the order of reading, some twice: of the accepted pass, else of the last two.</param>
/// <param name="IsAccepted">Whether one pass has all rows that stood in the list from its start to its end.</param>
internal sealed record OffsetScanned<T>(List<T> Rows, bool IsAccepted);

/// <summary>Reads a list that is sorted by rising id and that may change meanwhile.</summary>
/// <remarks>
/// Rows join at the end, as ids rise with time, and vanish anywhere. Read from the front, a row that vanishes pulls a
/// later one over a page border that was passed already, and a row that joins hides it in the total. So the pages are
/// read from the last to the first: then a row can only be pulled onto a page that is still to be read.
/// <code>
/// pages     [ 1 2 3 ] [ 4 5 6 ] [ 7 8 ]      7 8 read, 2 vanishes
///           [ 1 3 4 ] [ 5 6 7 ] [ 8 ]        5 6 7 read, then 1 3 4: 7 twice, none missed
/// </code>
/// </remarks>
internal static class OffsetScan
{
    private const int MostPasses = 3;

    /// <summary>Reads the list until a pass is accepted, three times at most. A list of one page costs one request, a
    /// longer one its pages and one more.</summary>
    public static async Task<OffsetScanned<T>> ReadAsync<T>(PageSource<T> source, CancellationToken cancel)
    {
        List<T> before = [];
        for (var pass = 1; ; pass++)
        {
            var (rows, isAccepted) = await PassAsync(source, cancel);
            if (isAccepted)
            {
                return new OffsetScanned<T>(rows, IsAccepted: true);
            }

            if (pass == MostPasses)
            {
                return new OffsetScanned<T>([.. before, .. rows], IsAccepted: false);
            }

            before = rows;
        }
    }

    private static async Task<OffsetScanned<T>> PassAsync<T>(PageSource<T> source, CancellationToken cancel)
    {
        var harvest = new Harvest<T>();
        var front = await source(0, harvest, cancel);
        return front.Pages > 1
            ? await BackwardAsync(source, front, cancel)
            : new OffsetScanned<T>(harvest.Rows, harvest.Rises && front.HasAllRowsOf(0));
    }

    /// <summary>Reads to the front also when the pass cannot be accepted: what was seen counts for the union.</summary>
    private static async Task<OffsetScanned<T>> BackwardAsync<T>(
        PageSource<T> source,
        PageFacts front,
        CancellationToken cancel
    )
    {
        var harvest = new Harvest<T>();
        harvest.Expect(front.TotalCount);
        var isWhole = true;
        var least = front.Pages * front.PerPage;
        int? before = null;
        var fallen = 0;
        for (var page = front.Pages - 1; page >= 0; page--)
        {
            harvest.TurnBack();
            var facts = await source(page, harvest, cancel);
            isWhole &= facts.PerPage == front.PerPage && facts.HasAllRowsOf(page);
            least = Math.Min(least, facts.TotalCount);
            fallen += Math.Max(0, before - facts.TotalCount ?? 0);
            before = facts.TotalCount;
        }

        // Only rows that vanished make others stand on two pages; more doubles than that are a list in disorder.
        var isInOrder = harvest.Rises && harvest.Overlap <= fallen;
        var isComplete = harvest.Rows.Count - harvest.Overlap >= least;
        return new OffsetScanned<T>(harvest.Rows, isWhole && isInOrder && isComplete);
    }
}
