using EdgeRelease.Api;
using EdgeRelease.Kubernetes;
using EdgeRelease.Planning;

namespace EdgeRelease.Controller;

/// <summary>Memory from the status, and from the ledger where the status was lost (rule 35).</summary>
internal static class Recall
{
    /// <summary>The memory of a release.</summary>
    /// <param name="status">Its status, not older than the book; null when there is none.</param>
    /// <param name="book">Its ledger as loaded.</param>
    public static Memory Memory(EdgeReleaseStatus? status, LedgerBook book)
    {
        status ??= new EdgeReleaseStatus();
        if (IsLost(status, book))
        {
            return FromLedger(status, book);
        }

        var committed = Math.Max(status.Batch, book.LastSent);
        return StatusMemory.Of(status, book.Rows(committed)) with
        {
            Batch = committed,
            IsLedgerLost =
                status.LedgerLost == true
                || (status.Batch > 0 && (book.Name is null || book.ObjectsOf(status.Revision) < status.LedgerObjects)),
        };
    }

    /// <summary>Stores that the ledger is lost before anything is rebuilt: a crash on the way must not leave a part of it that
    /// passes for the whole.</summary>
    /// <param name="ports">The API server and the clock.</param>
    /// <param name="release">The release.</param>
    /// <param name="memory">Its memory.</param>
    /// <param name="session">The process's copies.</param>
    /// <param name="cancel">Ends the calls.</param>
    /// <returns>The release as it is stored then.</returns>
    /// <exception cref="ClusterException">It was not stored, or the ledger is whole after all.</exception>
    public static async Task<ReleaseObject> MarkedAsync(
        Ports ports,
        ReleaseObject release,
        Memory memory,
        Session session,
        CancellationToken cancel
    )
    {
        if (!memory.IsLedgerLost || release.Status is not { LedgerLost: not true } status)
        {
            return release;
        }

        // A former leader may have stored an object after the first look.
        var again = await LedgerBook.LoadAsync(ports.Cluster, release.Meta, cancel);
        return Memory(status, again).IsLedgerLost
            ? await session.WriteAsync(ports, release, status with { LedgerLost = true }, cancel)
            : throw new ClusterException(409, "the ledger was written since it was read");
    }

    /// <summary>A revision that the status does not know was never committed: nothing was sent for it, and it begins
    /// anew. Not so where there is no status, or where rows tell of calls that it does not know.</summary>
    private static bool IsLost(EdgeReleaseStatus status, LedgerBook book)
    {
        if (book.ReadTo is null)
        {
            book.Read(book.Revision);
            var isOlder = status.Revision == 0 || book.LastSent > status.Batch;
            if (book.Revision > status.Revision && !isOlder)
            {
                book.Read(status.Revision);
            }
        }

        return book.ReadTo > status.Revision;
    }

    private static Memory FromLedger(EdgeReleaseStatus status, LedgerBook book)
    {
        // Without the status every written-ahead command may have been sent.
        var rows = book.Rows(long.MaxValue);
        var batches = rows.Values.Select(row => row.Last?.Batch ?? 0).Append(status.Batch);
        var known = StatusMemory.Of(status, rows);
        var head = book.Head!;
        var tried = rows.Values.Where(row => row.IsTried && row.Revision == head.Revision);
        return new Memory
        {
            Revision = head.Revision,
            StartedAt = tried.Min(row => row.ForwardAt),
            Version = new VersionStatus
            {
                Name = head.Version?.Name,
                Etag = head.Version?.Etag,
                FlowVersionId = head.Version?.FlowVersionId,
                FlowClass = status.Flow?.Class ?? "edge",
            },
            Latch = head.Abort,
            Result = head.Result,
            KnownBad = known.KnownBad,
            Batch = batches.Max(),
            History = known.History,
            Handled = known.Handled,
            Rows = rows,
        };
    }
}
