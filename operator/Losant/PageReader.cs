using System.Runtime.InteropServices;
using System.Text.Json;
using EdgeRelease.Observation;

namespace EdgeRelease.Losant;

/// <summary>Reads one row of a list, from its StartObject to its EndObject.</summary>
/// <returns>The row's own id, by which the list is sorted.</returns>
internal delegate DeviceId RowReader<T>(ref Utf8JsonReader json, Words words, out T row);

/// <summary>What a page says of itself besides its rows.</summary>
/// <param name="Count">Rows on the page.</param>
/// <param name="PerPage">The most rows that a page holds, as Losant took it; never 0.</param>
/// <param name="TotalCount">All rows that match.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct PageFacts(int Count, int PerPage, int TotalCount)
{
    /// <summary>Whether there was room for more rows.</summary>
    public bool IsShort => Count < PerPage;

    /// <summary>Whether this page, by its number from 0, holds as many rows as the total says.</summary>
    public bool HasAllRowsOf(int page) => Count == Math.Clamp(TotalCount - ((long)page * PerPage), 0, PerPage);
}

/// <summary>Reads the pages of one kind of list into a harvest.</summary>
internal sealed class PageReader<T>(RowReader<T> readRow, Words words)
{
    // A million devices on pages of 100, with room to spare: more is a server that does not end.
    private const int MostPages = 20_000;
    private const int MostTotal = 2_000_000;
    private int pages;

    /// <summary>Reads one page.</summary>
    /// <param name="body">The answer.</param>
    /// <param name="perPage">The rows that were asked for, used when the answer does not echo it.</param>
    /// <param name="harvest">Takes the rows.</param>
    /// <exception cref="UnreadableException">Any part of the page cannot be read.</exception>
    public PageFacts Read(ReadOnlySpan<byte> body, int perPage, Harvest<T> harvest)
    {
        if (++pages > MostPages)
        {
            throw new UnreadableException("the list does not end");
        }

        var json = new Utf8JsonReader(body, Json.Bounds);
        json.Read();
        json.RequireObject();
        var page = new Envelope(Rows: null, Count: null, TotalCount: null, perPage);
        lock (words)
        {
            while (json.NextMember())
            {
                Member(ref json, ref page, harvest);
            }
        }

        // Bytes after the object are no page of ours: the reader throws on them here.
        json.Read();
        return page is { Rows: { } rows, TotalCount: { } total, PerPage: > 0 } && (page.Count ?? rows) == rows
            ? Bounded(new PageFacts(rows, page.PerPage, total))
            : throw new UnreadableException("the page does not hold the rows that it counts");
    }

    private void Member(ref Utf8JsonReader json, ref Envelope page, Harvest<T> harvest)
    {
        if (json.ValueTextEquals("items"u8))
        {
            page.Rows = Rows(ref json, harvest);
        }
        else if (json.ValueTextEquals("count"u8))
        {
            page.Count = json.Count();
        }
        else if (json.ValueTextEquals("totalCount"u8))
        {
            page.TotalCount = json.Count();
        }
        else if (json.ValueTextEquals("perPage"u8))
        {
            page.PerPage = json.Count() ?? page.PerPage;
        }
        else
        {
            json.Pass();
        }
    }

    private static PageFacts Bounded(PageFacts facts) =>
        facts is { TotalCount: <= MostTotal, PerPage: <= MostTotal }
            ? facts
            : throw new UnreadableException("the list does not end");

    private int Rows(ref Utf8JsonReader json, Harvest<T> harvest)
    {
        if (!json.Enter(JsonTokenType.StartArray))
        {
            throw Json.WrongType();
        }

        var read = 0;
        for (; json.NextElement(); read++)
        {
            json.RequireObject();
            var id = readRow(ref json, words, out var row);
            harvest.Add(id, row);
        }

        return read;
    }

    /// <summary>The members of a page as they come.</summary>
    [StructLayout(LayoutKind.Auto)]
    private record struct Envelope(int? Rows, int? Count, int? TotalCount, int PerPage);
}

/// <summary>What holds for the pages of every list.</summary>
internal static class PageReader
{
    /// <summary>The rows asked for on a page. Source: the largest page that Losant's own tools ask for.</summary>
    public const int MostRows = 1000;

    /// <summary>The rows on a page that is always given. Source: the documented default of perPage.</summary>
    public const int FewRows = 100;
}
