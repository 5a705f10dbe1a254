using EdgeRelease.Observation;

namespace EdgeRelease.Losant;

/// <summary>Reads one page of a list into a harvest.</summary>
internal delegate Task<PageFacts> PageSource<T>(PageAsk page, Harvest<T> harvest, CancellationToken cancel);

/// <summary>What a scan of a list by page numbers found.</summary>
/// <param name="Rows">The rows in the order of reading, some twice: of the accepted pass, else of the last two.</param>
/// <param name="IsAccepted">Whether one pass has all rows that stood in the list from its start to its end.</param>
internal sealed record OffsetScanned<T>(List<T> Rows, bool IsAccepted);

/// <summary>Reads a list that is sorted by rising id while rows come and go anywhere in it.</summary>
/// <remarks>
/// No total proves a pass: one row that vanishes and another that joins leave it the same and move what is between
/// them over a page border. So each page is cut to begin at a row that the page before ended with:
/// <code>
/// size 5    [ 1 2 3 4 5 ]                    page 0; then 2 vanishes and 9 joins
/// size 4      [ ]       [ 6 7 8 9 ]          page 1 begins after 5: 6 may have a row before it, so go back
/// size 3          [ 5 6 7 ]                  page 1 begins at 5, which was read: nothing can lie between
/// </code>
/// What stands throughout between the first row of the list and the last one read is then read itself, by induction.
/// A pass that cannot be accepted any more goes on without overlap.
/// </remarks>
internal static class OffsetScan
{
    private const int MostPasses = 3;
    private const int MostStepsBack = 3;

    /// <summary>Reads the list until a pass is accepted, three times at most.</summary>
    /// <param name="source">Reads a page.</param>
    /// <param name="mostRows">The largest page to ask for.</param>
    /// <param name="cancel">Ends the reading.</param>
    public static async Task<OffsetScanned<T>> ReadAsync<T>(
        PageSource<T> source,
        int mostRows,
        CancellationToken cancel
    )
    {
        List<T> before = [];
        for (var pass = 1; ; pass++)
        {
            var (rows, isAccepted) = await PassAsync(source, mostRows, cancel);
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

    /// <summary>Reads to the end also when the pass cannot be accepted: what was seen counts for the union.</summary>
    private static async Task<OffsetScanned<T>> PassAsync<T>(
        PageSource<T> source,
        int mostRows,
        CancellationToken cancel
    )
    {
        var harvest = new Harvest<T>();
        var page = new PageAsk(0, mostRows);
        var isWhole = true;
        DeviceId? reached = null;
        var (overlap, stepsBack, total) = (1, 0, 0);
        while (true)
        {
            harvest.TurnPage();
            var facts = await source(page, harvest, cancel);
            mostRows = facts.PerPage < page.Size ? facts.PerPage : mostRows;
            var start = (long)page.Number * facts.PerPage;
            var joins = page.Number == 0 || harvest.First <= reached;
            isWhole &= harvest.Rises && facts.PerPage <= page.Size;
            if (isWhole && !joins && stepsBack < MostStepsBack)
            {
                overlap = Math.Max(1, mostRows / 8);
                var back = Math.Max(0, total - facts.TotalCount) + ((long)overlap << (3 * stepsBack++));
                page = PageAsk.From(start - back, mostRows);
                continue;
            }

            isWhole &= joins && facts.HasAllRowsOf(page.Number);
            (reached, stepsBack, total) = (Max(reached, harvest.Last), 0, facts.TotalCount);
            var end = start + facts.PerPage;
            if (facts.IsShort && end >= total)
            {
                return new OffsetScanned<T>(harvest.Rows, isWhole);
            }

            if (page.Number == 0)
            {
                harvest.Expect(total);
            }

            page = PageAsk.From(end - overlap, mostRows);
            isWhole &= page.End > end;
            page = isWhole ? page : PageAsk.From(end, mostRows);
        }
    }

    private static DeviceId? Max(DeviceId? one, DeviceId? other) => one > other ? one : other ?? one;
}
