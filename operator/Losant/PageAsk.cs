using System.Runtime.InteropServices;

namespace EdgeRelease.Losant;

/// <summary>Which page of a list to ask for.</summary>
/// <param name="Number">The page, from 0.</param>
/// <param name="Size">The most rows on it.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct PageAsk(int Number, int Size)
{
    /// <summary>The place in the list behind its last row.</summary>
    public long End => ((long)Number + 1) * Size;

    /// <summary>The page that reaches farthest of those that begin at a row or before it. A page begins at a multiple of
    /// its size, so the size is chosen to fit.</summary>
    /// <param name="row">The row's place in the list, from 0; less means 0.</param>
    /// <param name="mostRows">The largest page to ask for.</param>
    public static PageAsk From(long row, int mostRows)
    {
        row = Math.Max(0, row);
        var best = mostRows;
        for (var size = mostRows - 1; size > mostRows / 2; size--)
        {
            best = size - (row % size) > best - (row % best) ? size : best;
        }

        return new PageAsk((int)(row / best), best);
    }
}
