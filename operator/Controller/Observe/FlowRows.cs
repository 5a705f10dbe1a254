using EdgeRelease.Losant;
using EdgeRelease.Observation;

namespace EdgeRelease.Controller;

/// <summary>The rows of one flow. Handed out, a dictionary stays as it is: a change makes a new one.</summary>
internal sealed class FlowRows
{
    /// <summary>Dates of one event may differ by so much.</summary>
    private static readonly TimeSpan Doubt = TimeSpan.FromSeconds(2);

    private Dictionary<DeviceId, DeploymentRow> _rows;

    /// <summary>The rows of a full scan.</summary>
    /// <param name="scan">The scan.</param>
    /// <param name="known">What was known before: of two rows of a device the newer one counts, because a scan may be
    /// served by a copy that is behind; null for nothing.</param>
    public FlowRows(DeploymentScan scan, FlowRows? known)
    {
        AreCertain = scan.AbsentRowsAreCertain;
        _rows = scan.Rows.Select(row => known?.Newer(row) ?? row).ToDictionary(row => row.Device);
    }

    /// <summary>The rows by device.</summary>
    public IReadOnlyDictionary<DeviceId, DeploymentRow> Rows => _rows;

    /// <summary>False when an absent row may only have been missed.</summary>
    public bool AreCertain { get; }

    /// <summary>The poll of the full scan.</summary>
    public required Poll ScannedIn { get; init; }

    /// <summary>Monotonic timestamp of the full scan; null when another one is needed.</summary>
    public long? ScannedAt { get; set; }

    /// <summary>Monotonic timestamp at which a release asked for the rows last.</summary>
    public long AskedAt { get; set; }

    /// <summary>Whether exactly this row is known.</summary>
    public bool Has(DeploymentRow row) => _rows.TryGetValue(row.Device, out var known) && known == row;

    /// <summary>Takes rows that may have changed.</summary>
    public void Take(IEnumerable<DeploymentRow> rows)
    {
        var isCopied = false;
        foreach (var row in rows.Where(row => !Has(row)))
        {
            _rows = isCopied ? _rows : new Dictionary<DeviceId, DeploymentRow>(_rows);
            _rows[row.Device] = Newer(row);
            isCopied = true;
        }
    }

    /// <summary>Whether a row shows that a report changes what the list of changes is sorted by, or that it does not; null
    /// when its device did not report last.</summary>
    public static bool? DatesReports(DeploymentRow row)
    {
        if (row.LastCurrent is not { At: var reportedAt } || row.LastDesired?.At >= reportedAt - Doubt)
        {
            return null;
        }

        return (row.UpdatedAt - reportedAt).Duration() <= Doubt ? true
            : row.UpdatedAt < reportedAt ? false
            : null;
    }

    private DeploymentRow Newer(DeploymentRow row) =>
        _rows.TryGetValue(row.Device, out var known) && known.UpdatedAt > row.UpdatedAt ? known : row;
}
