using EdgeRelease.Observation;
using EdgeRelease.Planning;

namespace EdgeRelease.Tests.Unit.Planning.StateSearch;

/// <summary>What the API server holds: the status with its version, and the ledger with its own.</summary>
internal sealed record Stored(
    Memory Status,
    long StatusVersion,
    IReadOnlyDictionary<DeviceId, LedgerRow> Ledger,
    long LedgerVersion
)
{
    /// <summary>The memory of a process that reads both (as the operator's recall does).</summary>
    public Memory Recalled()
    {
        var committed = Math.Max(
            Status.Batch,
            Ledger.Values.Select(row => row.Last?.Batch ?? 0).DefaultIfEmpty().Max()
        );
        return Status with
        {
            Batch = committed,
            Rows = Ledger.ToDictionary(pair => pair.Key, pair => pair.Value.AsOf(committed)),
        };
    }
}

/// <summary>Where a pass stands: what it does next.</summary>
internal enum Stage
{
    StoreRows,
    StoreIntent,
    Call,
    ReportRows,
    ReportStatus,
}

/// <summary>A pass under way in one replica: it writes what it read the version of, or nothing.</summary>
/// <param name="Plan">What it decided.</param>
/// <param name="Memory">What it knows by now.</param>
/// <param name="Next">The batch that is on, an index into the plan's.</param>
/// <param name="Stage">What comes next.</param>
/// <param name="StatusVersion">The status that it knows.</param>
/// <param name="LedgerVersion">The ledger that it knows.</param>
internal sealed record Leader(Plan Plan, Memory Memory, int Next, Stage Stage, long StatusVersion, long LedgerVersion)
{
    public static Leader Planned(Plan plan, Stored stored) =>
        new(
            plan,
            plan.Memory,
            0,
            plan.Batches.Count > 0 ? Stage.StoreRows : Stage.ReportRows,
            stored.StatusVersion,
            stored.LedgerVersion
        );

    /// <summary>The batch that is on, numbered.</summary>
    public Batch Batch
    {
        get
        {
            var number = Stage is Stage.Call ? Memory.Batch : Memory.Batch + 1;
            var batch = Plan.Batches[Next];
            return batch with
            {
                Number = number,
                Rows = [.. batch.Rows.Select(row => row with { Next = row.Next! with { Batch = number } })],
            };
        }
    }

    /// <summary>The memory with rows of the batch in it.</summary>
    public Memory With(Func<LedgerRow, LedgerRow> change)
    {
        var rows = new Dictionary<DeviceId, LedgerRow>(Memory.Rows);
        foreach (var row in Batch.Rows)
        {
            rows[row.Device] = change(row);
        }

        return Memory with
        {
            Rows = rows,
        };
    }

    /// <summary>After an answer, or none: the rows count as sent.</summary>
    /// <param name="isHeard">Whether there was an answer; without one the pass ends.</param>
    public Leader Called(bool isHeard) =>
        this with
        {
            Memory = With(row => row.Sent()),
            Next = Next + 1,
            Stage = isHeard && Next + 1 < Plan.Batches.Count ? Stage.StoreRows : Stage.ReportRows,
        };

    /// <summary>Too late for the call: it is taken back.</summary>
    public Leader Withdrawn() =>
        this with
        {
            Memory = With(row => row with { Next = null }) with { InFlight = null },
            Stage = Stage.ReportRows,
        };
}
