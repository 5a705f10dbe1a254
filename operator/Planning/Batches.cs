using EdgeRelease.Observation;

namespace EdgeRelease.Planning;

/// <summary>Rows to send with the same reason.</summary>
/// <param name="Rows">The rows, each with its next command.</param>
/// <param name="Because">Why, in a few words with numbers.</param>
internal sealed record Dispatch(IReadOnlyList<LedgerRow> Rows, string Because);

/// <summary>Cuts dispatches into release calls: one version a call, at most 1,000 ids, sorted, numbered.</summary>
internal static class Batches
{
    public static IReadOnlyList<Batch> Of(IEnumerable<Dispatch> dispatches, long lastNumber)
    {
        var batches = new List<Batch>();
        foreach (var dispatch in dispatches)
        {
            var groups = dispatch
                .Rows.GroupBy(row => (row.Next!.Kind, row.Next.Version))
                .OrderBy(group => group.Key.Kind)
                .ThenBy(group => group.Key.Version, StringComparer.Ordinal);
            foreach (var group in groups)
            {
                foreach (var rows in group.OrderBy(row => row.Device).Chunk(Times.DevicesPerCall))
                {
                    batches.Add(One(rows, ++lastNumber, dispatch.Because));
                }
            }
        }

        return batches;
    }

    private static Batch One(LedgerRow[] rows, long number, string because) =>
        new()
        {
            Number = number,
            Kind = rows[0].Next!.Kind,
            Version = rows[0].Next!.Version,
            Rows = [.. rows.Select(row => row with { Next = row.Next! with { Batch = number } })],
            Because = because,
        };
}
