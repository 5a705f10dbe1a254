using System.Numerics;
using EdgeRelease.Planning;

namespace EdgeRelease.Controller;

/// <summary>The order in which the parts of a refused batch are tried, and what was heard of them (F096). Bounded: after
/// about twice the calls that find one bad id without one that was accepted, the search is hopeless.</summary>
internal sealed class Halving
{
    private const int FewCalls = 8;

    private readonly Stack<IReadOnlyList<LedgerRow>> _open = [];
    private readonly List<LedgerRow> _alone = [];
    private readonly int _most;
    private int _refused;

    /// <summary>A search in a batch that was refused as a whole.</summary>
    public Halving(IReadOnlyList<LedgerRow> rows)
    {
        _most = Math.Max(FewCalls, 2 * (BitOperations.Log2((uint)rows.Count) + 1));
        Heard(rows, isAccepted: false);
    }

    /// <summary>Rows that were refused by themselves.</summary>
    public IReadOnlyList<LedgerRow> Alone => _alone;

    /// <summary>Whether Losant took any part.</summary>
    public bool IsAccepted { get; private set; }

    /// <summary>Whether nothing was taken for so long that the ids are not the cause.</summary>
    public bool IsHopeless => !IsAccepted && _refused > _most;

    /// <summary>The part to try next; null when the search is over.</summary>
    public IReadOnlyList<LedgerRow>? Next() => !IsHopeless && _open.TryPop(out var rows) ? rows : null;

    /// <summary>Notes how Losant answered.</summary>
    public void Heard(IReadOnlyList<LedgerRow> rows, bool isAccepted)
    {
        IsAccepted |= isAccepted;
        if (isAccepted)
        {
            return;
        }

        _refused++;
        if (rows.Count == 1)
        {
            _alone.Add(rows[0]);
            return;
        }

        foreach (var half in rows.Chunk((rows.Count + 1) / 2).Reverse())
        {
            _open.Push(half);
        }
    }

    /// <summary>Whether Losant took any forward command of the revision before, so that a single refusal is about the
    /// device.</summary>
    public static bool HasBegun(Memory memory) =>
        memory.Rows.Values.Any(row =>
            row.Revision == memory.Revision
            && row.IsTried
            && row.Last is { Seen: true } or { Repeats: 0 } or { Kind: CommandKind.Back }
        );
}
