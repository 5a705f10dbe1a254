using EdgeRelease.Api;
using EdgeRelease.Planning;

namespace EdgeRelease.Controller;

/// <summary>Memory from the status, and from the ledger where the status was lost (rule 35).</summary>
internal static class Recall
{
    public static Memory Memory(EdgeReleaseStatus? status, LedgerBook book)
    {
        if (book.Head is not { } head || (status?.Revision ?? 0) >= head.Revision)
        {
            return StatusMemory.Of(status, book.Rows(status?.Batch ?? 0));
        }

        // Without the status every written-ahead command may have been sent.
        var rows = book.Rows(long.MaxValue);
        var batches = rows.Values.Select(row => row.Last?.Batch ?? 0).DefaultIfEmpty(0);
        return StatusMemory.Of(status, rows) with
        {
            Revision = head.Revision,
            Version = new VersionStatus
            {
                Name = head.Version?.Name,
                Etag = head.Version?.Etag,
                FlowVersionId = head.Version?.FlowVersionId,
                FlowClass = "edge",
            },
            Latch = head.Abort,
            Result = head.Result,
            AppliedPercentage = 0,
            Batch = batches.Max(),
        };
    }
}
