using EdgeRelease.Observation;

namespace EdgeRelease.Losant;

/// <summary>The two ways to read devices: all of a class, and named ones.</summary>
internal sealed class DeviceReads(Wire wire, Words words, string application)
{
    // Source: Losant schema advancedDeviceQuery, $in.maxItems.
    private const int MostNamed = 100;
    private int lastCount;

    /// <summary>All devices of a class, or those that changed since an instant, by rising id. Each page asks for what
    /// comes after the last id seen, so devices that come and go move nothing.</summary>
    public async Task<IReadOnlyList<DeviceRow>> ScanAsync(
        DeviceClass deviceClass,
        CancellationToken cancel,
        DateTimeOffset? since = null
    )
    {
        var harvest = new Harvest<DeviceRow>();
        harvest.Expect(since is null ? lastCount : 0);
        var reader = ReaderFor(deviceClass);
        var page = new PageAsk(0, PageReader.MostRows);
        while (true)
        {
            var query = Queries.DevicesAfter(deviceClass, harvest.Last, since);
            var facts = await PageAsync(query, page, (body, size) => reader.Read(body, size, harvest), cancel);
            if (!harvest.Rises || !facts.HasAllRowsOf(0))
            {
                throw Failures.Unreadable(CallFor(query, page), "the devices are not those that come next");
            }

            if (facts.IsShort)
            {
                lastCount = since is null ? harvest.Rows.Count : lastCount;
                return harvest.Rows;
            }

            harvest.Expect(facts.TotalCount);
        }
    }

    /// <summary>Named devices by rising id; those that Losant does not know are missing.</summary>
    public async Task<IReadOnlyList<DeviceRow>> FindAsync(IReadOnlyList<DeviceId> ids, CancellationToken cancel)
    {
        var found = new List<DeviceRow>(ids.Count);
        foreach (var chunk in ids.Distinct().Order().Chunk(MostNamed))
        {
            var reader = ReaderFor(DeviceClass.Other);
            var query = Queries.DevicesNamed(chunk);
            var scan = await OffsetScan.ReadAsync<DeviceRow>(
                (page, harvest, cancel) =>
                    PageAsync(query, page, (body, size) => reader.Read(body, size, harvest), cancel),
                PageReader.MostRows,
                cancel
            );
            if (!scan.IsAccepted)
            {
                throw Failures.Unreadable(CallFor(query, default), "the list does not hold still");
            }

            found.AddRange(
                scan.Rows.Where(row => chunk.Contains(row.Id)).DistinctBy(row => row.Id).OrderBy(row => row.Id)
            );
        }

        return found;
    }

    private PageReader<DeviceRow> ReaderFor(DeviceClass whenAbsent) => new(new DeviceReader(whenAbsent).Read, words);

    private Task<PageFacts> PageAsync(string query, PageAsk page, PageBody read, CancellationToken cancel) =>
        wire.GetPageAsync(page => CallFor(query, page), page, read, cancel);

    private Call CallFor(string query, PageAsk page) =>
        new()
        {
            Doing = $"read devices of application {application}",
            Route = "/applications/{applicationId}/devices",
            Target = Queries.Target(
                $"/applications/{application}/devices",
                ("sortField", "id"),
                ("sortDirection", "asc"),
                ("page", page.Number.ToString()),
                ("perPage", page.Size.ToString()),
                ("query", query)
            ),
        };
}
