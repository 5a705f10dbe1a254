using EdgeRelease.Controller;
using EdgeRelease.Observation;
using EdgeRelease.Planning;

namespace EdgeRelease.Tests.Swarm;

/// <summary>The ledger of a courtroom: every device that was sent.</summary>
internal sealed class CourtroomLedger
{
    private readonly Dictionary<DeviceId, LedgerRow> _rows = [];

    /// <summary>As a shard stores it.</summary>
    public string Text => LedgerText.Of(_rows.Values);

    /// <summary>A device is sent next.</summary>
    /// <param name="row">Its row, were it sent for the first time.</param>
    /// <param name="desired">What it was told last.</param>
    public void Intend(LedgerRow row, string? desired) =>
        _rows[row.Device] = _rows.GetValueOrDefault(row.Device) is { } known
            ? row with
            {
                Attempts = known.Attempts,
                Outcome = known.Outcome,
                OutcomeAt = known.OutcomeAt,
                Last = known.Last,
                Next = row.Next! with { From = desired },
            }
            : row;

    /// <summary>What was to be sent was sent.</summary>
    public void Sent()
    {
        foreach (var (id, row) in _rows)
        {
            _rows[id] = row.Sent();
        }
    }

    public void Change(string device, Func<LedgerRow, LedgerRow> change)
    {
        var id = DeviceId.Parse(device);
        _rows[id] = change(_rows[id]);
    }
}
