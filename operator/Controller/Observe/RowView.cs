using EdgeRelease.Observation;

namespace EdgeRelease.Controller;

/// <summary>The rows of the flows that releases ask for, as the last polls showed them.</summary>
internal sealed class RowView(RowSource source, TimeProvider time)
{
    private readonly Dictionary<DeviceId, FlowRows> _flows = [];
    private int _total;

    /// <summary>Whether a device's report was seen to change what the list of changes is sorted by, which is not
    /// documented: before that, a flow with devices under way is read as a whole.</summary>
    private bool _showsReports;

    /// <summary>How far the changes were read.</summary>
    public Changes<(DeviceId Flow, DeviceId Device)> Changes { get; } = new();

    /// <summary>The newest date in the rows.</summary>
    public DateTimeOffset Newest() =>
        _flows
            .Values.SelectMany(flow => flow.Rows.Values)
            .SelectMany(row => new[] { row.UpdatedAt, row.LastDesired?.At ?? default, row.LastCurrent?.At ?? default })
            .DefaultIfEmpty()
            .Max();

    /// <summary>Reads what changed, unless the flow that is asked for is the only one and will be read as a whole.</summary>
    /// <returns>Whether rows vanished, which may mean that devices did.</returns>
    public async Task<bool> HaveVanishedAsync(Need need, Poll poll, CancellationToken cancel)
    {
        foreach (var (id, rows) in _flows)
        {
            if (time.GetElapsedTime(rows.AskedAt) > Poller.FlowIsIdle)
            {
                _flows.Remove(id);
            }
        }

        var flow = DeviceId.Parse(need.FlowId);
        var isOnlyFull = IsDue(flow, need) && _flows.Keys.All(id => id == flow);
        if (Changes is { IsBroken: true } or { Since: null } || isOnlyFull)
        {
            // Should the scan fail, nothing else was read.
            Doubt();
            return false;
        }

        var changes = await source.ChangedAsync([.. _flows.Keys], Changes.Since!.Value, cancel);
        var areGone = changes.TotalCount < _total;
        _total = changes.TotalCount;
        foreach (var rows in changes.Rows.GroupBy(row => row.Flow ?? default))
        {
            Learn(rows.Select(row => row.Row));
            _flows.GetValueOrDefault(rows.Key)?.Take(rows.Select(row => row.Row));
        }

        if (changes.IsCertain)
        {
            Changes.Listed(changes.Rows.Select(row => (row.Flow ?? default, row.Row.Device)), poll.BeganAt);
        }

        if (areGone || !changes.IsCertain)
        {
            Doubt();
        }

        return areGone;
    }

    /// <summary>The next look at each flow reads all its rows.</summary>
    public void Doubt()
    {
        foreach (var known in _flows.Values)
        {
            known.ScannedAt = null;
        }
    }

    /// <summary>The rows of the flow that is asked for, read as a whole where the changes will not do.</summary>
    public async Task<FlowRows> OfAsync(Need need, Poll poll, CancellationToken cancel)
    {
        var flow = DeviceId.Parse(need.FlowId);
        var known = _flows.GetValueOrDefault(flow);
        var isOfThisPoll = known?.ScannedAt >= poll.Stamp;
        if (!isOfThisPoll && IsDue(flow, need))
        {
            var scan = await source.ScanAsync(need.FlowId, cancel);
            // A row that did not change since stands in no list: it was not read before, or its device came back.
            var differing = known is { AreCertain: true }
                ? scan.Rows.Where(row => !known.Has(row) && row.UpdatedAt >= Changes.Since).ToList()
                : [];
            Learn(scan.Rows);
            Changes.Scanned([.. differing.Select(row => (flow, row.Device))], poll.BeganAt);
            _flows[flow] = known = new FlowRows(scan, known) { ScannedIn = poll, ScannedAt = time.GetTimestamp() };
        }

        known!.AskedAt = time.GetTimestamp();
        return known;
    }

    private void Learn(IEnumerable<DeploymentRow> rows)
    {
        foreach (var row in rows)
        {
            var shows = FlowRows.DatesReports(row);
            _showsReports |= shows == true;
            if (shows == false)
            {
                Changes.Break();
            }
        }
    }

    private bool IsDue(DeviceId flow, Need need) =>
        need.IsFull
        || Changes is { IsBroken: true } or { Since: null }
        || (need.IsUnderway && !_showsReports)
        || _flows.GetValueOrDefault(flow) is not { AreCertain: true, ScannedAt: { } at }
        || time.GetElapsedTime(at) >= Poller.FullScan;
}
