using EdgeRelease.Observation;

namespace EdgeRelease.Losant;

/// <summary>Reads the newest rows of an application, whatever their flow, down to an instant (rule 37).</summary>
/// <remarks>
/// The list is sorted by what changes while it is read. A row that changes goes to its head, where the next poll finds it
/// because that one begins before this one's time; the others move to later places, which repeats rows and loses none.
/// Only a row that vanishes moves others to earlier places, over a page border: then the next page does not begin with a
/// row that was read.
/// </remarks>
internal sealed class RecentRows(Wire wire, Words words, string application)
{
    /// <summary>The rows asked for first: mostly nothing changed, and no smaller list can be asked for.</summary>
    private const int FirstRows = 10;

    /// <summary>Reads until a row is older than the instant.</summary>
    public async Task<DeploymentChanges> ReadAsync(DateTimeOffset since, CancellationToken cancel)
    {
        var reader = new PageReader<PlacedRow>(new DeploymentReader(flow: null).ReadPlaced, words);
        var rows = new Dictionary<DeviceId, PlacedRow>();
        var page = new PageAsk(0, FirstRows);
        while (true)
        {
            var harvest = new Harvest<PlacedRow>();
            var facts = await wire.GetPageAsync(PageOf, page, (body, size) => reader.Read(body, size, harvest), cancel);
            var isCertain =
                facts.PerPage <= page.Size
                && facts.HasAllRowsOf(page.Number)
                && Falls(harvest.Rows)
                && harvest.Rows.TrueForAll(row => row.Row.UpdatedAt != default)
                && (page.Number == 0 || (harvest.First is { } first && rows.ContainsKey(first)));
            foreach (var row in harvest.Rows)
            {
                rows.TryAdd(row.Id, row);
            }

            var end = ((long)page.Number * facts.PerPage) + facts.Count;
            var isAtEnd = end >= facts.TotalCount || (harvest.Rows is [.., var last] && last.Row.UpdatedAt < since);
            var next =
                page.Size == FirstRows && facts.PerPage == FirstRows
                    ? new PageAsk(0, PageReader.MostRows)
                    : PageAsk.From(end - 1, facts.PerPage);
            if (!isCertain || isAtEnd || next.End <= end)
            {
                return new DeploymentChanges([.. rows.Values], facts.TotalCount, isCertain && isAtEnd);
            }

            page = next;
        }
    }

    private static bool Falls(List<PlacedRow> rows)
    {
        for (var i = 1; i < rows.Count; i++)
        {
            if (rows[i].Row.UpdatedAt > rows[i - 1].Row.UpdatedAt)
            {
                return false;
            }
        }

        return true;
    }

    private Call PageOf(PageAsk page) =>
        new()
        {
            Doing = $"read deployments of application {application}",
            Route = "/applications/{applicationId}/edge/deployments",
            Target = Queries.Target(
                $"/applications/{application}/edge/deployments",
                ("sortField", "lastUpdated"),
                ("sortDirection", "desc"),
                ("page", page.Number.ToString()),
                ("perPage", page.Size.ToString())
            ),
        };
}
