using System.Globalization;
using System.Text.Json;

namespace EdgeRelease.Simulation;

/// <summary>One page of a list: which, how long, in which order.</summary>
internal sealed class Page
{
    private readonly Call call;

    private Page(Call call, string defaultField, int defaultPerPage, bool isDescending)
    {
        this.call = call;
        Number = Count(call.Query.Text("page"), 0) ?? 0;
        var asked = Count(call.Query.Text("perPage"), 1) ?? defaultPerPage;
        TooLarge = asked > call.Unknowns.MaxPerPage;
        PerPage = Math.Min(asked, call.Unknowns.MaxPerPage);
        SortField = call.Query.Text("sortField") ?? defaultField;
        Descending = (call.Query.Text("sortDirection") ?? (isDescending ? "desc" : "asc")) == "desc";
    }

    private string SortField { get; }

    private int Number { get; }

    private int PerPage { get; }

    private bool TooLarge { get; }

    private bool Descending { get; }

    /// <summary>The answer with the page of a collection that a call asks for.</summary>
    public static Answer Of<T>(Call call, Collection<T> collection)
    {
        var page = new Page(
            call,
            collection.DefaultField,
            Math.Min(collection.DefaultPerPage, call.Unknowns.MaxPerPage),
            collection.IsDescending
        );
        return page.TooLarge && call.Unknowns.RefusesLargePages
            ? Answer.Invalid($"perPage must not exceed {call.Unknowns.MaxPerPage}")
            : new Answer(200, JsonText.Write(writer => page.Write(writer, collection)));
    }

    private void Write<T>(Utf8JsonWriter writer, Collection<T> collection)
    {
        var rows = collection.Rows(SortField);
        var places = Places(rows.Count);
        writer.WriteStartObject();
        writer.WriteStartArray("items");
        foreach (var place in places)
        {
            collection.Write(writer, rows[Descending ? rows.Count - 1 - place : place]);
        }

        writer.WriteEndArray();
        writer.WriteNumber("count", places.Count);
        writer.WriteNumber("totalCount", rows.Count);
        writer.WriteNumber("perPage", PerPage);
        writer.WriteNumber("page", Number);
        writer.WriteString("sortField", SortField);
        writer.WriteString("sortDirection", Descending ? "desc" : "asc");
        writer.WriteString("applicationId", call.Application.Id);
        foreach (var filter in (ReadOnlySpan<string>)["deviceId", "flowId", "version", "filterField", "filter"])
        {
            writer.WriteOptional(filter, call.Query.Text(filter));
        }

        writer.WriteString("_type", collection.Type);
        Links.OfCollection(writer, call);
        writer.WriteEndObject();
    }

    /// <summary>Which rows stand on the page, by their places in the order, after the strike.</summary>
    private List<int> Places(int total)
    {
        var strike = call.Strike;
        var start = (long)Number * PerPage;
        if (Number > 0 && start < total && strike.Takes(FaultKind.PageShift))
        {
            start += strike.Random.Next(2) == 0 ? 1 : -1;
        }

        var places = new List<int>();
        for (var place = start; place < Math.Min(total, start + PerPage); place++)
        {
            places.Add((int)place);
        }

        if (places.Count > 0 && strike.Takes(FaultKind.MissingRows))
        {
            places.RemoveAt(strike.Random.Next(places.Count));
        }

        if (places.Count > 0 && strike.Takes(FaultKind.DuplicateRows))
        {
            var twice = strike.Random.Next(places.Count);
            places.Insert(twice, places[twice]);
        }

        return places;
    }

    private static int? Count(string? text, int least) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count >= least
            ? count
            : null;
}

/// <summary>What pages are cut from.</summary>
/// <param name="Type">The collection's name.</param>
/// <param name="DefaultField">What is sorted by when a call does not say.</param>
/// <param name="Rows">All rows that match, in rising order of a field.</param>
/// <param name="Write">Writes one row.</param>
internal sealed record Collection<T>(
    string Type,
    string DefaultField,
    Func<string, IReadOnlyList<T>> Rows,
    Action<Utf8JsonWriter, T> Write
)
{
    /// <summary>The rows of a page when a call does not say.</summary>
    public int DefaultPerPage { get; init; } = 100;

    /// <summary>Whether it falls when a call does not say.</summary>
    public bool IsDescending { get; init; }
}
