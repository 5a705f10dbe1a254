using EdgeRelease.Observation;

namespace EdgeRelease.Losant;

/// <summary>Reads the application, its flows and their versions.</summary>
internal sealed class FlowReads(Wire wire, Words words, string application)
{
    // Flows and versions come with all their nodes: a page of 1,000 would not fit.
    private const int RowsPerPage = 100;
    private const int LongestName = 255;

    /// <summary>The application; null when it does not exist.</summary>
    public Task<LosantApplicationRow?> FindApplicationAsync(CancellationToken cancel) =>
        wire.FindAsync<LosantApplicationRow>(
            new Call
            {
                Doing = $"read application {application}",
                Route = "/applications/{applicationId}",
                Target = Queries.Target($"/applications/{application}"),
            },
            body => FlowReader.Application(body, words),
            cancel
        );

    /// <summary>The flows that an id or a name means.</summary>
    public async Task<IReadOnlyList<FlowRow>> FindFlowsAsync(string nameOrId, CancellationToken cancel)
    {
        if (DeviceId.TryParse(nameOrId, out var id))
        {
            return await FindFlowAsync(id, cancel) is { } flow ? [flow] : [];
        }

        return
        [
            .. await FindNamedAsync(nameOrId, "edge", cancel),
            .. await FindNamedAsync(nameOrId, "embedded", cancel),
        ];
    }

    /// <summary>The version of a flow; null when it has none of this name.</summary>
    public async Task<FlowVersionRow?> FindVersionAsync(DeviceId flow, string version, CancellationToken cancel)
    {
        // The list is asked rather than the path with the name in it: a path segment may not exceed 100 characters.
        var list = new NamedList(
            $"find version '{OneLine.Of(version, LongestName)}' of flow {flow}",
            "/applications/{applicationId}/flows/{flowId}/versions",
            $"/applications/{application}/flows/{flow}/versions",
            [("filterField", "version"), ("filter", version)]
        );
        var rows = await ReadAsync<FlowVersionRow>(list, FlowReader.Version, cancel);
        return rows.FirstOrDefault(row => row.Version == version);
    }

    private Task<FlowRow?> FindFlowAsync(DeviceId id, CancellationToken cancel) =>
        wire.FindAsync<FlowRow>(
            new Call
            {
                Doing = $"read flow {id}",
                Route = "/applications/{applicationId}/flows/{flowId}",
                Target = Queries.Target($"/applications/{application}/flows/{id}"),
            },
            body => FlowReader.Flow(body, words),
            cancel
        );

    private async Task<IEnumerable<FlowRow>> FindNamedAsync(string name, string flowClass, CancellationToken cancel)
    {
        // Losant's filter takes * as any text: it finds more than the name, never less.
        var list = new NamedList(
            $"find flow '{OneLine.Of(name, LongestName)}'",
            "/applications/{applicationId}/flows",
            $"/applications/{application}/flows",
            [("flowClass", flowClass), ("filterField", "name"), ("filter", name)]
        );
        var rows = await ReadAsync<FlowRow>(list, FlowReader.Flow, cancel);
        return rows.Where(row => row.Name == name).DistinctBy(row => row.Id);
    }

    private async Task<List<T>> ReadAsync<T>(NamedList list, RowReader<T> readRow, CancellationToken cancel)
    {
        var reader = new PageReader<T>(readRow, words);
        var scan = await OffsetScan.ReadAsync<T>(
            (page, harvest, cancel) =>
                wire.GetAsync(list.Page(page), body => reader.Read(body, page.Size, harvest), cancel),
            RowsPerPage,
            cancel
        );
        return scan.IsAccepted
            ? scan.Rows
            : throw Failures.Unreadable(list.Page(default), "the list does not hold still");
    }

    /// <summary>A list that is asked with a filter, page by page.</summary>
    private sealed record NamedList(string Doing, string Route, string Path, (string Name, string Value)[] Filter)
    {
        public Call Page(PageAsk page) =>
            new()
            {
                Doing = Doing,
                Route = Route,
                Target = Queries.Target(
                    Path,
                    [
                        ("sortField", "id"),
                        ("sortDirection", "asc"),
                        ("page", page.Number.ToString()),
                        ("perPage", page.Size.ToString()),
                        .. Filter,
                    ]
                ),
            };
    }
}
