using System.Text.Json;
using EdgeRelease.Observation;

namespace EdgeRelease.Losant;

/// <summary>Reads the newest entries of a row's log. How many entries Losant keeps and in which order is not known, so
/// the date decides, and between equal dates the order that the other dates show; an entry without date or type says
/// nothing.</summary>
internal static class LogReader
{
    private enum Change
    {
        Other,
        Desired,
        Current,
    }

    /// <summary>The newest entry of each kind, from the member's name; null where the log has none.</summary>
    public static (DesiredEntry? Desired, CurrentEntry? Current) Newest(ref Utf8JsonReader json, Words words)
    {
        if (!json.Enter(JsonTokenType.StartArray))
        {
            return (null, null);
        }

        // Copies of the reader are bookmarks: only the two entries that count are read in full.
        Utf8JsonReader desired = default,
            current = default;
        DateTimeOffset? desiredAt = null,
            currentAt = null,
            before = null;
        var isOldestFirst = false;
        var reports = new Reports(stackalloc Report[Reports.Most]);
        while (json.NextElement())
        {
            json.RequireObject();
            var bookmark = json;
            var (change, at, isError) = Heading(ref json);
            isOldestFirst |= at > before;
            before = at ?? before;
            if (change == Change.Desired && IsNewer(at, desiredAt, isOldestFirst))
            {
                desiredAt = at;
                desired = bookmark;
            }
            else if (change == Change.Current)
            {
                reports.Add(new Report(at!.Value, isError));
                if (IsNewer(at, currentAt, isOldestFirst))
                {
                    currentAt = at;
                    current = bookmark;
                }
            }
        }

        return (
            desiredAt is { } wantedAt ? DesiredOf(ref desired, words, wantedAt) : null,
            currentAt is { } reportedAt
                ? CurrentOf(ref current, words, reportedAt, (reports.FourthChange, reports.RanAt))
                : null
        );
    }

    private static bool IsNewer(DateTimeOffset? at, DateTimeOffset? known, bool isOldestFirst) =>
        known is null || at > known || (isOldestFirst && at == known);

    private static (Change Change, DateTimeOffset? At, bool IsError) Heading(ref Utf8JsonReader json)
    {
        var change = Change.Other;
        var isError = false;
        DateTimeOffset? at = null;
        while (json.NextMember())
        {
            if (json.ValueTextEquals("changeType"u8))
            {
                change = ChangeOf(ref json);
            }
            else if (json.ValueTextEquals("date"u8))
            {
                at = json.Date();
            }
            else if (json.ValueTextEquals("error"u8))
            {
                json.Read();
                isError = json.TokenType != JsonTokenType.Null;
                json.Skip();
            }
            else
            {
                json.Pass();
            }
        }

        return (at is null ? Change.Other : change, at, isError);
    }

    private static Change ChangeOf(ref Utf8JsonReader json)
    {
        json.Read();
        return json.TokenType switch
        {
            JsonTokenType.String when json.ValueTextEquals("desired"u8) => Change.Desired,
            JsonTokenType.String when json.ValueTextEquals("current"u8) => Change.Current,
            JsonTokenType.String or JsonTokenType.Null => Change.Other,
            _ => throw Json.WrongType(),
        };
    }

    private static DesiredEntry DesiredOf(ref Utf8JsonReader json, Words words, DateTimeOffset at)
    {
        string? value = null,
            sourceType = null,
            sourceId = null,
            previous = null,
            previousEtag = null;
        var tellsPrevious = false;
        while (json.NextMember())
        {
            if (json.ValueTextEquals("newValue"u8))
            {
                value = json.Text(words);
            }
            else if (json.ValueTextEquals("sourceType"u8))
            {
                sourceType = json.Text(words);
            }
            else if (json.ValueTextEquals("sourceId"u8))
            {
                sourceId = json.Text(words);
            }
            else if (json.ValueTextEquals("previousValue"u8))
            {
                previous = json.Text(words);
                tellsPrevious = true;
            }
            else if (json.ValueTextEquals("previousEtag"u8))
            {
                previousEtag = json.Text(words);
            }
            else
            {
                json.Pass();
            }
        }

        return words.EntryOf(at, value, (sourceType, sourceId), (tellsPrevious, previous, previousEtag));
    }

    private static CurrentEntry CurrentOf(
        ref Utf8JsonReader json,
        Words words,
        DateTimeOffset at,
        (DateTimeOffset? FourthAt, DateTimeOffset? RanAt) before
    )
    {
        string? value = null,
            error = null,
            attempted = null,
            attemptedEtag = null;
        while (json.NextMember())
        {
            if (json.ValueTextEquals("newValue"u8))
            {
                value = json.Text(words);
            }
            else if (json.ValueTextEquals("error"u8))
            {
                error = json.ErrorText(words);
            }
            else if (json.ValueTextEquals("attemptedValue"u8))
            {
                attempted = json.Text(words);
            }
            else if (json.ValueTextEquals("attemptedEtag"u8))
            {
                attemptedEtag = json.Text(words);
            }
            else
            {
                json.Pass();
            }
        }

        return error is null
            ? new CurrentEntry(at, value, null, null, null) { FourthAt = before.FourthAt }
            : new CurrentEntry(at, null, error, attempted, attemptedEtag)
            {
                FourthAt = before.FourthAt,
                RanAt = before.RanAt,
            };
    }
}
