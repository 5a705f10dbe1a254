namespace EdgeRelease.Simulation;

/// <summary>A row as one reader sees it.</summary>
internal readonly record struct SeenRow(SimulatedRow Row, RowState State);

/// <summary>The reads of edge deployments.</summary>
internal static class DeploymentReads
{
    public static Answer List(Call call) =>
        Page.Of(
            call,
            new Collection<SeenRow>(
                "edgeDeployments",
                "lastUpdated",
                sortField => call.Application.Listings.Of(call, Key(call, sortField), () => Matching(call, sortField)),
                (writer, seen) => RowJson.Write(writer, call, seen)
            )
        );

    public static Answer Get(Call call)
    {
        var row = call.Application.FindRow(call.Path("edgeDeploymentId"));
        return row is not null && DeploymentKind.Of(row.Flow) == DeploymentKind.Edge && Seen(call, row) is { } state
            ? new Answer(200, JsonText.Write(writer => RowJson.Write(writer, call, new SeenRow(row, state))))
            : Answer.NotFound("Edge Deployment");
    }

    private static string Key(Call call, string sortField) =>
        $"rows {sortField} {call.Query.Text("flowId")} {call.Query.Text("deviceId")} {FiltersEmpty(call)} "
        + call.Query.Text("version");

    /// <summary>The row's state for the reader; null when the row is not to be seen.</summary>
    private static RowState? Seen(Call call, SimulatedRow row) =>
        row.SeenAt(call.ReadAt) is not { } state ? null
        : call.Unknowns.ListsRowsOfDeletedDevices ? state
        : row.Device.SeenAt(call.ReadAt) is { DeletedAt: null } ? state
        : null;

    private static List<SeenRow> Matching(Call call, string sortField)
    {
        var flowId = call.Query.Text("flowId");
        var deviceId = call.Query.Text("deviceId");
        var version = call.Query.Text("version");
        var filtersEmpty = FiltersEmpty(call);
        var rows = new List<SeenRow>();
        foreach (var row in call.Application.Rows)
        {
            if (
                DeploymentKind.Of(row.Flow) == DeploymentKind.Edge
                && Fits(flowId, row.Flow.Id)
                && Fits(deviceId, row.Device.Id)
                && Seen(call, row) is { } state
                && (version is null || state.Current == version || state.Desired == version)
                && !(filtersEmpty && state.Empty)
            )
            {
                rows.Add(new SeenRow(row, state));
            }
        }

        return sortField == "id" ? rows : [.. Sorted(rows, sortField)];
    }

    /// <summary>Whether an id is the one that is asked for; null asks for any.</summary>
    public static bool Fits(string? wanted, string id) =>
        wanted is null || wanted.Equals(id, StringComparison.OrdinalIgnoreCase);

    private static bool FiltersEmpty(Call call) =>
        call.Query.Text("filterEmpty") is { } text
        && (call.Unknowns.FilterEmptyFalseFilters || text is not ("" or "0" or "false"));

    private static IEnumerable<SeenRow> Sorted(List<SeenRow> rows, string sortField) =>
        sortField switch
        {
            "lastUpdated" => rows.OrderBy(seen => seen.State.LastUpdated),
            "creationDate" => rows.OrderBy(seen => seen.Row.CreatedAt),
            "deviceId" => rows.OrderBy(seen => seen.Row.Device.Id, StringComparer.Ordinal),
            "flowId" => rows.OrderBy(seen => seen.Row.Flow.Id, StringComparer.Ordinal),
            "desiredVersion" => rows.OrderBy(seen => seen.State.Desired, StringComparer.Ordinal),
            _ => rows.OrderBy(seen => seen.State.Current, StringComparer.Ordinal),
        };
}
