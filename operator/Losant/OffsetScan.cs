namespace EdgeRelease.Losant;

/// <summary>Reads one page of a list, by its number from 0, into a harvest.</summary>
internal delegate Task<PageFacts> PageSource<T>(int page, Harvest<T> harvest, CancellationToken cancel);

/// <summary>What a scan of a list by page numbers found.</summary>
/// <param name="Rows">The rows of the accepted pass; else those of the last two passes, one after the other.</param>
/// <param name="IsAccepted">Whether one pass saw a list that held still.</param>
internal sealed record OffsetScanned<T>(List<T> Rows, bool IsAccepted);

/// <summary>Reads a list that is sorted by rising id and that may change while it is read. A pass is accepted when the
/// ids rise over all of it, no page but the last is short, and the total did not fall unnoticed.</summary>
internal static class OffsetScan
{
    private const int MostPasses = 3;
    private const int MostReturns = 3;

    /// <summary>Reads the list until a pass is accepted, three times at most.</summary>
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

    /// <summary>Reads the list to its end, also when it does not hold still: what was seen counts for the union.</summary>
    private static async Task<OffsetScanned<T>> PassAsync<T>(PageSource<T> source, CancellationToken cancel)
    {
        var harvest = new Harvest<T>();
        var marks = new List<Harvest<T>.Mark>();
        var returns = 0;
        var isWhole = true;
        PageFacts? before = null;
        while (true)
        {
            marks.Add(harvest.Here());
            var facts = await source(marks.Count - 1, harvest, cancel);
            harvest.Expect(facts.TotalCount);
            var fallen = marks.Count > 1 ? before?.TotalCount - facts.TotalCount ?? 0 : 0;
            if (fallen > 0 && returns++ < MostReturns)
            {
                GoBack(harvest, marks, fallen, facts.PerPage);
                before = facts;
                continue;
            }

            var isLast = IsLast(facts, marks.Count);
            isWhole &= fallen <= 0 && (isLast || !facts.IsShort) && (before ?? facts).PerPage == facts.PerPage;
            if (isLast)
            {
                var isComplete = facts.TotalCount is not { } total || harvest.Rows.Count == total;
                return new OffsetScanned<T>(harvest.Rows, isWhole && isComplete && harvest.Rises);
            }

            before = facts;
        }
    }

    /// <summary>Rows that vanish before the place of reading pull later rows over page borders that were read already:
    /// at most as many as vanished, so that many pages are read again, and the one that showed it.</summary>
    private static void GoBack<T>(Harvest<T> harvest, List<Harvest<T>.Mark> marks, int fallen, int perPage)
    {
        var pages = 1 + ((fallen - 1) / perPage) + 1;
        var first = Math.Max(0, marks.Count - pages);
        harvest.Return(marks[first]);
        marks.RemoveRange(first, marks.Count - first);
    }

    private static bool IsLast(PageFacts facts, int pagesRead) =>
        facts.Count == 0 || (facts.TotalCount is { } total ? (long)pagesRead * facts.PerPage >= total : facts.IsShort);
}
